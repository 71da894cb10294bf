//! Exchanges for those who set them up: the list, and the form of one. An exchange says what
//! is brought through a connection: data sets, periods, org units.

mod delete;
mod form;
mod list;
mod rule;

pub use form::ExchangeFormPage;
pub use list::ExchangesPage;
