//! See `tributary_fuzz::value_json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tributary_fuzz::value_json(data));
