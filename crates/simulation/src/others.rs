//! What other people do at both sides while the app works. Half of it is about cells that are in
//! use, so that things meet: a value edited here that changes at the source, too, or one that
//! somebody typed in as the source has it.

use crate::meeting::Wanted;
use crate::side::Key;
use crate::watch::Watch;

impl Watch {
    /// Somebody at the destination changes something: mostly a cell of the plan.
    pub fn edit_destination(&self) {
        let cells: Vec<Key> = self.with(|seen| seen.plan.keys().cloned().collect());
        let Some(before) = self.expect(self.world.present_stamped()) else {
            return;
        };
        let planned = self.random.pick(&cells).filter(|_| self.random.chance(700));
        let there: Vec<&Key> = before.keys().collect();
        let there = self.attention.pick(&there).copied();
        let cell = planned.or(there.filter(|_| self.attention.chance(500)));
        self.expect(match cell {
            Some(cell) if self.attention.chance(200) => self.type_as_at_the_source(cell),
            Some(cell) => self.world.change_cell(cell),
            None => self.world.change_destination(),
        });
        let Some(after) = self.expect(self.world.present_stamped()) else {
            return;
        };
        let now = self.time.now();
        self.with(|seen| {
            let (is_remembered, brought) = (seen.is_remembered, &seen.brought);
            let is_due = |key: &Key| is_remembered || brought.contains_key(key);
            seen.ledger.typed(now, &before, &after, is_due);
            seen.note_changes(&before, &after);
        });
    }

    fn type_as_at_the_source(&self, cell: &Key) -> Result<(), String> {
        let wanted = self.world.mapping.wanted(&self.world.at_source()?);
        match wanted.get(cell) {
            Some(Wanted::Value(text, _)) => self.world.type_in(cell, text),
            _ => self.world.change_cell(cell),
        }
    }

    /// Somebody at the source changes something.
    pub fn edit_source(&self) {
        let cells: Vec<Key> = self.with(|seen| seen.by_others.keys().cloned().collect());
        let edited = self.attention.pick(&cells);
        let edited = edited.filter(|_| self.attention.chance(400));
        let from = edited.map(|cell| self.world.mapping.sources(cell));
        let from = from.and_then(|from| self.attention.pick(&from).cloned());
        self.expect(match from {
            Some(key) => self.world.change_at_source(&key),
            None if self.random.chance(350) => self.world.delete_at_source(),
            None => self.world.change_source().map(|_| ()),
        });
        self.with(|seen| {
            seen.edits += 1;
            seen.source_changed = true;
        });
    }
}
