//! The command: `simulation --seeds 1000`, and `simulation --seed 17` to look at one.

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

#[derive(Parser)]
#[command(
    name = "simulation",
    about = "Lives through seeds: the whole engine against model servers, with faults, kills and other people at work."
)]
struct Arguments {
    /// How many seeds.
    #[arg(long, value_name = "NUMBER", default_value_t = 1000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    from: u64,
    /// Only this one, with all that happens in it.
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(seed) = arguments.seed {
        let told = tributary_simulation::run(seed);
        told.trace.iter().for_each(|line| println!("{line}"));
        println!("seed {seed}: {}", told.summary());
        return finish(told.violations.len());
    }
    let began = Instant::now();
    let (mut failing, mut sum) = (0, tributary_simulation::Told::default());
    for seed in arguments.from..arguments.from.saturating_add(arguments.seeds) {
        let told = tributary_simulation::run(seed);
        if !told.violations.is_empty() {
            failing += 1;
            println!("seed {seed}: {}", told.summary());
            println!("  again: cargo xtask simulate --seed {seed}");
        }
        sum.add(told);
    }
    let seconds = began.elapsed().as_secs();
    println!(
        "{} seeds in {seconds} s, {failing} failing: {}",
        arguments.seeds,
        sum.numbers()
    );
    finish(failing)
}

fn finish(failing: usize) -> ExitCode {
    if failing == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
