//! What a person lacks who cannot import, and who can give it.

use crate::text::t;
use crate::widgets::{Notice, NoticeKind};
use leptos::prelude::*;
use tributary_exchange::questions::session::Rights;

/// Something that is needed for an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The app's own authority.
    App,
    /// The authority to add data values.
    DataValues,
    /// An org unit to capture data for.
    OrgUnits,
}

impl Missing {
    fn key(self) -> &'static str {
        match self {
            Self::App => "import.missingApp",
            Self::DataValues => "import.missingDataValues",
            Self::OrgUnits => "import.missingOrgUnits",
        }
    }
}

/// What these rights lack, in the order in which an administrator gives it.
pub fn missing(rights: &Rights) -> Vec<Missing> {
    [
        (rights.use_app, Missing::App),
        (rights.add_values, Missing::DataValues),
        (rights.has_org_units, Missing::OrgUnits),
    ]
    .into_iter()
    .filter_map(|(is_there, what)| (!is_there).then_some(what))
    .collect()
}

/// Says what is missing; nothing where nothing is.
#[component]
pub fn MissingRights(
    /// The person's rights.
    rights: Rights,
) -> impl IntoView {
    let missing = missing(&rights);
    (!missing.is_empty()).then(|| {
        view! {
            <Notice kind=NoticeKind::Warning title=t("import.missingTitle")>
                <ul class="import-list">
                    {missing.into_iter().map(|what| view! { <li>{t(what.key())}</li> }).collect_view()}
                </ul>
                <p>{t("import.missingAdvice")}</p>
            </Notice>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_missing_is_named() {
        let all = Rights {
            use_app: true,
            add_values: true,
            has_org_units: true,
            ..Rights::default()
        };
        assert_eq!(missing(&all), []);
        assert_eq!(
            missing(&Rights {
                add_values: false,
                ..all.clone()
            }),
            [Missing::DataValues]
        );
        assert_eq!(
            missing(&Rights::default()),
            [Missing::App, Missing::DataValues, Missing::OrgUnits]
        );
    }
}
