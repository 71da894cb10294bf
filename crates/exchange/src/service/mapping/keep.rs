//! The choices of a mapping, and how they are kept: one key per part, long parts over
//! several keys, each with its revision.

use futures_util::future::join_all;
use indexmap::IndexMap;
use tributary_dhis2::{Client, Failure, Transport};

use crate::problem::Problem;
use crate::questions::mapping::MappingPart;
use crate::service::store;
use crate::stored::connection::Writers;
use crate::stored::mapping::{ENTRIES_PER_KEY, StoredMappingPart};
use crate::stored::{NAMESPACE, SCHEMA, mapping_key};

/// Source key → destination key, or none when it is left out on purpose.
pub(in crate::service) type PartChoices = IndexMap<String, Option<String>>;

/// What is chosen in all parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::service) struct Choices {
    parts: [PartChoices; 4],
}

impl Choices {
    pub(in crate::service) fn part(&self, part: MappingPart) -> &PartChoices {
        &self.parts[super::place_of(part)]
    }

    pub(in crate::service) fn part_mut(&mut self, part: MappingPart) -> &mut PartChoices {
        &mut self.parts[super::place_of(part)]
    }
}

/// What is stored, with what is needed to store it again.
#[derive(Clone, Debug, Default)]
pub(in crate::service) struct Kept {
    pub(in crate::service) choices: Choices,
    /// Revisions of the keys of each part; none for a part that is not stored yet.
    revisions: [Vec<u32>; 4],
    connection: String,
}

/// Reads the mapping of a connection; an empty one when none is stored. `keys` are the
/// mapping keys that there are.
pub(in crate::service) async fn load<T: Transport>(
    client: &Client<T>,
    connection: &str,
    keys: &[String],
) -> Result<Kept, Failure> {
    let parts = MappingPart::ALL.map(|part| load_part(client, connection, part, keys));
    let mut kept = Kept {
        connection: connection.to_owned(),
        ..Kept::default()
    };
    for (place, part) in join_all(parts).await.into_iter().enumerate() {
        let (choices, revisions) = part?;
        kept.choices.parts[place] = choices;
        kept.revisions[place] = revisions;
    }
    Ok(kept)
}

async fn load_part<T: Transport>(
    client: &Client<T>,
    connection: &str,
    part: MappingPart,
    keys: &[String],
) -> Result<(PartChoices, Vec<u32>), Failure> {
    let mut choices = PartChoices::new();
    let mut revisions = Vec::new();
    for page in 0.. {
        let key = mapping_key(connection, part.name(), page);
        if !keys.contains(&key) {
            break;
        }
        let stored: Option<StoredMappingPart> = client.stored(NAMESPACE, &key).await?;
        let Some(stored) = stored else { break };
        revisions.push(stored.revision);
        for entry in stored.entries {
            let mut entry = entry.into_iter();
            if let Some(source) = entry.next() {
                choices.insert(source, entry.next());
            }
        }
    }
    Ok((choices, revisions))
}

/// The mapped data sets of a connection: source and destination uid.
pub(in crate::service) async fn data_set_pairs<T: Transport>(
    client: &Client<T>,
    connection: &str,
    keys: &[String],
) -> Result<Vec<(String, String)>, Failure> {
    let (choices, _) = load_part(client, connection, MappingPart::DataSets, keys).await?;
    Ok(choices
        .into_iter()
        .filter_map(|(source, target)| Some((source, target?)))
        .collect())
}

/// Whether the person may change what is stored; yes when nothing is stored yet.
pub(in crate::service) async fn may_write<T: Transport>(
    client: &Client<T>,
    kept: &Kept,
) -> Result<bool, Failure> {
    for (place, part) in MappingPart::ALL.into_iter().enumerate() {
        if !kept.revisions[place].is_empty() {
            let key = mapping_key(&kept.connection, part.name(), 0);
            return Ok(client.stored_meta(NAMESPACE, &key).await?.may_write);
        }
    }
    Ok(true)
}

/// Stores the parts that changed. Each key is compared with the revision that was read;
/// the first one that somebody else has stored in between ends the saving, and what the
/// person did stays in the working copy. `kept` learns of every key that was stored, also
/// where a later one fails.
pub(in crate::service) async fn store<T: Transport>(
    client: &Client<T>,
    choices: &Choices,
    kept: &mut Kept,
    writers: &Writers,
) -> Result<(), Problem> {
    for (place, part) in MappingPart::ALL.into_iter().enumerate() {
        if choices.parts[place] == kept.choices.parts[place] && !kept.revisions[place].is_empty() {
            continue;
        }
        let entries: Vec<Vec<String>> = choices.parts[place]
            .iter()
            .map(|(source, target)| {
                std::iter::once(source.clone())
                    .chain(target.clone())
                    .collect()
            })
            .collect();
        let mut pages: Vec<&[Vec<String>]> = entries.chunks(ENTRIES_PER_KEY).collect();
        // Keys that are no longer needed become empty ones: they keep their revision.
        while pages.len() < kept.revisions[place].len().max(1) {
            pages.push(&[]);
        }
        let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        if kept.revisions[place].len() < pages.len() {
            kept.revisions[place].resize(pages.len(), 0);
        }
        // The further keys first: the first one, which says how many there are, comes last.
        for (page, entries) in pages.into_iter().enumerate().rev() {
            let read = kept.revisions[place][page];
            let stored = StoredMappingPart {
                schema: SCHEMA,
                revision: read + 1,
                connection: kept.connection.clone(),
                pages: count,
                entries: entries.to_vec(),
            };
            let key = mapping_key(&kept.connection, part.name(), page);
            store::save(client, &key, &stored, read, writers).await?;
            kept.revisions[place][page] = read + 1;
        }
        kept.choices.parts[place] = choices.parts[place].clone();
    }
    Ok(())
}
