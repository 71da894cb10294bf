//! See `tributary_fuzz::error_body`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tributary_fuzz::error_body(data));
