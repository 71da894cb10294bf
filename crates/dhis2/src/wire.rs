//! Shapes that many answers of DHIS2 share, and readers that take what any version writes.

use serde::{Deserialize, Deserializer};

/// DHIS2's envelope around answers and errors ("WebMessage"). Jetty's and Spring's own error
/// objects have a `message` as well and are read by this, too.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct WebMessage {
    #[serde(deserialize_with = "null_to_default")]
    pub(crate) message: String,
    pub(crate) error_code: Option<String>,
    pub(crate) response: Option<ObjectReport>,
    /// Jetty's error object names the address that it looked for.
    pub(crate) url: Option<String>,
}

/// What a create or update of one object answers.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ObjectReport {
    pub(crate) uid: Option<String>,
    #[serde(deserialize_with = "null_to_default")]
    pub(crate) error_reports: Vec<ErrorReport>,
}

/// One fault of an object.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ErrorReport {
    #[serde(deserialize_with = "null_to_default")]
    pub(crate) message: String,
    pub(crate) error_code: Option<String>,
}

/// A reference to another object: `{"id": "…"}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reference {
    id: Option<String>,
}

/// `null` counts as missing.
pub(crate) fn null_to_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// The id of `{"id": "…"}`; `None` for `null` and for an object without one.
pub(crate) fn id_of<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(Option::<Reference>::deserialize(deserializer)?.and_then(|reference| reference.id))
}

/// The ids of `[{"id": "…"}, …]`; entries without an id are left out.
pub(crate) fn ids_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::<Vec<Reference>>::deserialize(deserializer)?
        .unwrap_or_default()
        .into_iter()
        .filter_map(|reference| reference.id)
        .collect())
}

/// The day of a timestamp: `2025-06-30` of `2025-06-30T00:00:00.000`. DHIS2 writes these
/// dates at midnight of its own day, without a zone.
pub(crate) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?
        .map(|text| text.chars().take(10).collect::<String>())
        .filter(|text| !text.is_empty()))
}
