//! A screen may hold the person back from leaving it, to ask whether what is unsaved may go.

use super::Route;
use std::cell::RefCell;
use std::rc::Rc;

type Guard = Rc<dyn Fn(&Route) -> bool>;

#[derive(Default)]
struct Held {
    last_id: u32,
    guard: Option<(u32, Guard)>,
}

thread_local! {
    static HELD: RefCell<Held> = RefCell::default();
}

/// From now on `guard` is asked before another screen is shown; it answers whether the person
/// is held back. Gives back what [`release`] takes.
pub fn hold(guard: impl Fn(&Route) -> bool + 'static) -> u32 {
    HELD.with_borrow_mut(|held| {
        held.last_id = held.last_id.wrapping_add(1);
        held.guard = Some((held.last_id, Rc::new(guard)));
        held.last_id
    })
}

/// Ends a hold; one that another screen has replaced is over already.
pub fn release(id: u32) {
    HELD.with_borrow_mut(|held| {
        if held.guard.as_ref().is_some_and(|(own, _)| *own == id) {
            held.guard = None;
        }
    });
}

/// Whether the person is held back from going to this screen.
pub(super) fn is_held(next: &Route) -> bool {
    // The guard may hold or release in its turn, so nothing stays borrowed while it is asked.
    let guard = HELD.with_borrow(|held| held.guard.as_ref().map(|(_, guard)| Rc::clone(guard)));
    guard.is_some_and(|guard| guard(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_hold_counts_until_its_own_release() {
        let first = hold(|_| true);
        assert!(is_held(&Route::Import));
        let second = hold(|next| *next != Route::Import);
        release(first);
        assert!(!is_held(&Route::Import) && is_held(&Route::Exchanges));
        release(second);
        assert!(!is_held(&Route::Exchanges));
    }
}
