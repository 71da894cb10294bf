//! `cargo xtask mutate`: breaks one rule at a time and looks whether a test notices.
//!
//! `tests/mutations/list.json` names some rules of client, engine, sandbox and use cases: the file, the
//! exact text, what it is changed to, and the tests that have to fail then. It works on a copy
//! of what is committed, below the target folder; nothing of the checkout is touched. It
//! takes many minutes, so it is no step of `cargo xtask test`.

use crate::build::cargo_target_folder;
use crate::workspace::root;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const LIST: &str = "tests/mutations/list.json";
/// What the last test said, in the target folder.
const WORDS: &str = "words.txt";
/// A changed rule may make a test run for ever.
const PATIENCE: Duration = Duration::from_secs(600);

/// What `cargo xtask mutate` takes.
#[derive(clap::Args)]
pub struct Options {
    /// Only mutations whose name, file or tests hold this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// One rule and how to break it.
#[derive(Debug)]
struct Mutation {
    name: String,
    file: String,
    old: String,
    new: String,
    /// Arguments of `cargo test`.
    test: Vec<String>,
}

/// What became of a broken rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// A test failed, as it should.
    Killed,
    /// No test noticed.
    Survived,
    /// The text is not there, or more than once.
    NotFound,
    /// What comes of the change does not compile, so it says nothing.
    DoesNotCompile,
}

/// Breaks every rule of the list and prints what became of each.
pub fn run(options: &Options) -> Result<()> {
    let list =
        fs::read_to_string(root().join(LIST)).with_context(|| format!("cannot read {LIST}"))?;
    let mut mutations = read_list(&list)?;
    if let Some(part) = &options.only {
        mutations.retain(|one| {
            let test = one.test.join(" ");
            [&one.name, &one.file, &test]
                .iter()
                .any(|text| text.contains(part.as_str()))
        });
    }
    let copy = cargo_target_folder().join("mutations/copy");
    copy_of_what_is_committed(&copy)?;
    let commands: BTreeSet<&[String]> = mutations.iter().map(|one| one.test.as_slice()).collect();
    for test in commands {
        if !passes(&copy, test)? {
            bail!(
                "fails before anything is broken: cargo test {}",
                test.join(" ")
            );
        }
    }
    let mut fates = Vec::new();
    for mutation in &mutations {
        let began = Instant::now();
        let fate = try_one(&copy, mutation)?;
        let seconds = began.elapsed().as_secs();
        println!(
            "{:<16} {:<60} {seconds:>4} s{}",
            format!("{fate:?}"),
            mutation.name,
            found_by().map_or_else(String::new, |seed| format!(" by {seed}")),
        );
        fates.push(fate);
    }
    let killed = fates.iter().filter(|fate| **fate == Fate::Killed).count();
    println!("{killed} of {} killed", fates.len());
    if killed < fates.len() {
        bail!("{} broken rules were not noticed", fates.len() - killed);
    }
    Ok(())
}

/// Breaks one rule in the copy, tests, and mends it again.
fn try_one(copy: &Path, mutation: &Mutation) -> Result<Fate> {
    let path = copy.join(&mutation.file);
    let text = fs::read_to_string(&path).unwrap_or_default();
    if text.matches(&mutation.old).count() != 1 {
        return Ok(Fate::NotFound);
    }
    // Cargo goes by the times of files, which are coarse on some systems.
    sleep(Duration::from_secs(1));
    fs::write(&path, text.replacen(&mutation.old, &mutation.new, 1))?;
    let fate = fate(copy, mutation);
    fs::write(&path, text)?;
    fate
}

fn fate(copy: &Path, mutation: &Mutation) -> Result<Fate> {
    let mut only_compile = mutation.test.clone();
    only_compile.insert(0, "--no-run".to_owned());
    Ok(if !passes(copy, &only_compile)? {
        Fate::DoesNotCompile
    } else if passes(copy, &mutation.test)? {
        Fate::Survived
    } else {
        Fate::Killed
    })
}

/// Whether `cargo test` with these arguments ends well, and in time.
fn passes(copy: &Path, arguments: &[String]) -> Result<bool> {
    fs::create_dir_all(target())?;
    let words = fs::File::create(target().join(WORDS))?;
    let mut child = Command::new("cargo")
        .args(["test", "--quiet", "--locked"])
        .args(arguments)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target())
        .env("RUST_BACKTRACE", "0")
        // A snapshot that differs is a failure, not a file to be looked at.
        .env("INSTA_UPDATE", "no")
        .stdout(words)
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start cargo")?;
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if began.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        sleep(Duration::from_millis(100));
    }
}

/// The seed of the simulation that noticed, where it was one.
fn found_by() -> Option<String> {
    let words = fs::read_to_string(target().join(WORDS)).ok()?;
    let line = words.lines().find(|line| line.starts_with("seed "))?;
    Some(line.split(':').next()?.to_owned())
}

/// All mutations share a target folder, which is none of the checkout's.
fn target() -> PathBuf {
    cargo_target_folder().join("mutations/target")
}

fn read_list(text: &str) -> Result<Vec<Mutation>> {
    let list: Vec<Value> =
        serde_json::from_str(text).with_context(|| format!("{LIST} is no list"))?;
    list.iter()
        .map(|entry| {
            let member = |name: &str| {
                let text = entry[name].as_str().map(str::to_owned);
                text.with_context(|| format!("{LIST}: an entry lacks {name}: {entry}"))
            };
            Ok(Mutation {
                name: member("name")?,
                file: member("file")?,
                old: member("old")?,
                new: member("new")?,
                test: member("test")?
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect(),
            })
        })
        .collect()
}

/// Makes the copy equal to what is committed. Files that are equal keep their time, so that
/// only what changed is compiled again.
fn copy_of_what_is_committed(copy: &Path) -> Result<()> {
    let listed = git(&["ls-tree", "-r", "--name-only", "-z", "HEAD"])?;
    let listed = String::from_utf8(listed).context("a file's name is not UTF-8")?;
    let names: BTreeSet<&str> = listed.split('\0').filter(|name| !name.is_empty()).collect();
    for name in &names {
        let content = git(&["show", &format!("HEAD:{name}")])?;
        let path = copy.join(name);
        if fs::read(&path).is_ok_and(|there| there == content) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, content)?;
    }
    remove_others(copy, "", &names)
}

/// Removes from the copy what is not committed any more.
fn remove_others(folder: &Path, prefix: &str, names: &BTreeSet<&str>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            remove_others(&entry.path(), &format!("{name}/"), names)?;
        } else if !names.contains(name.as_str()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn git(arguments: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root())
        .output()
        .context("cannot start git")?;
    if !output.status.success() {
        bail!(
            "git {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_and_every_rule_is_really_changed() {
        let list = fs::read_to_string(root().join(LIST)).unwrap();
        let mutations = read_list(&list).unwrap();
        assert!(mutations.len() >= 20, "{}", mutations.len());
        for mutation in &mutations {
            assert_ne!(mutation.old, mutation.new, "{}", mutation.name);
            assert_eq!(mutation.test.first().map(String::as_str), Some("-p"));
        }
        let names: BTreeSet<&str> = mutations.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names.len(), mutations.len());
    }

    #[test]
    fn the_rules_of_the_list_are_where_it_says() {
        let list = fs::read_to_string(root().join(LIST)).unwrap();
        for mutation in read_list(&list).unwrap() {
            let text = fs::read_to_string(root().join(&mutation.file)).unwrap();
            assert_eq!(
                text.matches(&mutation.old).count(),
                1,
                "{}: {:?} in {}",
                mutation.name,
                mutation.old,
                mutation.file
            );
        }
    }
}
