//! Metadata that mappings, plans and checks before sending need.
//!
//! `model` holds the shapes, `read` the requests, `locks` what was locked or unlocked by hand. Readers take what 2.40 to 2.43 write
//! (`metadata-for-mapping`): members may be missing or `null`, unknown ones are ignored.

mod locks;
mod model;
mod read;

pub use locks::{ApprovalState, ExceptionPeriod, LockException};
pub use model::{
    Access, Category, CategoryCombo, CategoryOption, CategoryOptionCombo, DataElement,
    DataInputPeriod, DataSet, DataSetElement, OptionItem, OptionSet, OrganisationUnit,
    OrganisationUnitLevel,
};
pub use read::{ORG_UNIT_PAGE_SIZE, OrgUnitScope, Progress};
