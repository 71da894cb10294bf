//! The app's service against sandboxes in this process: whole imports, on every version, on good days and bad.
//!
//! One program for all of them: each test program links the service and the sandbox once more, and takes 55 MB.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod browse;
mod calendars;
mod cleared;
mod combined;
mod edited_here;
mod first_path;
mod killed;
mod lost_answers;
mod narrow_account;
mod one_percent;
mod pause;
mod refused_requests;
mod rules;
mod sharing;
mod support;
mod two_people;
