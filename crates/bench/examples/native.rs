//! The same steps as in the browser, compiled for this machine: reads a setting and the bodies
//! of its slices from the standard input and tells as JSON how long each step took.
//! `cargo xtask bench` feeds it (`tests/bench/native.mjs`).
//!
//! The input is a row of blocks, each its length in four bytes, the lowest first, and then
//! itself: the setting as JSON, then for each slice the source's and the destination's CSV.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use tributary_bench::Comparison;

/// Bytes of a piece: as many as browsers give at a time at most.
const PIECE: usize = 65_536;

fn main() {
    match measure(&mut io::stdin().lock()) {
        Ok(told) => println!("{told}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}

fn measure(input: &mut impl Read) -> Result<String, String> {
    let setting = block(input)?.ok_or("no setting")?;
    let setting = String::from_utf8(setting).map_err(|error| error.to_string())?;
    let mut comparison = Comparison::new(&setting)?;
    let mut times = [Duration::ZERO; 3];
    for index in 0..comparison.slices() {
        let (Some(source), Some(present)) = (block(input)?, block(input)?) else {
            return Err(format!("slice {index} is missing"));
        };
        let begin = Instant::now();
        for piece in source.chunks(PIECE) {
            comparison.push_source(piece);
        }
        for piece in present.chunks(PIECE) {
            comparison.push_present(piece);
        }
        let sides = comparison.finish()?;
        let read = Instant::now();
        let planned = comparison.compare(index, &sides)?;
        let compared = Instant::now();
        comparison.keep(planned)?;
        drop(sides);
        let kept = Instant::now();
        times[0] += read - begin;
        times[1] += compared - read;
        times[2] += kept - compared;
    }
    let [read, compare, plan] = times.map(|time| time.as_secs_f64() * 1e3);
    Ok(format!(
        r#"{{"read":{read:.3},"compare":{compare:.3},"plan":{plan:.3},"planBytes":{},"counts":{}}}"#,
        comparison.plan_bytes(),
        comparison.counts()?
    ))
}

/// The next block; none at the end.
fn block(input: &mut impl Read) -> Result<Option<Vec<u8>>, String> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other.map_err(|error| error.to_string())?,
    }
    let mut block = vec![0; u32::from_le_bytes(length) as usize];
    input
        .read_exact(&mut block)
        .map_err(|error| error.to_string())?;
    Ok(Some(block))
}
