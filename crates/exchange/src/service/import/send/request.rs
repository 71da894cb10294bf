//! One request: sent, and its answer read. Where a version refuses the whole request for the
//! sake of some values, those that it names are left out and the others sent again; where it
//! names none, the request is halved until they are alone, within a bound.

use tributary_dhis2::values::{ImportAnswer, Outcome as Told, OutgoingValue};
use tributary_dhis2::{Failure, FailureKind, Transport};
use tributary_engine::outcome::Answer;

use super::due::Due;
use super::one_slice::Sending;
use crate::service::import::read::ends_everything;

/// Requests that one refused request may be split into, to find the guilty values.
const SPLITS_PER_REQUEST: u32 = 40;

impl<T: Transport + Clone> Sending<'_, T> {
    /// Sends values of one data set: all are to be written, or all to be deleted.
    pub(super) async fn request(
        &mut self,
        data_set: &str,
        values: &mut [Due],
    ) -> Result<(), Failure> {
        let mut splits = SPLITS_PER_REQUEST;
        let mut waiting: Vec<Vec<usize>> = vec![(0..values.len()).collect()];
        while let Some(places) = waiting.pop() {
            let (answer, guilty) = match self.post(data_set, values, &places).await {
                Ok(answered) => answered,
                Err(failure) => {
                    if may_have_arrived(&failure) {
                        for place in places {
                            values[place].answer = Answer::Unusable;
                        }
                    }
                    return Err(failure);
                }
            };
            let whole = answer.whole_request_refused.is_some();
            if !whole || places.len() < 2 || splits == 0 {
                self.take_in(values, &places, &answer);
                continue;
            }
            splits -= 1;
            if guilty.is_empty() || guilty.len() == places.len() {
                let half = places.len() / 2;
                // The second half first on the pile: the first is sent next.
                waiting.push(places[half..].to_vec());
                waiting.push(places[..half].to_vec());
            } else {
                // Guilty together: each of them alone would be refused for the same.
                let others = (0..places.len()).filter(|at| guilty.binary_search(at).is_err());
                waiting.push(others.map(|at| places[at]).collect());
                self.take_in_some(values, &places, &guilty, &answer);
            }
        }
        Ok(())
    }

    /// Sends some of the values; the answer, and the places within the request of those for
    /// whose sake all of it was refused.
    async fn post(
        &mut self,
        data_set: &str,
        values: &[Due],
        places: &[usize],
    ) -> Result<(ImportAnswer, Vec<usize>), Failure> {
        let text = |symbol| self.symbols.text(symbol);
        let outgoing: Vec<OutgoingValue<'_>> = places
            .iter()
            .map(|&place| {
                let Due { cell, value, .. } = &values[place];
                OutgoingValue {
                    data_element: text(cell.data_element),
                    period: text(cell.period),
                    org_unit: text(cell.org_unit),
                    category_option_combo: text(cell.category_option_combo),
                    attribute_option_combo: text(cell.attribute_option_combo),
                    value,
                    comment: None,
                }
            })
            .collect();
        self.requests += 1;
        let deletes = places.iter().any(|&place| values[place].deletes);
        let began = self.own.transport().millis();
        let answer = if deletes {
            self.own.delete_values(data_set, &outgoing).await
        } else {
            self.own.write_values(data_set, &outgoing).await
        };
        let millis = self.own.transport().millis().saturating_sub(began);
        self.pace.finished(places.len(), millis);
        let answer = answer?;
        let guilty = answer.guilty(&outgoing);
        Ok((answer, guilty))
    }

    /// What the server said about each value of a request.
    fn take_in(&mut self, values: &mut [Due], places: &[usize], answer: &ImportAnswer) {
        let all: Vec<usize> = (0..places.len()).collect();
        self.take_in_some(values, places, &all, answer);
    }

    /// What it said about those at `some` places of the request.
    fn take_in_some(
        &mut self,
        values: &mut [Due],
        places: &[usize],
        some: &[usize],
        answer: &ImportAnswer,
    ) {
        let mut slot = self.service.run.borrow_mut();
        let Some(run) = slot.as_mut() else { return };
        let Some(log) = run.log.as_mut() else { return };
        for (&at, &place) in some.iter().filter_map(|at| Some((at, places.get(*at)?))) {
            let Some(told) = answer.outcomes.get(at) else {
                continue;
            };
            values[place].answer = match told {
                Told::Accepted(_) => Answer::Accepted,
                Told::Unknown => Answer::Unusable,
                Told::Refused { code, message } => {
                    self.progress.refused += 1;
                    run.messages
                        .entry(code.clone())
                        .or_insert_with(|| message.clone());
                    Answer::Refused(log.code_number(code))
                }
            };
        }
    }
}

/// Whether a request without a usable answer may have been carried out all the same. A
/// refusal at the door was not.
pub(super) fn may_have_arrived(failure: &Failure) -> bool {
    !ends_everything(failure)
        && !matches!(
            failure.kind,
            FailureKind::Forbidden
                | FailureKind::BadRequest
                | FailureKind::TooLarge
                | FailureKind::TooManyRequests
                | FailureKind::NotFound
        )
}
