//! What screens are made of, in DHIS2's look: props in, events out. Widgets know nothing of
//! DHIS2 or of the app's state; of the app they use only its texts, for what a widget itself says.

mod alert_bar;
mod button;
mod card;
mod check_list;
mod checkbox;
mod dialog;
mod empty_state;
mod field;
mod icon;
mod input;
mod loader;
mod notice;
mod org_unit_tree;
mod pick_list;
mod radio_cards;
mod search;
mod select;
mod stepper;
mod tabs;
mod tag;
mod virtual_table;
mod window;

pub use alert_bar::{Alert, AlertBar, AlertKind};
pub use button::{Button, ButtonKind, LinkButton};
pub use card::Card;
pub use check_list::CheckList;
pub use checkbox::Checkbox;
pub use dialog::Dialog;
pub use empty_state::EmptyState;
pub use field::Field;
pub use icon::{Icon, IconKind};
pub use input::{PasswordInput, TextInput};
pub use loader::{Loader, LoaderSize, ProgressBar};
pub use notice::{Notice, NoticeKind};
pub use org_unit_tree::{OrgUnitTree, Tick, Ticks, TreeUnit, UnitTree};
pub use pick_list::{OptionSource, Options, PickList, PickOption};
pub use radio_cards::{RadioCard, RadioCards};
pub use search::fold;
pub use select::{Choice, Select};
pub use stepper::{Step, Stepper};
pub use tabs::{Tab, Tabs};
pub use tag::{Tag, TagKind};
pub use virtual_table::{Cell, Column, Row, RowSource, Rows, Sorted, VirtualTable};
pub use window::{Window, visible_range};

use std::sync::atomic::{AtomicU32, Ordering};

/// An id that no other element of the page has.
pub fn unique_id(name: &str) -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("{name}-{}", LAST.fetch_add(1, Ordering::Relaxed))
}
