//! An object as a user sees it: stored members, computed members (`path`,
//! `displayName`, `access` …), references followed as far as the fields ask.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::context::CurrentUser;
use crate::metadata::access;
use crate::metadata::defaults;
use crate::metadata::fields::{self, Field};
use crate::metadata::filters::plain;
use crate::metadata::schema::{self, Schema};
use crate::metadata::transform::transform;
use crate::server::Server;
use crate::state::Snapshot;
use crate::version::ServerVersion;

/// Members that hold a date; DHIS2 writes them with a time.
const DATES: &[&str] = &["closedDate", "endDate", "openingDate", "startDate"];
/// Members that are decimal numbers: from 2.42 the first, from 2.41 the second.
const DECIMALS: &[&str] = &["expiryDays", "timelyDays"];

/// Members that any kind of object may be asked for.
const COMMON: &[&str] = &[
    "id",
    "name",
    "displayName",
    "code",
    "created",
    "lastUpdated",
    "createdBy",
    "lastUpdatedBy",
    "access",
    "sharing",
    "attributeValues",
    "translations",
    "favorites",
    "favorite",
    "href",
    "user",
    "externalAccess",
    "publicAccess",
    "shortName",
    "displayShortName",
    "description",
    "displayDescription",
    "formName",
    "displayFormName",
    "identifiable",
    "closedDate",
    "geometry",
];

/// What the objects are looked at with.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The version whose members are shown.
    pub version: ServerVersion,
    /// The metadata.
    pub metadata: &'a Snapshot,
    /// Who looks.
    pub user: &'a CurrentUser,
    /// The server's address, for `href`.
    pub base: &'a str,
}

impl<'a> View<'a> {
    /// How a user sees a server's metadata, as it was when the snapshot was taken.
    pub fn of(
        server: &Server,
        metadata: &'a Snapshot,
        user: &'a CurrentUser,
        base: &'a str,
    ) -> Self {
        Self {
            version: server.options.version,
            metadata,
            user,
            base,
        }
    }

    /// An object of a collection.
    pub fn object(&self, collection: &str, uid: &str) -> Option<&'a Value> {
        self.metadata.collections.get(collection)?.get(uid)
    }

    /// A member of an object, stored or computed.
    pub fn member(
        &self,
        schema: Option<&Schema>,
        object: &'a Value,
        name: &str,
    ) -> Option<Cow<'a, Value>> {
        if let Some(schema) = schema
            && let Some(computed) = self.computed(schema, object, name)
        {
            return Some(Cow::Owned(computed));
        }
        let stored = object.get(name).filter(|v| !v.is_null())?;
        if DATES.contains(&name)
            && let Some(date) = stored.as_str().filter(|d| d.len() == 10)
        {
            return Some(Cow::Owned(format!("{date}T00:00:00.000").into()));
        }
        if DECIMALS.contains(&name)
            && let Some(number) = stored.as_f64()
        {
            let from = if name == "expiryDays" {
                ServerVersion::V42
            } else {
                ServerVersion::V41
            };
            return Some(Cow::Owned(if self.version >= from {
                json!(number)
            } else {
                json!(number as i64)
            }));
        }
        Some(Cow::Borrowed(stored))
    }

    fn computed(&self, schema: &Schema, object: &Value, name: &str) -> Option<Value> {
        let uid = object["id"].as_str().unwrap_or_default();
        let index = &self.metadata.index;
        let references = |uids: &[String]| {
            Value::from(uids.iter().map(|u| json!({"id": u})).collect::<Vec<_>>())
        };
        let text = |member: &str| object.get(member).filter(|v| !v.is_null()).cloned();
        match (schema.collection, name) {
            (_, "displayName") => text("name"),
            (_, "displayShortName") => text("shortName"),
            (_, "displayFormName") => text("formName").or_else(|| text("name")),
            (_, "displayDescription") => text("description"),
            (_, "access") => Some(access::access(self.version, schema, object, self.user)),
            (_, "favorite") => Some(false.into()),
            (_, "href") => Some(format!("{}/api/{}/{uid}", self.base, schema.collection).into()),
            (_, "sharing") if object.get("sharing").is_some() => {
                Some(self.sharing(&object["sharing"]))
            }
            ("organisationUnits", "path") => Some(index.places.get(uid)?.path.as_str().into()),
            ("organisationUnits", "level") => Some(index.places.get(uid)?.level.into()),
            ("organisationUnits", "leaf") => {
                Some(index.places.get(uid)?.children.is_empty().into())
            }
            ("organisationUnits", "children") => Some(references(&index.places.get(uid)?.children)),
            ("organisationUnits", "ancestors") => {
                let path = &index.places.get(uid)?.path;
                let above = path
                    .split('/')
                    .filter(|part| !part.is_empty() && *part != uid);
                Some(references(&above.map(str::to_owned).collect::<Vec<_>>()))
            }
            ("categoryCombos", "categoryOptionCombos") => Some(references(
                index.option_combos.get(uid).map_or(&[][..], Vec::as_slice),
            )),
            ("categoryCombos", "isDefault") => Some((uid == defaults::COMBO).into()),
            ("dataSets", "dataInputPeriods") => Some(self.input_periods(object.get(name)?)),
            ("categories", "isDefault") => Some((uid == defaults::CATEGORY).into()),
            ("categoryOptions", "isDefault") => Some((uid == defaults::OPTION).into()),
            ("categories", "dimensionType") => Some("CATEGORY".into()),
            ("categories", "dimension") => Some(uid.into()),
            ("categoryOptions", "dimensionItemType") => Some("CATEGORY_OPTION".into()),
            ("dataSets", "dimensionItemType") => Some("REPORTING_RATE".into()),
            ("dataElements", "dimensionItemType") => Some("DATA_ELEMENT".into()),
            ("indicators", "dimensionItemType") => Some("INDICATOR".into()),
            ("dataSets" | "categoryOptions" | "dataElements" | "indicators", "dimensionItem") => {
                Some(uid.into())
            }
            ("dataElements", "dataSetElements") => {
                let sets = index
                    .data_sets_of_element
                    .get(uid)
                    .map_or(&[][..], Vec::as_slice);
                Some(
                    sets.iter()
                        .map(|set| json!({"dataElement": {"id": uid}, "dataSet": {"id": set}}))
                        .collect(),
                )
            }
            ("routes", "auth") => Some(crate::routes::shown_auth(object.get("auth")?)),
            ("users", "userGroups") => Some(references(
                index.groups_of_user.get(uid).map_or(&[][..], Vec::as_slice),
            )),
            _ => None,
        }
    }

    /// Input periods, the latest first; up to 2.42 a period has a name, its own notation
    /// ("data sets that the clerk sees").
    fn input_periods(&self, kept: &Value) -> Value {
        let mut shown: Vec<Value> = kept.as_array().cloned().unwrap_or_default();
        shown.sort_by(|a, b| plain(&b["period"]["id"]).cmp(&plain(&a["period"]["id"])));
        for entry in &mut shown {
            let id = entry["period"]["id"].clone();
            entry["period"] = if self.version >= ServerVersion::V43 {
                json!({ "id": id })
            } else {
                json!({"id": id, "name": id})
            };
            for name in ["openingDate", "closingDate"] {
                let date = entry[name].as_str().filter(|d| d.len() == 10);
                if let Some(date) = date.map(|d| format!("{d}T00:00:00.000")) {
                    entry[name] = date.into();
                }
            }
        }
        shown.into()
    }

    /// Sharing with the names of those it names.
    fn sharing(&self, sharing: &Value) -> Value {
        let mut out = sharing.clone();
        for (member, collection) in [("users", "users"), ("userGroups", "userGroups")] {
            let Some(entries) = out.get_mut(member).and_then(Value::as_object_mut) else {
                continue;
            };
            for (uid, entry) in entries {
                if let (Some(named), Some(entry)) =
                    (self.object(collection, uid), entry.as_object_mut())
                {
                    entry.insert("displayName".into(), named["name"].clone());
                }
            }
        }
        if let (false, Some(map)) = (access::has_external(self.version), out.as_object_mut()) {
            map.shift_remove("external");
        }
        out
    }

    /// A user as `createdBy` and `lastUpdatedBy` show one.
    pub fn person(&self, uid: &str) -> Value {
        let user = self.object("users", uid).unwrap_or(&Value::Null);
        json!({"id": uid, "code": user["code"], "name": user["name"], "displayName": user["name"], "username": user["username"]})
    }

    /// The names of all members, for `*` and its like.
    fn all(&self, schema: Option<&Schema>, object: &Value, owner_only: bool) -> Vec<String> {
        let mut names: Vec<String> = object
            .as_object()
            .into_iter()
            .flatten()
            .map(|(k, _)| k.clone())
            .collect();
        let Some(schema) = schema.filter(|_| !owner_only) else {
            return names;
        };
        let mut computed = vec![
            "displayName",
            "displayShortName",
            "displayFormName",
            "access",
            "favorite",
            "href",
        ];
        match schema.collection {
            "organisationUnits" => {
                computed.extend(["path", "level", "leaf", "children", "ancestors"]);
            }
            "categoryCombos" => computed.extend(["categoryOptionCombos", "isDefault"]),
            "categories" => computed.extend(["isDefault", "dimension", "dimensionType"]),
            "categoryOptions" => {
                computed.extend(["isDefault", "dimensionItem", "dimensionItemType"]);
            }
            "dataElements" => {
                computed.extend(["dataSetElements", "dimensionItem", "dimensionItemType"]);
            }
            "dataSets" | "indicators" => computed.extend(["dimensionItem", "dimensionItemType"]),
            "users" => computed.extend(["userGroups"]),
            _ => {}
        }
        names.extend(computed.into_iter().map(str::to_owned));
        names
    }

    /// The members of an object that the fields ask for.
    pub fn project(&self, schema: Option<&Schema>, object: &'a Value, fields: &[Field]) -> Value {
        let mut out = Map::new();
        for field in fields.iter().filter(|f| !f.excluded) {
            let names: Vec<String> = match field.name.as_str() {
                ":all" | "*" | ":all.persisted" | ":persisted" => self.all(schema, object, false),
                ":owner" => self.all(schema, object, true),
                ":simple" => {
                    let simple = |name: &String| {
                        !matches!(object.get(name), Some(Value::Object(_) | Value::Array(_)))
                    };
                    self.all(schema, object, true)
                        .into_iter()
                        .filter(simple)
                        .collect()
                }
                name => match fields::preset(name) {
                    Some(names) => names.iter().map(|n| (*n).to_owned()).collect(),
                    None => {
                        self.put(schema, object, field, &mut out);
                        continue;
                    }
                },
            };
            for name in names {
                self.put(schema, object, &Field::plain(&name), &mut out);
            }
        }
        for field in fields.iter().filter(|f| f.excluded) {
            out.shift_remove(&field.name);
        }
        Value::Object(out)
    }

    fn put(
        &self,
        schema: Option<&Schema>,
        object: &'a Value,
        field: &Field,
        out: &mut Map<String, Value>,
    ) {
        let Some(value) = self.member(schema, object, &field.name) else {
            return;
        };
        let shown = self.shown(&field.name, &value, field.children.as_deref());
        let (name, shown) = transform(&field.name, shown, &field.transformers);
        out.insert(name, shown);
    }

    /// A member's value: references cut to their `id` or followed, other values as they are.
    fn shown(&self, member: &str, value: &Value, children: Option<&[Field]>) -> Value {
        match value {
            Value::Array(items) => items
                .iter()
                .map(|item| self.shown(member, item, children))
                .collect(),
            Value::Object(map) => {
                let target = schema::referred(member).and_then(|collection| {
                    let uid = map.get("id")?.as_str()?;
                    Some((schema::of(collection), self.object(collection, uid)?))
                });
                match (target, children) {
                    (Some((schema, object)), Some(fields)) => self.project(schema, object, fields),
                    (Some((_, object)), None)
                        if matches!(member, "createdBy" | "lastUpdatedBy") =>
                    {
                        self.person(object["id"].as_str().unwrap_or_default())
                    }
                    (Some((_, object)), None) => json!({"id": object["id"]}),
                    (None, Some(fields)) => self.embedded(member, value, fields),
                    (None, None) => value.clone(),
                }
            }
            other => other.clone(),
        }
    }

    /// An object within an object, such as an element of `dataSetElements`.
    fn embedded(&self, member: &str, value: &Value, fields: &[Field]) -> Value {
        let mut out = Map::new();
        for field in fields.iter().filter(|f| !f.excluded) {
            let names = match field.name.as_str() {
                "*" | ":all" | ":owner" => value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(k, _)| k.clone())
                    .collect(),
                name => vec![name.to_owned()],
            };
            for name in names {
                if let Some(inner) = value.get(&name).filter(|v| !v.is_null()) {
                    // The period of an input period comes whole, whatever is asked for within it.
                    let whole = member == "dataInputPeriods" && name == "period";
                    let children = field.children.as_deref().filter(|_| !whole);
                    let shown = self.shown(&name, inner, children);
                    let (name, shown) = transform(&name, shown, &field.transformers);
                    out.insert(name, shown);
                }
            }
        }
        for field in fields.iter().filter(|f| f.excluded) {
            out.shift_remove(&field.name);
        }
        Value::Object(out)
    }

    /// Whether objects of a kind have a member of this name. What no object at hand has
    /// and nobody computes is unknown, unless there is no object to go by.
    pub fn knows(&self, schema: &Schema, name: &str) -> bool {
        let objects = self.metadata.collections.get(schema.collection);
        let Some(objects) = objects.filter(|objects| !objects.is_empty()) else {
            return true;
        };
        COMMON.contains(&name)
            || schema::referred(name).is_some()
            || objects.values().any(|object| {
                object.get(name).is_some() || self.computed(schema, object, name).is_some()
            })
    }
}
