//! What came of a seed, in numbers and words.

/// What came of a seed.
#[derive(Debug, Default)]
pub struct Told {
    /// Versions of destination and source.
    pub versions: String,
    /// Requests of the app.
    pub requests: u64,
    /// Those that met a fault.
    pub faults: u64,
    /// Requests that wrote values.
    pub writes: u64,
    /// Of those: the ones that deleted values.
    pub deletions: u64,
    /// Tabs that were killed.
    pub kills: u64,
    /// Runs that the person stopped.
    pub stops: u64,
    /// Changes by others.
    pub edits: u64,
    /// What should not have happened. Empty: all is well.
    pub violations: Vec<String>,
    /// All requests, in order.
    pub trace: Vec<String>,
}

impl Told {
    /// In one paragraph, what should not have happened first.
    pub fn summary(&self) -> String {
        let mut text = format!("{}; {}", self.versions, self.numbers());
        for violation in &self.violations {
            text.push_str("\n  ");
            text.push_str(violation);
        }
        text
    }

    /// How much happened.
    pub fn numbers(&self) -> String {
        let Self {
            requests,
            faults,
            writes,
            deletions,
            kills,
            stops,
            edits,
            ..
        } = self;
        let violations = self.violations.len();
        format!(
            "{requests} requests, {faults} faults, {writes} writes ({deletions} deletions), {kills} kills, {stops} stops, \
             {edits} changes by others, {violations} violations"
        )
    }

    /// Adds the numbers of another seed.
    pub fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.faults += other.faults;
        self.writes += other.writes;
        self.deletions += other.deletions;
        self.kills += other.kills;
        self.stops += other.stops;
        self.edits += other.edits;
        self.violations.extend(other.violations);
    }
}
