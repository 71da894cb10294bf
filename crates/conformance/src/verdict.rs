//! What a check of one behaviour comes to.

use tributary_dhis2::Failure;

/// Why a check did not end in "met".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The server did something else; the text says what.
    NotMet(String),
    /// The behaviour cannot be shown on this server; the text says why.
    NotApplicable(String),
}

/// The end of a check: it was met unless it stopped.
pub type Checked = Result<(), Stop>;

impl From<Failure> for Stop {
    /// A failure that a check did not expect.
    fn from(failure: Failure) -> Self {
        let code = failure.code.as_deref().unwrap_or("no code");
        let status = failure
            .status
            .map_or_else(|| "no status".to_owned(), |status| status.to_string());
        Self::NotMet(format!("{failure} ({status}, {code})"))
    }
}

/// Ends a check as not met, in words, unless the condition holds.
macro_rules! demand {
    ($condition:expr, $($words:tt)+) => {
        if !$condition {
            return Err($crate::verdict::Stop::NotMet(format!($($words)+)));
        }
    };
}
pub(crate) use demand;

/// The words for something that was to fail and did not, or failed otherwise.
pub(crate) fn told<V>(result: &Result<V, Failure>) -> String {
    match result {
        Ok(_) => "no failure".to_owned(),
        Err(failure) => failure.to_string(),
    }
}
