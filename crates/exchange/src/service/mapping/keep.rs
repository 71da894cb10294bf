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

/// How values that meet are combined: key of the destination item, or nothing for all items
/// → the rule's word, then the source items by priority.
pub(in crate::service) type Combine = IndexMap<String, Vec<String>>;

/// Name of the part in which that is kept.
const COMBINE: &str = "combine";

/// What is chosen in all parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::service) struct Choices {
    parts: [PartChoices; 4],
    pub(in crate::service) combine: Combine,
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
    /// The same of the part that says how values are combined.
    combine_revisions: Vec<u32>,
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
    let (entries, revisions) = load_entries(client, connection, COMBINE, keys).await?;
    for entry in entries {
        let mut entry = entry.into_iter();
        if let Some(target) = entry.next() {
            kept.choices.combine.insert(target, entry.collect());
        }
    }
    kept.combine_revisions = revisions;
    Ok(kept)
}

async fn load_part<T: Transport>(
    client: &Client<T>,
    connection: &str,
    part: MappingPart,
    keys: &[String],
) -> Result<(PartChoices, Vec<u32>), Failure> {
    let (entries, revisions) = load_entries(client, connection, part.name(), keys).await?;
    let mut choices = PartChoices::new();
    for entry in entries {
        let mut entry = entry.into_iter();
        if let Some(source) = entry.next() {
            choices.insert(source, entry.next());
        }
    }
    Ok((choices, revisions))
}

/// The entries of a part, of all its keys, and the revisions of those.
async fn load_entries<T: Transport>(
    client: &Client<T>,
    connection: &str,
    part: &str,
    keys: &[String],
) -> Result<(Vec<Vec<String>>, Vec<u32>), Failure> {
    let mut entries = Vec::new();
    let mut revisions = Vec::new();
    for page in 0.. {
        let key = mapping_key(connection, part, page);
        if !keys.contains(&key) {
            break;
        }
        let stored: Option<StoredMappingPart> = client.stored(NAMESPACE, &key).await?;
        let Some(stored) = stored else { break };
        revisions.push(stored.revision);
        entries.extend(stored.entries);
    }
    Ok((entries, revisions))
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
        let revisions = &mut kept.revisions[place];
        let of = (kept.connection.as_str(), part.name());
        store_entries(client, of, &entries, revisions, writers).await?;
        kept.choices.parts[place] = choices.parts[place].clone();
    }
    // Most mappings combine nothing, and then have no key for it.
    if choices.combine != kept.choices.combine {
        let entries: Vec<Vec<String>> = choices
            .combine
            .iter()
            .map(|(target, rule)| std::iter::once(target).chain(rule).cloned().collect())
            .collect();
        let of = (kept.connection.as_str(), COMBINE);
        store_entries(client, of, &entries, &mut kept.combine_revisions, writers).await?;
        kept.choices.combine = choices.combine.clone();
    }
    Ok(())
}

/// Stores the entries of a part (connection, name) and notes the revision of each key that
/// was stored.
async fn store_entries<T: Transport>(
    client: &Client<T>,
    (connection, part): (&str, &str),
    entries: &[Vec<String>],
    revisions: &mut Vec<u32>,
    writers: &Writers,
) -> Result<(), Problem> {
    let mut pages: Vec<&[Vec<String>]> = entries.chunks(ENTRIES_PER_KEY).collect();
    // Keys that are no longer needed become empty ones: they keep their revision.
    while pages.len() < revisions.len().max(1) {
        pages.push(&[]);
    }
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    if revisions.len() < pages.len() {
        revisions.resize(pages.len(), 0);
    }
    // The further keys first: the first one, which says how many there are, comes last.
    for (page, entries) in pages.into_iter().enumerate().rev() {
        let Some(revision) = revisions.get_mut(page) else {
            continue;
        };
        let stored = StoredMappingPart {
            schema: SCHEMA,
            revision: *revision + 1,
            connection: connection.to_owned(),
            pages: count,
            entries: entries.to_vec(),
        };
        let key = mapping_key(connection, part, page);
        store::save(client, &key, &stored, *revision, writers).await?;
        *revision += 1;
    }
    Ok(())
}
