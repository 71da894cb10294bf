//! The values of one org unit and one period, and their form on disk: rows of a
//! fixed width, little-endian, sorted by key.

/// A value by numbers; times are milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) data_element: u32,
    pub(super) category_option_combo: u32,
    pub(super) attribute_option_combo: u32,
    pub(super) value: u32,
    pub(super) stored_by: u32,
    pub(super) comment: u32,
    pub(super) created: i64,
    pub(super) last_updated: i64,
    pub(super) followup: bool,
    pub(super) deleted: bool,
}

/// Bytes of a row on disk: six numbers, two times, one byte of flags.
const WIDTH: usize = 6 * 4 + 2 * 8 + 1;
const FOLLOWUP: u8 = 1;
const DELETED: u8 = 2;

impl Row {
    /// What rows of a block are sorted and found by.
    pub(super) fn key(&self) -> (u32, u32, u32) {
        (
            self.data_element,
            self.category_option_combo,
            self.attribute_option_combo,
        )
    }
}

/// Puts a row into its place, over one of the same key.
pub(super) fn put(block: &mut Vec<Row>, row: Row) {
    match block.binary_search_by_key(&row.key(), Row::key) {
        Ok(at) => block[at] = row,
        Err(at) => block.insert(at, row),
    }
}

/// The block's form on disk.
pub(super) fn encode(block: &[Row]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(block.len() * WIDTH);
    for row in block {
        for number in [
            row.data_element,
            row.category_option_combo,
            row.attribute_option_combo,
            row.value,
            row.stored_by,
            row.comment,
        ] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&row.created.to_le_bytes());
        bytes.extend_from_slice(&row.last_updated.to_le_bytes());
        bytes.push(u8::from(row.followup) * FOLLOWUP + u8::from(row.deleted) * DELETED);
    }
    bytes
}

/// The block behind its form on disk; none when the length does not fit.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<Row>> {
    let (rows, rest) = bytes.as_chunks::<WIDTH>();
    rest.is_empty()
        .then(|| rows.iter().map(decode_row).collect())
}

fn decode_row(bytes: &[u8; WIDTH]) -> Row {
    let number = |at: usize| {
        let mut four = [0; 4];
        four.copy_from_slice(&bytes[at * 4..at * 4 + 4]);
        u32::from_le_bytes(four)
    };
    let time = |at: usize| {
        let mut eight = [0; 8];
        eight.copy_from_slice(&bytes[at..at + 8]);
        i64::from_le_bytes(eight)
    };
    let flags = bytes[WIDTH - 1];
    Row {
        data_element: number(0),
        category_option_combo: number(1),
        attribute_option_combo: number(2),
        value: number(3),
        stored_by: number(4),
        comment: number(5),
        created: time(24),
        last_updated: time(32),
        followup: flags & FOLLOWUP != 0,
        deleted: flags & DELETED != 0,
    }
}
