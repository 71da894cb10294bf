//! See `tributary_fuzz::app_package`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tributary_fuzz::app_package(data));
