//! The browser's clock. What "last month" means comes from the server's date instead
//! (the session's `today`); this one is for durations and file names.

use js_sys::Date;

/// Milliseconds since 1970, UTC.
pub fn now_millis() -> f64 {
    Date::now()
}

/// Today in the browser's time zone, `2026-11-22`.
pub fn today() -> String {
    let now = Date::new_0();
    format!(
        "{:04}-{:02}-{:02}",
        now.get_full_year(),
        now.get_month() + 1,
        now.get_date()
    )
}
