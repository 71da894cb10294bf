//! Which rows of a long list are on the screen. Pure, so that it is tested without one.
//!
//! Browsers stop at some height (Firefox at 17.9 million pixels), which a million rows pass.
//! Above [`MOST_HEIGHT`] the scroll position therefore stands for a proportion of the list
//! and the rows are laid where the person looks.

use std::ops::Range;

/// The greatest height that a list is given, in pixels.
pub const MOST_HEIGHT: f64 = 8_000_000.0;
/// Rows that are kept ready above and below what is seen.
const SPARE: usize = 6;

/// A stretch of rows, and the empty space that stands for the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// The rows to draw.
    pub rows: Range<usize>,
    /// Pixels above them.
    pub before: f64,
    /// Pixels below them.
    pub after: f64,
}

/// The rows to draw for a scroll position. `viewport` is the height of what is seen, all
/// measures in pixels. Never more rows than the viewport holds and a few.
pub fn visible_range(scroll_top: f64, viewport: f64, row_height: f64, count: usize) -> Window {
    if count == 0 || row_height <= 0.0 {
        return Window {
            rows: 0..0,
            before: 0.0,
            after: 0.0,
        };
    }
    let total = pixels(count, row_height);
    let scroll_top = scroll_top.clamp(0.0, (total - viewport).max(0.0));
    let seen = whole(viewport / row_height) + 2;
    if total <= MOST_HEIGHT {
        let first = whole(scroll_top / row_height).min(count - 1);
        let start = first.saturating_sub(SPARE);
        let end = (first + seen + SPARE).min(count);
        let before = pixels(start, row_height);
        return Window {
            before,
            after: total - pixels(end, row_height),
            rows: start..end,
        };
    }
    // The first row is laid exactly at the scroll position; what stands above it must fit there.
    let scroll_top = scroll_top.min(MOST_HEIGHT - viewport);
    let first = first_row(scroll_top, viewport, row_height, count);
    let above = SPARE.min(whole(scroll_top / row_height)).min(first);
    let start = first - above;
    let end = (first + seen + SPARE).min(count);
    let before = scroll_top - pixels(above, row_height);
    let after = (MOST_HEIGHT - before - pixels(end - start, row_height)).max(0.0);
    Window {
        rows: start..end,
        before,
        after,
    }
}

/// The scroll position at which `row` is the first to be seen.
pub fn scroll_position(row: usize, viewport: f64, row_height: f64, count: usize) -> f64 {
    let total = pixels(count, row_height);
    let top = pixels(row, row_height);
    if total <= MOST_HEIGHT {
        return top.min((total - viewport).max(0.0));
    }
    // Half a row more, so that rounding does not fall to the row before.
    let share = (top + row_height / 2.0) / (total - viewport);
    (share * (MOST_HEIGHT - viewport)).min(MOST_HEIGHT - viewport)
}

/// The first row that is seen at a scroll position.
pub fn first_row(scroll_top: f64, viewport: f64, row_height: f64, count: usize) -> usize {
    let total = pixels(count, row_height);
    let offset = if total <= MOST_HEIGHT {
        scroll_top
    } else {
        let share = (scroll_top / (MOST_HEIGHT - viewport)).clamp(0.0, 1.0);
        share * (total - viewport)
    };
    whole(offset / row_height).min(count.saturating_sub(1))
}

#[expect(clippy::cast_precision_loss, reason = "row numbers are far below 2^52")]
fn pixels(rows: usize, row_height: f64) -> f64 {
    rows as f64 * row_height
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded down, and negative ones to 0"
)]
fn whole(number: f64) -> usize {
    number.max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: f64 = 36.0;
    const VIEW: f64 = 400.0;

    #[test]
    fn a_short_list_is_drawn_whole() {
        let window = visible_range(0.0, VIEW, ROW, 5);
        assert_eq!(
            window,
            Window {
                rows: 0..5,
                before: 0.0,
                after: 0.0
            }
        );
        assert_eq!(visible_range(0.0, VIEW, ROW, 0).rows, 0..0);
    }

    #[test]
    fn drawn_and_empty_space_make_the_whole_height() {
        for scroll_top in [0.0, 17.0, 1234.5, 35_600.0, 99_999.0] {
            let window = visible_range(scroll_top, VIEW, ROW, 1000);
            let drawn = pixels(window.rows.len(), ROW);
            assert!(
                (window.before + drawn + window.after - 36_000.0).abs() < 1e-6,
                "{window:?}"
            );
            assert!(window.rows.len() <= 26, "{window:?}");
        }
    }

    #[test]
    fn what_is_seen_is_drawn_at_every_position_of_a_million_rows() {
        let count = 1_000_000;
        let mut scroll_top = 0.0;
        while scroll_top < MOST_HEIGHT - VIEW {
            let window = visible_range(scroll_top, VIEW, ROW, count);
            let bottom = window.before + pixels(window.rows.len(), ROW);
            assert!(
                window.before >= 0.0 && window.before <= scroll_top + 1e-6,
                "{scroll_top} {window:?}"
            );
            assert!(
                bottom >= scroll_top + VIEW || window.rows.end == count,
                "{scroll_top} {window:?}"
            );
            assert!(window.rows.len() <= 26, "{window:?}");
            scroll_top += 9_973.3;
        }
    }

    #[test]
    fn the_last_of_a_million_rows_can_be_reached() {
        let window = visible_range(MOST_HEIGHT, VIEW, ROW, 1_000_000);
        assert_eq!(window.rows.end, 1_000_000);
    }

    #[test]
    fn going_to_a_row_shows_it_first() {
        for count in [1000, 1_000_000] {
            for row in [0, 1, 2, 77, 500, 980] {
                let position = scroll_position(row, VIEW, ROW, count);
                assert_eq!(first_row(position, VIEW, ROW, count), row, "{count}");
            }
        }
    }
}
