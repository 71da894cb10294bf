//! Pictures beside words, drawn as lines on a 24 × 24 grid. They say nothing that the words
//! beside them do not say, so readers pass over them.

use leptos::prelude::*;

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconKind {
    /// A grid of apps.
    Apps,
    /// A tick.
    Check,
    /// A closed part that can be opened, in reading direction.
    ChevronRight,
    /// An open part.
    ChevronDown,
    /// Close.
    Cross,
    /// A file to take away.
    Download,
    /// Change something.
    Edit,
    /// It does not work.
    Error,
    /// Two ways.
    Exchange,
    /// The start page.
    Home,
    /// Into a tray.
    Import,
    /// Good to know.
    Info,
    /// A chain.
    Link,
    /// Out through a door.
    LogOut,
    /// One more.
    Plus,
    /// Once more.
    Refresh,
    /// A magnifying glass.
    Search,
    /// Sliders.
    Settings,
    /// A bin.
    Trash,
    /// A person.
    User,
    /// All is well.
    Valid,
    /// Take care.
    Warning,
}

impl IconKind {
    fn path(self) -> &'static str {
        match self {
            Self::Apps => {
                "M5 5h3v3H5zM16 5h3v3h-3zM5 16h3v3H5zM16 16h3v3h-3zM10.5 5h3v3h-3zM10.5 16h3v3h-3zM5 10.5h3v3H5zM10.5 10.5h3v3h-3zM16 10.5h3v3h-3z"
            }
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::ChevronRight => "M9.5 6l6 6-6 6",
            Self::ChevronDown => "M6 9.5l6 6 6-6",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Download => "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
            Self::Edit => "M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5z",
            Self::Error => "M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM12 7.5v5.5M12 16v.6",
            Self::Exchange => "M4 8.5h15M15 4.5l4 4-4 4M20 15.5H5M9 11.5l-4 4 4 4",
            Self::Home => "M4 11l8-7 8 7M6.5 9.5V20h11V9.5",
            Self::Import => "M12 3v11M7.5 10l4.5 4.5 4.5-4.5M4 14v6h16v-6",
            Self::Info => "M12 3a9 9 0 1 0 .01 0zM12 11v6M12 7.2v.6",
            Self::Link => {
                "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2"
            }
            Self::LogOut => "M13 4H5v16h8M10 12h10M16.5 8l4 4-4 4",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Refresh => "M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 4v4.5H15",
            Self::Search => "M10.5 4.5a6 6 0 1 0 .01 0zM15 15l5 5",
            Self::Settings => "M4 8h8M16 8h4M14 6v4M4 16h4M12 16h8M10 14v4",
            Self::Trash => "M5 7h14M9.5 7V4h5v3M7 7l.8 13h8.4L17 7",
            Self::User => "M12 4a4 4 0 1 0 .01 0zM4.5 20c.5-4 3.5-6 7.5-6s7 2 7.5 6",
            Self::Valid => "M12 3a9 9 0 1 0 .01 0zM8 12.3l3 3 5-5.6",
            Self::Warning => "M12 4l9 16H3zM12 10v5M12 17v.6",
        }
    }
}

/// A picture in the colour of the words around it.
#[component]
pub fn Icon(
    /// Which one.
    kind: IconKind,
) -> impl IntoView {
    let is_directed = matches!(kind, IconKind::ChevronRight | IconKind::LogOut);
    view! {
        <svg class="icon" class:icon-directed=is_directed viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=kind.path()></path>
        </svg>
    }
}
