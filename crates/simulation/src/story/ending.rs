//! The end of a life: the weather clears, nobody else works, and all has to come out right.

use tributary_exchange::questions::import::SendPlan;

use super::Life;
use crate::line::Weather;
use crate::oracle::{check_end, sendable};
use crate::side::Key;
use crate::watch::{Others, Planned};

/// All that a plan could write and delete.
const EVERYTHING: SendPlan = SendPlan {
    overwrite: true,
    overwrite_edited: true,
    delete_cleared: true,
};

impl Life {
    /// The weather clears and nobody else works: a run, and another that has nothing to do.
    pub(super) fn clear(&mut self) -> Result<(), String> {
        self.line.note("the weather clears".into());
        self.line.set_weather(Weather::default());
        self.line.deliver(i64::MAX);
        self.watch.with(|seen| seen.others = Others::default());
        self.service = self.new_service();
        let unanswered = |_| "no answer without a fault".to_owned();
        self.prepare(0).map_err(unanswered)?;
        self.settle().map_err(unanswered)?;
        let rows = self.read(0)?.map_err(unanswered)?;
        self.watch
            .with(|seen| seen.plan = sendable(&rows, EVERYTHING));
        let report = self.send(EVERYTHING, None, None)?.map_err(unanswered)?;
        let outcomes = report.outcomes;
        if outcomes.written != outcomes.confirmed || report.ended_by.is_some() {
            self.watch.violation(format!("in good weather: {report:?}"));
        }
        let rows = self.rows()?;
        let wrong = self
            .watch
            .with(|seen| check_end(&self.world, seen, &rows))?;
        wrong
            .into_iter()
            .for_each(|text| self.watch.violation(text));

        // What stood here when the first run came, and was deleted at the source by then, can
        // be deleted by the second.
        let late = self
            .watch
            .with(|seen| std::mem::take(&mut seen.not_brought));
        if !late.is_empty() {
            self.again(|key, planned| planned.deletes && late.contains(key))?;
        }
        self.again(|_, _| false)
    }

    /// Another run in good weather, which has nothing to do but what is expected.
    fn again(&mut self, is_expected: impl Fn(&Key, &Planned) -> bool) -> Result<(), String> {
        let unanswered = |_| "no answer without a fault".to_owned();
        let writes = self.watch.with(|seen| seen.posts);
        self.prepare(0).map_err(unanswered)?;
        let rows = self.read(0)?.map_err(unanswered)?;
        let to_send = sendable(&rows, EVERYTHING);
        self.watch.with(|seen| seen.plan = to_send.clone());
        self.send(EVERYTHING, None, None)?.map_err(unanswered)?;
        let again = self.watch.with(|seen| seen.posts) - writes;
        let is_expected = to_send
            .iter()
            .all(|(key, planned)| is_expected(key, planned));
        if !is_expected || (again > 0 && to_send.is_empty()) {
            let text = format!("sent again: {again} requests, {to_send:?}");
            self.watch.violation(text);
        }
        let rows = self.rows()?;
        let wrong = self
            .watch
            .with(|seen| check_end(&self.world, seen, &rows))?;
        wrong
            .into_iter()
            .for_each(|text| self.watch.violation(text));
        Ok(())
    }
}
