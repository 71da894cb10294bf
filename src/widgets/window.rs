//! Which rows of a long list are on the screen. Pure, so that it is tested without one.
//!
//! Browsers stop at some height (Firefox at 17.9 million pixels, Chromium at 33.5), which a
//! million rows pass. Above [`MOST_HEIGHT`] the scrollbar stands for a proportion of the list.
//! A proportion alone would skip rows: a turn of the wheel would pass several screens. So a
//! [`Place`] keeps two numbers. A short way is gone pixel by pixel, whatever the scrollbar
//! says; a long one (its handle was dragged) goes where the scrollbar is; and when the person
//! rests, the scrollbar is put where the place belongs. Near both ends it belongs where it would
//! be without any proportion, so that a wheel comes to the end as it does in a short list.

use std::ops::Range;

/// The greatest height that a list is given, in pixels.
pub const MOST_HEIGHT: f64 = 8_000_000.0;
/// Rows that are kept ready above and below what is seen.
const SPARE: usize = 6;
/// So many screens at once are still a short way: a wheel, a finger, a click on the scrollbar.
const SHORT_WAY: f64 = 3.0;
/// Pixels at each end of a list for which the scrollbar stands as they are.
const EDGE: f64 = 100_000.0;

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

/// A list as it is laid out, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Height of what is seen of the rows; a head that stays above them not counted.
    pub viewport: f64,
    /// Height of a row.
    pub row_height: f64,
    /// How many rows there are.
    pub count: usize,
}

/// Where a person is in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// The browser's scroll position.
    pub scroll_top: f64,
    /// The pixels of the list, at its full height, above what is seen.
    pub offset: f64,
}

impl Layout {
    /// The height of all rows.
    fn total(&self) -> f64 {
        pixels(self.count, self.row_height)
    }

    /// The greatest offset.
    fn last_offset(&self) -> f64 {
        (self.total() - self.viewport).max(0.0)
    }

    /// Whether the scrollbar stands for a proportion.
    fn is_scaled(&self) -> bool {
        self.total() > MOST_HEIGHT
    }

    /// The greatest scroll position.
    fn last_scroll_top(&self) -> f64 {
        self.last_offset().min(MOST_HEIGHT - self.viewport)
    }

    /// Where the scrollbar belongs for an offset.
    fn scroll_top(&self, offset: f64) -> f64 {
        bent(offset, self.last_offset(), self.last_scroll_top())
    }

    /// What a scrollbar stands for.
    fn offset(&self, scroll_top: f64) -> f64 {
        let offset = bent(scroll_top, self.last_scroll_top(), self.last_offset());
        offset.clamp(0.0, self.last_offset())
    }

    /// The place at which `row` is the first to be seen, or the last one of the list.
    pub fn at_row(&self, row: usize) -> Place {
        let offset = pixels(row, self.row_height).min(self.last_offset());
        Place {
            scroll_top: self.scroll_top(offset),
            offset,
        }
    }

    /// The rows that are seen whole.
    pub fn whole_rows(&self) -> usize {
        whole(self.viewport / self.row_height).max(1)
    }
}

impl Place {
    /// Where the person is after the browser has scrolled.
    #[must_use]
    pub fn scrolled(self, to: f64, layout: &Layout) -> Self {
        let way = to - self.scroll_top;
        let is_short = way.abs() <= layout.viewport * SHORT_WAY;
        let offset = if layout.is_scaled() && is_short {
            // Browsers round the positions that they are given: less than a pixel is no way.
            let way = if way.abs() < 1.0 { 0.0 } else { way };
            (self.offset + way).clamp(0.0, layout.last_offset())
        } else {
            layout.offset(to)
        };
        Self {
            scroll_top: to,
            offset,
        }
    }

    /// The same place with the scrollbar where it belongs. None if it is there already.
    pub fn settled(self, layout: &Layout) -> Option<Self> {
        let scroll_top = layout.scroll_top(self.offset);
        ((scroll_top - self.scroll_top).abs() >= 1.0).then_some(Self { scroll_top, ..self })
    }

    /// Whether the scrollbar has come to an end and the place has not, so that the person could
    /// not go on.
    pub fn is_stuck(self, layout: &Layout) -> bool {
        let last = layout.last_scroll_top();
        let (at_begin, at_end) = (self.scroll_top < 1.0, self.scroll_top > last - 1.0);
        (at_begin && self.offset > 0.0) || (at_end && self.offset < layout.last_offset())
    }

    /// The first row that is seen.
    pub fn first_row(self, layout: &Layout) -> usize {
        // A hair's breadth more, so that rounding does not fall to the row before.
        let row = whole((self.offset + 0.01) / layout.row_height);
        row.min(layout.count.saturating_sub(1))
    }

    /// The rows to draw. Never more than the viewport holds and a few.
    pub fn window(self, layout: &Layout) -> Window {
        let Layout {
            viewport,
            row_height,
            count,
        } = *layout;
        if count == 0 || row_height <= 0.0 {
            return Window {
                rows: 0..0,
                before: 0.0,
                after: 0.0,
            };
        }
        let offset = self.offset.clamp(0.0, layout.last_offset());
        let seen = whole(viewport / row_height) + 2;
        let first = whole(offset / row_height).min(count - 1);
        let end = (first + seen + SPARE).min(count);
        if !layout.is_scaled() {
            let start = first.saturating_sub(SPARE);
            return Window {
                before: pixels(start, row_height),
                after: layout.total() - pixels(end, row_height),
                rows: start..end,
            };
        }
        // The rows are laid around the scroll position; what stands above it must fit there.
        let scroll_top = self.scroll_top.clamp(0.0, MOST_HEIGHT - viewport);
        let hidden = offset - pixels(first, row_height);
        let room = whole((scroll_top - hidden) / row_height);
        let above = SPARE.min(first).min(room);
        let start = first - above;
        let before = (scroll_top - hidden - pixels(above, row_height)).max(0.0);
        let drawn = pixels(end - start, row_height);
        Window {
            rows: start..end,
            before,
            after: (MOST_HEIGHT - before - drawn).max(0.0),
        }
    }
}

/// Carries a length from a scale that ends at `last` over to one that ends at `other`: as it is
/// near both ends, in proportion between them.
fn bent(length: f64, last: f64, other: f64) -> f64 {
    if length <= EDGE || (last - other).abs() < 1.0 {
        length
    } else if length >= last - EDGE {
        other - (last - length)
    } else {
        EDGE + (length - EDGE) / (last - 2.0 * EDGE) * (other - 2.0 * EDGE)
    }
}

/// The rows to draw for a scroll position, of a list that is looked at by its scrollbar alone.
pub fn visible_range(scroll_top: f64, viewport: f64, row_height: f64, count: usize) -> Window {
    let layout = Layout {
        viewport,
        row_height,
        count,
    };
    let place = Place {
        scroll_top,
        offset: layout.offset(scroll_top),
    };
    place.window(&layout)
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

    fn list(count: usize) -> Layout {
        Layout {
            viewport: VIEW,
            row_height: ROW,
            count,
        }
    }

    /// What is seen at a place, as pixels of the whole list: begin and end of the rows drawn,
    /// and whether they cover the screen.
    fn check_covered(place: Place, layout: &Layout) {
        let window = place.window(layout);
        let drawn = pixels(window.rows.len(), ROW);
        let top = place.scroll_top.clamp(0.0, MOST_HEIGHT - VIEW);
        assert!(window.rows.len() <= 26, "{place:?} {window:?}");
        assert!(
            window.before >= 0.0 && window.before <= top + 1e-6,
            "{place:?} {window:?}"
        );
        assert!(
            window.before + drawn >= top + VIEW - 1e-6,
            "{place:?} {window:?}"
        );
        if layout.is_scaled() {
            let height = window.before + drawn + window.after;
            // Spare rows may stand out at the end, until the scrollbar is where it belongs.
            let more = height - MOST_HEIGHT;
            let spare = pixels(SPARE + 2, ROW);
            assert!((-1e-6..=spare).contains(&more), "{place:?} {window:?}");
        }
    }

    #[test]
    fn a_short_list_is_drawn_whole() {
        let window = visible_range(0.0, VIEW, ROW, 5);
        assert_eq!((window.rows, window.before, window.after), (0..5, 0.0, 0.0));
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
    fn what_is_seen_is_drawn_wherever_the_handle_is_dragged() {
        for count in [300_000, 1_000_000, 5_000_000] {
            let layout = list(count);
            let mut place = Place::default();
            let mut to = 0.0;
            while to < MOST_HEIGHT - VIEW {
                place = place.scrolled(to, &layout);
                check_covered(place, &layout);
                to += 9_973.3;
            }
            place = layout
                .at_row(count / 2)
                .scrolled(MOST_HEIGHT - VIEW, &layout);
            assert_eq!(place.window(&layout).rows.end, count);
            check_covered(place, &layout);
            place = place.scrolled(0.0, &layout);
            assert_eq!(place.first_row(&layout), 0);
        }
    }

    #[test]
    fn a_wheel_passes_every_row_of_a_million() {
        let layout = list(1_000_000);
        let mut place = layout.at_row(499_000);
        for turn in 0..400 {
            let before = place.first_row(&layout);
            place = place.scrolled(place.scroll_top + 100.0, &layout);
            check_covered(place, &layout);
            let passed = place.first_row(&layout) - before;
            assert!((2..=3).contains(&passed), "{turn}: {passed} rows");
            // Now and then the person rests.
            if turn % 7 == 0
                && let Some(settled) = place.settled(&layout)
            {
                assert_eq!(settled.offset, place.offset);
                check_covered(settled, &layout);
                // The browser tells of it, rounded.
                place = settled.scrolled(settled.scroll_top.round(), &layout);
                assert_eq!(place.offset, settled.offset);
            }
        }
        assert_eq!(place.first_row(&layout), 499_000 + 400 * 100 / 36);
    }

    #[test]
    fn the_ends_can_be_reached_with_a_wheel() {
        let layout = list(1_000_000);
        let turn = |from: usize, by: f64, is_there: fn(&Place, &Layout) -> bool| {
            let mut place = layout.at_row(from);
            let far = place.offset.min(layout.last_offset() - place.offset);
            // Without a rest, and not a turn more than in a list without any proportion.
            for _ in 0..whole(far / by.abs()) + 2 {
                let to = (place.scroll_top + by).clamp(0.0, MOST_HEIGHT - VIEW);
                place = place.scrolled(to, &layout);
                check_covered(place, &layout);
                if place.is_stuck(&layout)
                    && let Some(settled) = place.settled(&layout)
                {
                    check_covered(settled, &layout);
                    place = settled;
                }
            }
            assert!(is_there(&place, &layout), "{from}: {place:?}");
        };
        for far in [3, 300, 2_700, 2_800, 20_000] {
            turn(far, -100.0, |place, _| place.offset == 0.0);
            turn(1_000_000 - far, 100.0, |place, layout| {
                place.offset == layout.last_offset()
                    && place.window(layout).rows.end == layout.count
            });
        }
    }

    #[test]
    fn the_scrollbar_and_the_place_stand_for_each_other() {
        for count in [230_000, 1_000_000, 5_000_000] {
            let layout = list(count);
            let mut before = -1.0;
            for part in 0..=1000 {
                let offset = layout.last_offset() * f64::from(part) / 1000.0;
                let scroll_top = layout.scroll_top(offset);
                assert!(scroll_top > before && scroll_top <= MOST_HEIGHT - VIEW);
                assert!(
                    (layout.offset(scroll_top) - offset).abs() < 1e-3,
                    "{offset}"
                );
                before = scroll_top;
            }
        }
    }

    #[test]
    fn going_to_a_row_shows_it_first() {
        for count in [1000, 1_000_000] {
            let layout = list(count);
            for row in [0, 1, 2, 77, 500, 980] {
                let place = layout.at_row(row);
                assert_eq!(place.first_row(&layout), row, "{count}");
                check_covered(place, &layout);
                // The browser takes whole pixels only.
                let told = place.scrolled(place.scroll_top.round(), &layout);
                assert_eq!(told.first_row(&layout), row, "{count}");
            }
        }
        assert_eq!(list(5).at_row(4), Place::default());
    }

    #[test]
    fn a_place_beyond_a_list_that_has_become_short_is_its_end() {
        let place = list(1_000_000).at_row(900_000);
        let layout = list(100);
        assert_eq!(place.window(&layout).rows.end, 100);
        let told = place.scrolled(0.0, &layout);
        assert_eq!(told.first_row(&layout), 0);
    }
}
