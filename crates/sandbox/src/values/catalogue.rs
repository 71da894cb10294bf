//! The metadata that value rules ask for, typed and indexed.

use crate::collections::Collections;

/// An index over the metadata, built once and replaced whenever metadata changes.
#[derive(Debug, Default)]
pub struct Catalogue {}

impl Catalogue {
    /// Builds the index. Objects that lack what the rules need are left out.
    pub fn build(_collections: &Collections) -> Self {
        Self {}
    }
}
