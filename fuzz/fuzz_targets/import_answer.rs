//! See `tributary_fuzz::import_answer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tributary_fuzz::import_answer(data));
