//! What requests are about, how often they fail, and who looks on.

/// How many requests of a thousand meet a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// Those that read metadata or anything else.
    pub other: u64,
    /// Those that read values.
    pub reads: u64,
    /// Those that write values.
    pub writes: u64,
}

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Reads values of the destination.
    ReadOwn,
    /// Reads values of the source.
    ReadSource,
    /// Writes values.
    Write,
    /// Deletes values.
    Delete,
    /// Anything else.
    Other,
}

impl Errand {
    pub(super) fn is_write(self) -> bool {
        matches!(self, Self::Write | Self::Delete)
    }
}

/// Who looks on.
pub trait Onlooker {
    /// A request is about to be carried out: others may act just before it.
    fn before(&self, errand: Errand, body: Option<&[u8]>);
    /// A write that was given up long ago is carried out by `work`.
    fn late(&self, work: &mut dyn FnMut());
}

/// Nobody looks on.
pub(super) struct Nobody;

impl Onlooker for Nobody {
    fn before(&self, _: Errand, _: Option<&[u8]>) {}
    fn late(&self, work: &mut dyn FnMut()) {
        work();
    }
}
