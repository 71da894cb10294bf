//! `docs/performance.md`: what was measured, where, and how to repeat it.

use super::Section;
use crate::workspace::root;
use anyhow::{Context, Result};
use std::fs;

const HEAD: &str = "# Performance

Written by `cargo xtask bench --write`; `cargo xtask bench` measures again and writes nothing. Times are those of one machine,
so nothing fails for being slow; wrong counts and bytes over the budget do fail. What is compared is what was measured in one go.
";

const FOOT: &str = "## How it is measured

**Reading and comparing.** `crates/bench` does with the two CSV bodies of a slice what the app does with them: reads them piece by piece, maps, checks
what data entry would refuse, compares, sorts, and keeps the plan. It is compiled as the app is (release profile, wasm-opt). The alternative is
[plain.js](../tests/bench/plain.js), which does the same as one would write it: `JSON.parse`, an object for each value, Maps of ids and of joined ids. It reads the JSON that
most tools ask for; the CSV, so that formats are not what is compared; and the JSON of all values in one answer for each side, as a tool does that knows of no
slices. The [data](../tests/bench/data.js) are made from a fixed seed in the shape that DHIS2 2.42 sends, 10 000 values of each side to a slice.
Every measurement has a new Web Worker, as the app's engine has one. A slice's bodies are in its memory before its time begins, so that
neither the server nor the line counts; the time is that from the first byte to the plan, and who begins changes from round to round. Processor time is that of
the page's process with all its threads, so that what the compiler and the collector do beside the Worker counts; for fetching, too. Memory is measured with
a browser for each, and without Playwright: it listens to the network, and then the page's process keeps copies of up to 200 MB of bodies. The engine has its bodies
come in as the app has, gzipped, and unpacked by the browser piece by piece; plain JavaScript needs them whole, and has the buffers used again. What stays is
`performance.measureUserAgentSpecificMemory()` of page and Worker, and the wasm's linear memory, which that leaves out; at most is what the page's process took,
looked at forty times a second, beyond what it takes for an empty page: Worker and compiled code count, the browser's own program file does not (Linux only). More or fewer values: `--values`.

**The cost of a value.** The same steps and data, natively ([native.rs](../crates/bench/examples/native.rs)), each run in a process of its own, with
the release profile. `cargo xtask bench --only native` measures this alone.

**First usable screen.** The built bundle in the sandbox (DHIS2 2.42 with the sample country), a new Chromium for each visit, logged in as a district
clerk, then the app's address. Chromium's developer tools slow down the line of the page and of its Worker, and the processor of the page; the
Worker's processor they cannot slow down. The latency is added to each request; that a connection has to be made first is not counted.
Usable: heading and list (or the words that there is nothing yet) of the Import screen are drawn and the page has time for input. Bytes are
those on the wire with response headers, until nothing has come for 1.5 s.

**The app's memory.** The built bundle in the sandbox, as a person has it: logged in, the exchange opened, *Read figures* pressed. Both sides make up
their values as they are asked for ([app-memory.mjs](../tests/bench/app-memory.mjs)); most are the same, a twentieth differs. Measured as above.

**Browsing a plan.** The built bundle in the sandbox; the source is the sandbox too, but makes up its values as they are asked for
([browse-servers.mjs](../tests/bench/browse-servers.mjs)). [browse.mjs](../tests/bench/browse.mjs) does with the plan what a person does with wheel, scrollbar, keys,
heads, lists and boxes. Processor time is that of Chromium's own trace; the page's `PerformanceObserver` tells of tasks over 50 ms, `requestAnimationFrame` of the time between frames.
The engine's Worker is not the page: while it sorts, the page draws on.
";

/// Processor, memory and browser, in a line.
pub(super) fn machine(sections: &[Section]) -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cpu = read("/proc/cpuinfo");
    let model = field(&cpu, "model name").unwrap_or("processor of unknown kind");
    let memory = read("/proc/meminfo");
    let memory = field(&memory, "MemTotal")
        .and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok())
        .map_or_else(String::new, |kib| {
            format!(", {:.0} GB memory", kib * 1024.0 / 1e9)
        });
    let load = read("/proc/loadavg");
    let load = load
        .split_whitespace()
        .next()
        .map_or_else(String::new, |load| {
            format!(", load average {load} at the end")
        });
    let chromium = sections
        .iter()
        .map(|section| section.chromium.as_str())
        .find(|release| !release.is_empty())
        .unwrap_or("unused");
    format!(
        "{}, {cores} × {model}{memory}, Chromium {chromium}{load}",
        std::env::consts::OS
    )
}

/// Writes the paper.
pub(super) fn write(machine: &str, sections: &[Section]) -> Result<()> {
    let mut text = format!("{HEAD}\nMachine: {machine}.\n");
    for section in sections {
        text.push('\n');
        text.push_str(&section.text);
    }
    text.push('\n');
    text.push_str(FOOT);
    let path = root().join("docs/performance.md");
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    println!("Written: {}", path.display());
    Ok(())
}

/// The value of the first `name : value` line.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_of_linux() {
        let text = "processor\t: 0\nmodel name\t: A CPU\nmodel name\t: Another\n";
        assert_eq!(field(text, "model name"), Some("A CPU"));
        assert_eq!(field(text, "MemTotal"), None);
    }
}
