//! `GET /api/{collection}` and `GET /api/{collection}/{uid}`.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::metadata::access::{Right, may};
use crate::metadata::fields::{self, Field};
use crate::metadata::filters;
use crate::metadata::pager::Page;
use crate::metadata::schema::Schema;
use crate::metadata::view::View;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::state::Snapshot;
use crate::version::ServerVersion;

/// A list, filtered, ordered, cut into pages. Recorded: scenario "metadata-for-mapping".
pub fn list(server: &Server, request: &Request, user: &CurrentUser, schema: &Schema) -> Reply {
    if schema.collection == "users" && !user.has_authority("F_USER_VIEW") {
        return Err(unreadable_kind());
    }
    let metadata = server.snapshot();
    let base = request.base();
    let view = View::of(server, &metadata, user, &base);
    let mut found = select(&view, request, schema)?;
    sort(&view, request, schema, &mut found);
    let asked = asked_fields(request, "id,displayName");
    let mut body = Map::new();
    let shown: Vec<Value> = if request.parameter("paging") == Some("false") {
        found
            .iter()
            .map(|object| view.project(Some(schema), object, &asked))
            .collect()
    } else {
        let page = Page::asked(request, found.len());
        let part = &found[page.range()];
        // Up to 2.41 a search counts the entries of the page only ("org unit search").
        let searched =
            request.parameter("query").is_some() && server.options.version <= ServerVersion::V41;
        let page = if searched {
            Page {
                total: part.len(),
                ..page
            }
        } else {
            page
        };
        body.insert("pager".into(), page.pager(request));
        part.iter()
            .map(|object| view.project(Some(schema), object, &asked))
            .collect()
    };
    body.insert(schema.collection.into(), shown.into());
    Ok(Answer::json(200, &Value::Object(body)).with_header("cache-control", PRIVATE))
}

/// The refusal of a list of objects of a kind that needs an authority to be read: DHIS2 has it
/// for users alone (2.40-2.43, `UserSchemaDescriptor`; seen on a real 2.42.5.2).
fn unreadable_kind() -> Answer {
    let message = "You don't have the proper permissions to read objects of this type.";
    Answer::error(403, message, Some("E1006")).with_header("cache-control", PRIVATE)
}

/// The objects that the user may read and that meet all filters.
fn select<'a>(
    view: &View<'a>,
    request: &Request,
    schema: &Schema,
) -> Result<Vec<&'a Value>, Answer> {
    let filters = filters::of(request, view, Some(schema))?;
    let any = request
        .parameter("rootJunction")
        .is_some_and(|j| j.eq_ignore_ascii_case("OR"));
    let query = request.parameter("query").map(str::to_lowercase);
    let number = |name: &str| {
        request
            .parameter(name)
            .and_then(|v| v.parse::<usize>().ok())
    };
    let (level, max_level) = (number("level"), number("maxLevel"));
    let roots = roots(view.user, request);
    let index = &view.metadata.index;
    let meets = |object: &'a Value| {
        let text = |name: &str| object[name].as_str().unwrap_or_default();
        let uid = text("id");
        may(schema, object, view.user, Right::Read)
            && query.as_deref().is_none_or(|q| {
                text("name").to_lowercase().contains(q) || uid == q || text("code") == q
            })
            && roots.as_ref().is_none_or(|(roots, only)| {
                if *only {
                    roots.iter().any(|r| r == uid)
                } else {
                    index.is_within(uid, roots)
                }
            })
            && level.is_none_or(|l| index.places.get(uid).is_some_and(|p| p.level == l))
            && max_level.is_none_or(|l| index.places.get(uid).is_some_and(|p| p.level <= l))
            && (filters.is_empty()
                || if any {
                    filters
                        .iter()
                        .any(|f| filters::meets(view, Some(schema), object, f))
                } else {
                    filters
                        .iter()
                        .all(|f| filters::meets(view, Some(schema), object, f))
                })
    };
    let objects = view.metadata.collections.get(schema.collection);
    Ok(objects
        .into_iter()
        .flat_map(|all| all.values())
        .filter(|object| meets(object))
        .collect())
}

/// The org units that a list is limited to, and whether to them alone.
fn roots(user: &CurrentUser, request: &Request) -> Option<(Vec<String>, bool)> {
    if request.flag("userOnly") {
        return Some((user.organisation_units.clone(), true));
    }
    if request.flag("userDataViewOnly") {
        return Some((user.data_view_organisation_units.clone(), true));
    }
    request
        .flag("withinUserHierarchy")
        .then(|| (user.organisation_units.clone(), false))
}

/// In the order that is asked for, else by name; then by uid.
fn sort<'a>(view: &View<'a>, request: &Request, schema: &Schema, found: &mut [&'a Value]) {
    let orders: Vec<(String, bool, bool)> = request
        .parameters("order")
        .flat_map(|o| o.split(','))
        .map(|order| {
            let (name, direction) = order.split_once(':').unwrap_or((order, "asc"));
            (
                name.to_owned(),
                direction.ends_with("desc"),
                direction.starts_with('i'),
            )
        })
        .collect();
    // Large letters and small ones alike, unlike `order=name:asc` (seen on a real 2.42.5.2).
    let default = [("name".to_owned(), false, true)];
    let orders = if orders.is_empty() {
        &default[..]
    } else {
        &orders[..]
    };
    let key = |object: &'a Value, name: &str, ignore_case: bool| {
        let value = view
            .member(Some(schema), object, name)
            .map(std::borrow::Cow::into_owned)
            .unwrap_or(Value::Null);
        match value {
            Value::String(text) if ignore_case => Value::String(text.to_lowercase()),
            other => other,
        }
    };
    found.sort_by_cached_key(|object| Key {
        parts: orders
            .iter()
            .map(|(name, down, fold)| (key(object, name, *fold), *down))
            .collect(),
        uid: object["id"].as_str().unwrap_or_default().to_owned(),
    });
}

/// What a list is ordered by; numbers as numbers, absent values last.
#[derive(PartialEq, Eq)]
struct Key {
    parts: Vec<(Value, bool)>,
    uid: String,
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        for ((a, down), (b, _)) in self.parts.iter().zip(&other.parts) {
            let order = match (a, b) {
                (Value::Null, Value::Null) => Ordering::Equal,
                (Value::Null, _) => Ordering::Greater,
                (_, Value::Null) => Ordering::Less,
                (Value::Number(a), Value::Number(b)) => a
                    .as_f64()
                    .partial_cmp(&b.as_f64())
                    .unwrap_or(Ordering::Equal),
                (Value::String(a), Value::String(b)) => a.cmp(b),
                (a, b) => filters::plain(a).cmp(&filters::plain(b)),
            };
            let order = if *down { order.reverse() } else { order };
            if order != Ordering::Equal {
                return order;
            }
        }
        self.uid.cmp(&other.uid)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The body of a list of objects that have no schema here: what meets the filters, in pages,
/// as `member`, with the fields of the request or `default`.
pub fn plain_list(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    metadata: &Snapshot,
    member: &str,
    objects: &[Value],
    default: &str,
) -> Result<Value, Answer> {
    let base = request.base();
    let view = View::of(server, metadata, user, &base);
    let filters = filters::of(request, &view, None)?;
    let found: Vec<&Value> = objects
        .iter()
        .filter(|o| filters.iter().all(|f| filters::meets(&view, None, o, f)))
        .collect();
    let fields = asked_fields(request, default);
    let mut body = Map::new();
    let part = if request.parameter("paging") == Some("false") {
        &found[..]
    } else {
        let page = Page::asked(request, found.len());
        body.insert("pager".into(), page.pager(request));
        &found[page.range()]
    };
    let part: Vec<Value> = part
        .iter()
        .map(|o| view.project(None, o, &fields))
        .collect();
    body.insert(member.into(), part.into());
    Ok(Value::Object(body))
}

/// The fields of a request, or these.
pub fn asked_fields(request: &Request, default: &str) -> Vec<Field> {
    let all: Vec<&str> = request.parameters("fields").collect();
    if all.is_empty() {
        fields::parse(default)
    } else {
        fields::parse(&all.join(","))
    }
}

/// The words for an object that is not there ("unknown object").
pub fn not_found(schema: &Schema, uid: &str) -> Answer {
    Answer::error(
        404,
        &format!("{} with id {uid} could not be found.", schema.name),
        Some("E1005"),
    )
    .with_header("cache-control", PRIVATE)
}

/// One object.
pub fn one(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    schema: &Schema,
    uid: &str,
) -> Reply {
    let metadata = server.snapshot();
    let base = request.base();
    let view = View::of(server, &metadata, user, &base);
    let object = view
        .object(schema.collection, uid)
        .ok_or_else(|| not_found(schema, uid))?;
    if !may(schema, object, user, Right::Read) {
        let message = format!(
            "You don't have the proper permissions to read objects of type {}.",
            schema.name
        );
        return Err(
            Answer::error(403, &message, Some("E1006")).with_header("cache-control", PRIVATE)
        );
    }
    let body = view.project(Some(schema), object, &asked_fields(request, "*"));
    Ok(Answer::json(200, &body).with_header("cache-control", PRIVATE))
}

/// One member of one object: `GET /api/{collection}/{uid}/{member}`.
pub fn member(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    schema: &Schema,
    uid: &str,
    member: &str,
) -> Reply {
    let metadata = server.snapshot();
    let base = request.base();
    let view = View::of(server, &metadata, user, &base);
    let object = view
        .object(schema.collection, uid)
        .ok_or_else(|| not_found(schema, uid))?;
    if !may(schema, object, user, Right::Read)
        || view.member(Some(schema), object, member).is_none()
    {
        return Err(not_found(schema, uid));
    }
    let inner = asked_fields(request, "id,displayName");
    let field = Field {
        children: Some(inner),
        ..Field::plain(member)
    };
    let body = view.project(Some(schema), object, &[field]);
    Ok(Answer::json(200, &json!(body)).with_header("cache-control", PRIVATE))
}
