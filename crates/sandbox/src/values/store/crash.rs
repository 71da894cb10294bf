//! The power fails at each single access to the disk, one after the other, and the
//! server starts again from what the disk then holds: every request was kept as a
//! whole or not at all, and what was answered for is there.

use std::io;
use std::sync::{Arc, Mutex};

use redb::{Database, StorageBackend};

use super::tests::{cell, value};
use super::{Registration, RegistrationKey, ValueStore};

/// A disk that fails after so many accesses. What was written since the last sync is
/// then there in part: each write, or not, by a bit of `fate`.
#[derive(Debug)]
struct Disk {
    state: Arc<Mutex<Platter>>,
}

#[derive(Debug, Default)]
struct Platter {
    /// As the running server sees it.
    now: Vec<u8>,
    /// As it was at the last sync.
    safe: Vec<u8>,
    /// Writes since then: place and bytes; no bytes: a new length.
    pending: Vec<(u64, Option<Vec<u8>>)>,
    /// Accesses left before the power fails.
    left: usize,
}

impl Platter {
    fn access(&mut self) -> io::Result<()> {
        if self.left == 0 {
            return Err(io::Error::other("the power is off"));
        }
        self.left -= 1;
        Ok(())
    }

    /// What is on the disk after the failure.
    fn remains(&self, fate: u64) -> Vec<u8> {
        let mut bytes = self.safe.clone();
        for (i, (at, written)) in self.pending.iter().enumerate() {
            match written {
                // A length that was never synced: a file system keeps it or not; a longer
                // file is always readable.
                None => bytes.resize(bytes.len().max(*at as usize), 0),
                Some(written) if fate >> (i % 64) & 1 == 1 => {
                    let at = *at as usize;
                    bytes.resize(bytes.len().max(at + written.len()), 0);
                    bytes[at..at + written.len()].copy_from_slice(written);
                }
                Some(_) => {}
            }
        }
        bytes
    }
}

impl Disk {
    fn holding(bytes: Vec<u8>, left: usize) -> (Self, Arc<Mutex<Platter>>) {
        let platter = Platter {
            now: bytes.clone(),
            safe: bytes,
            pending: Vec::new(),
            left,
        };
        let state = Arc::new(Mutex::new(platter));
        (
            Self {
                state: Arc::clone(&state),
            },
            state,
        )
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state.lock().unwrap().now.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let platter = self.state.lock().unwrap();
        let at = offset as usize;
        let found = platter.now.get(at..at + out.len());
        out.copy_from_slice(found.ok_or_else(|| io::Error::other("beyond the end"))?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut platter = self.state.lock().unwrap();
        platter.access()?;
        platter.now.resize(len as usize, 0);
        platter.pending.push((len, None));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut platter = self.state.lock().unwrap();
        platter.access()?;
        platter.safe = platter.now.clone();
        platter.pending.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut platter = self.state.lock().unwrap();
        platter.access()?;
        let at = offset as usize;
        platter.now[at..at + data.len()].copy_from_slice(data);
        platter.pending.push((offset, Some(data.to_vec())));
        Ok(())
    }
}

fn open(disk: Disk) -> Option<ValueStore> {
    let database = Database::builder().create_with_backend(disk).ok()?;
    ValueStore::open(Arc::new(database)).ok()
}

const UNITS: [&str; 3] = ["north", "south", "west"];

fn key(round: u32) -> RegistrationKey {
    RegistrationKey {
        data_set: "set".into(),
        period: "202601".into(),
        org_unit: format!("unit {round}"),
        attribute_option_combo: "attribute".into(),
    }
}

/// One import: a value in each of several blocks, and a registration.
fn import(store: &ValueStore, round: u32) -> bool {
    let mut writing = store.begin();
    for unit in UNITS {
        writing.put(&cell("202601", unit, "a"), value(&format!("round {round}")));
        writing.put(
            &cell("202602", unit, &format!("element {round}")),
            value("new"),
        );
    }
    let registration = Registration {
        date: value("").created,
        stored_by: "amy".into(),
        completed: true,
    };
    writing.register(&key(round), Some(registration));
    writing.commit().is_ok()
}

/// The round that a store holds; nothing else may be in it.
fn round(store: &ValueStore) -> u32 {
    let texts = UNITS.map(|unit| {
        store
            .get(&cell("202601", unit, "a"))
            .and_then(|v| v.value)
            .unwrap_or_default()
    });
    assert!(
        texts.iter().all(|t| *t == texts[0]),
        "half of an import: {texts:?}"
    );
    let held: u32 = texts[0]
        .strip_prefix("round ")
        .map_or(0, |n| n.parse().unwrap());
    for other in 1..=held + 1 {
        let there = other <= held;
        for unit in UNITS {
            let cell = cell("202602", unit, &format!("element {other}"));
            assert_eq!(store.get(&cell).is_some(), there, "round {other} of {held}");
        }
        assert_eq!(
            store.registration(&key(other)).is_some(),
            there,
            "registration {other}"
        );
    }
    held
}

#[test]
fn a_power_failure_at_any_access_leaves_whole_imports() {
    let mut failures = 0;
    let mut seen = std::collections::BTreeSet::new();
    for left in 0.. {
        let (disk, platter) = Disk::holding(Vec::new(), left);
        let mut answered = 0;
        let store = open(disk);
        if let Some(store) = &store {
            for round in 1..=4 {
                if import(store, round) {
                    answered = round;
                }
            }
            assert_eq!(
                round(store),
                answered,
                "access {left}: what the running server tells"
            );
        }
        let survived = platter.lock().unwrap().left > 0;
        for fate in [
            0,
            u64::MAX,
            0x5555_5555_5555_5555,
            0x3c71_a92e_0f58_d6b4 ^ left as u64,
        ] {
            let bytes = platter.lock().unwrap().remains(fate);
            // A file whose very making was interrupted holds nothing that was answered for.
            let (disk, _) = Disk::holding(bytes, usize::MAX);
            let Some(again) = open(disk) else {
                assert_eq!(
                    answered, 0,
                    "access {left}: the file cannot be opened any more"
                );
                continue;
            };
            let held = round(&again);
            assert!(
                held == answered || held == answered + 1,
                "access {left}, fate {fate:x}: {answered} answered, {held} held"
            );
            seen.insert(held);
        }
        if survived {
            break;
        }
        failures += 1;
    }
    assert!(failures > 20, "hardly any access failed: {failures}");
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
}
