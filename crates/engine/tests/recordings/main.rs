//! The preflight held against what real servers of four versions did with the same values.

#![allow(
    clippy::unwrap_used,
    reason = "a recording that is not as expected must fail the test"
)]

mod place;
mod verdict;
mod walk;
