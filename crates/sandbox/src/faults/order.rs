//! An order for a fault: which requests it strikes, and when.

use serde_json::{Value, json};

use super::Effect;
use crate::request::Request;

/// The members that an order may have; another one is a slip of the pen.
const MEMBERS: [&str; 20] = [
    "afterWork",
    "after",
    "body",
    "bytes",
    "chance",
    "contentType",
    "delayMillis",
    "drop",
    "empty",
    "expireSessions",
    "jitterMillis",
    "method",
    "path",
    "retryAfter",
    "seed",
    "slowBytes",
    "slowMillis",
    "status",
    "times",
    "truncate",
];

/// One fault.
#[derive(Clone, Debug, Default)]
pub struct Fault {
    /// The order as it was given.
    pub order: Value,
    /// How many matching requests still pass.
    after: u64,
    /// How often it still strikes; none for always.
    times: Option<u64>,
    /// Where the sequence that follows from the seed stands.
    random: u64,
}

impl Fault {
    /// Reads an order; the error says what is wrong with it.
    pub fn understand(mut order: Value) -> Result<Self, String> {
        if let Some(after) = order["expireSessionsAfterRequests"].as_u64() {
            order = json!({"after": after, "expireSessions": true});
        }
        let members = order.as_object().ok_or("a fault is a JSON object")?;
        if let Some(unknown) = members.keys().find(|m| !MEMBERS.contains(&m.as_str())) {
            return Err(format!("a fault has no `{unknown}`"));
        }
        let times = match order["times"].as_u64() {
            Some(0) => None,
            Some(n) => Some(n),
            None => Some(1),
        };
        Ok(Self {
            after: order["after"].as_u64().unwrap_or(0),
            times,
            random: order["seed"].as_u64().unwrap_or(0),
            order,
        })
    }

    /// What it does to a request; none if it lets it pass.
    pub fn meet(&mut self, request: &Request) -> Option<Effect> {
        let text = |name: &str| self.order[name].as_str();
        let here = text("path").is_none_or(|p| request.path.starts_with(p))
            && text("method").is_none_or(|m| m.eq_ignore_ascii_case(&request.method));
        if !here {
            return None;
        }
        if self.after > 0 {
            self.after -= 1;
            return None;
        }
        if let Some(chance) = self.order["chance"].as_f64() {
            let drawn = self.next_random() as f64 / u64::MAX as f64;
            if drawn >= chance {
                return None;
            }
        }
        if let Some(times) = &mut self.times {
            *times -= 1;
        }
        let random = self.next_random();
        Some(Effect::of(&self.order, random))
    }

    /// Whether it has struck as often as it was to.
    pub fn is_over(&self) -> bool {
        self.times == Some(0)
    }

    /// The next number of the sequence that follows from the seed (SplitMix64).
    pub fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_form_waits_and_strikes_once() {
        let fault = Fault::understand(json!({"expireSessionsAfterRequests": 3})).unwrap();
        assert_eq!((fault.after, fault.times), (3, Some(1)));
        assert_eq!(fault.order["expireSessions"], true);
    }

    #[test]
    fn a_slip_of_the_pen_is_told() {
        assert!(Fault::understand(json!({"delay": 5})).is_err());
        assert!(Fault::understand(json!(5)).is_err());
    }

    #[test]
    fn chance_follows_from_the_seed_alone() {
        let request = Request::new("GET", "/api/me");
        let struck = |seed: u64| {
            let order = json!({"chance": 0.3, "times": 0, "status": 503, "seed": seed});
            let mut fault = Fault::understand(order).unwrap();
            (0..200)
                .map(|_| fault.meet(&request).is_some())
                .collect::<Vec<_>>()
        };
        assert_eq!(struck(7), struck(7));
        assert_ne!(struck(7), struck(8));
        let share = struck(7).iter().filter(|s| **s).count();
        assert!((40..80).contains(&share), "{share} of 200");
    }
}
