//! The endpoints of data values, handed to [`crate::values`] with what it needs.

use crate::answer::Answer;
use crate::context::{CurrentUser, ValueContext};
use crate::headers::{NO_STORE, PRIVATE};
use crate::request::Request;
use crate::server::Server;
use crate::values;

/// Calls a handler with the context of this request.
fn with_context(
    server: &Server,
    user: &CurrentUser,
    call: impl FnOnce(&ValueContext<'_>) -> Answer,
) -> Answer {
    let catalogue = server.catalogue();
    let context = ValueContext {
        version: server.options.version,
        catalogue: &catalogue,
        user,
        now: server.clock.now(),
        store: &server.values,
    };
    let answer = call(&context);
    let told = answer
        .headers
        .iter()
        .any(|(name, _)| name == "cache-control");
    if answer.status >= 400 && !told {
        answer.with_header("cache-control", PRIVATE)
    } else {
        answer
    }
}

/// `GET /api/dataValueSets`, with what follows the name (`.json`, `.csv` …).
pub fn read(server: &Server, request: &Request, user: &CurrentUser, suffix: &str) -> Answer {
    let answer = with_context(server, user, |context| {
        values::read(context, suffix, &request.query, &request.headers)
    });
    if answer.status < 400 {
        answer.with_header("cache-control", NO_STORE)
    } else {
        answer
    }
}

/// `POST /api/dataValueSets`.
pub fn write(server: &Server, request: &Request, user: &CurrentUser) -> Answer {
    with_context(server, user, |context| {
        values::write(
            context,
            &request.query,
            request.header("content-type").unwrap_or_default(),
            &request.body,
        )
    })
}

/// The import options of a request, as DHIS2 repeats them.
pub fn options(server: &Server, request: &Request) -> serde_json::Value {
    values::import_options(server.options.version, &request.query)
}

/// `GET /api/completeDataSetRegistrations`.
pub fn read_registrations(server: &Server, request: &Request, user: &CurrentUser) -> Answer {
    with_context(server, user, |context| {
        values::read_registrations(context, &request.query)
    })
}

/// `POST /api/completeDataSetRegistrations`.
pub fn write_registrations(server: &Server, request: &Request, user: &CurrentUser) -> Answer {
    with_context(server, user, |context| {
        values::write_registrations(context, &request.query, &request.body)
    })
}

/// `DELETE /api/completeDataSetRegistrations`.
pub fn remove_registration(server: &Server, request: &Request, user: &CurrentUser) -> Answer {
    with_context(server, user, |context| {
        values::remove_registration(context, &request.query)
    })
}
