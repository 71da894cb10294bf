//! Metadata as the server keeps it: for each collection (`dataElements`,
//! `organisationUnits` …) the objects by uid, as JSON in the shape of
//! `POST /api/metadata`. Everything that needs typed access (rights, value
//! rules, org-unit tree) builds its own index from this.

use indexmap::IndexMap;
use serde_json::Value;

/// Collection name (plural, as in the API path) → uid → object.
pub type Collections = IndexMap<String, IndexMap<String, Value>>;
