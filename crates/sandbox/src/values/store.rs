//! Where data values and completeness registrations live.

/// All data values and completeness registrations of one server.
#[derive(Debug, Default)]
pub struct ValueStore {}
