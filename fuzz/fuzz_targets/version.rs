//! See `tributary_fuzz::version`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tributary_fuzz::version(data));
