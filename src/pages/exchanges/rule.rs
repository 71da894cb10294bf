//! A period rule in words.

use crate::text::{t, t_count};
use tributary_exchange::questions::exchanges::PeriodRule;

/// "Last 3 periods", "This year", "Chosen at each run".
pub(super) fn rule_in_words(rule: &PeriodRule) -> String {
    match rule {
        PeriodRule::Last(count) => t_count("exchanges.rule.last", u64::from(*count), &[]),
        PeriodRule::ThisYear => t("exchanges.rule.thisYear"),
        PeriodRule::Chosen => t("exchanges.rule.chosen"),
    }
}
