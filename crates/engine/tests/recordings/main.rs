//! The preflight held against what real servers of four versions did with the same values.

#![allow(
    clippy::unwrap_used,
    reason = "a recording that is not as expected must fail the test"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "the engine reads no files, its tests read the recordings"
)]

mod place;
mod stamps;
mod verdict;
mod walk;
