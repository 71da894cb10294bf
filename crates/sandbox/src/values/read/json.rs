//! JSON: until 2.42 every value is whole and absent members are null; from 2.43
//! what is common is hoisted and absent members are left out.

use std::borrow::Cow;

use serde_json::Value;

use super::output::{Nameless, OutputSchemes, time};
use super::request::Request;
use super::selection::{Hoisted, Selection};
use crate::answer::Answer;
use crate::context::ValueContext;
use crate::values::catalogue::DEFAULT_OPTION_COMBO;
use crate::values::store::RegistrationKey;
use crate::version::ServerVersion;

/// Writes the values.
pub(super) fn write(
    context: &ValueContext<'_>,
    request: &Request,
    selection: &Selection<'_>,
    schemes: &OutputSchemes,
) -> Result<Vec<u8>, Box<Answer>> {
    let hoisted = Hoisted::of(context.version, request);
    let mut nameless = Nameless::default();
    let mut object = Object::begin(
        Vec::with_capacity(64 * 1024),
        context.version >= ServerVersion::V43,
    );
    if context.version >= ServerVersion::V43 {
        head_since_2_43(&mut object, context, request, &hoisted, schemes);
    } else {
        head_until_2_42(&mut object, context, request, schemes);
    }
    object.key("dataValues");
    let omit_nulls = object.omit_nulls;
    let mut out = object.out;
    out.push(b'[');
    let mut first = true;
    selection.visit(context, |row| {
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        let org_unit = schemes.org_unit(context, row.org_unit());
        if org_unit.is_none() {
            nameless.org_unit(row.org_unit());
        }
        let mut value = Object::begin(std::mem::take(&mut out), omit_nulls);
        value.text(
            "dataElement",
            schemes.data_element(context, row.data_element()),
        );
        if hoisted.period.is_none() {
            value.text("period", Some(row.period().into()));
        }
        if hoisted.org_unit.is_none() {
            value.text("orgUnit", org_unit);
        }
        value.text(
            "categoryOptionCombo",
            schemes.category_option_combo(context, row.category_option_combo()),
        );
        if hoisted.attribute_option_combo.is_none() {
            value.text(
                "attributeOptionCombo",
                schemes.attribute_option_combo(context, row.attribute_option_combo()),
            );
        }
        value.text("value", row.value().map(Cow::Borrowed));
        value.text("storedBy", Some(row.stored_by().into()));
        value.text("created", Some(time(context.version, row.created()).into()));
        value.text(
            "lastUpdated",
            Some(time(context.version, row.last_updated()).into()),
        );
        value.text("comment", row.comment().map(Cow::Borrowed));
        if row.followup() || !omit_nulls {
            value.raw("followup", if row.followup() { "true" } else { "false" });
        }
        if row.deleted() {
            value.raw("deleted", "true");
        }
        out = value.end();
    });
    nameless.refuse(context, schemes)?;
    out.extend_from_slice(b"]}");
    Ok(out)
}

/// The head of until 2.42: only for one data set, one period and one org unit.
fn head_until_2_42(
    object: &mut Object,
    context: &ValueContext<'_>,
    request: &Request,
    schemes: &OutputSchemes,
) {
    let single = (
        request.single_data_set(),
        request.single_period(),
        request.single_org_unit(),
    );
    let (Some(data_set), Some(period), Some(org_unit)) = single else {
        return;
    };
    let combo = request
        .single_attribute_option_combo()
        .unwrap_or(DEFAULT_OPTION_COMBO);
    let registration = context.store.registration(&RegistrationKey {
        data_set: data_set.to_owned(),
        period: period.iso.clone(),
        org_unit: org_unit.to_owned(),
        attribute_option_combo: combo.to_owned(),
    });
    object.text("dataSet", schemes.data_set(context, data_set));
    object.text(
        "completeDate",
        registration.map(|r| time(context.version, r.date).into()),
    );
    object.text("period", Some(period.iso.as_str().into()));
    object.text("orgUnit", schemes.org_unit(context, org_unit));
}

/// The head of 2.43: whatever is asked for exactly once, and the id schemes.
fn head_since_2_43(
    object: &mut Object,
    context: &ValueContext<'_>,
    request: &Request,
    hoisted: &Hoisted<'_>,
    schemes: &OutputSchemes,
) {
    object.text(
        "dataSet",
        request
            .single_data_set()
            .and_then(|uid| schemes.data_set(context, uid)),
    );
    object.text("period", hoisted.period.map(|p| p.iso.as_str().into()));
    object.text(
        "orgUnit",
        hoisted
            .org_unit
            .and_then(|uid| schemes.org_unit(context, uid)),
    );
    let combo = hoisted
        .attribute_option_combo
        .and_then(|uid| schemes.attribute_option_combo(context, uid));
    object.text("attributeOptionCombo", combo);
    for (name, scheme) in &schemes.named {
        object.text(name, Some(scheme.as_str().into()));
    }
}

/// A JSON object that is being written.
struct Object {
    out: Vec<u8>,
    empty: bool,
    omit_nulls: bool,
}

impl Object {
    fn begin(mut out: Vec<u8>, omit_nulls: bool) -> Self {
        out.push(b'{');
        Self {
            out,
            empty: true,
            omit_nulls,
        }
    }

    fn key(&mut self, key: &str) {
        if !std::mem::take(&mut self.empty) {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn raw(&mut self, key: &str, json: &str) {
        self.key(key);
        self.out.extend_from_slice(json.as_bytes());
    }

    fn text(&mut self, key: &str, text: Option<Cow<'_, str>>) {
        match text {
            Some(text) => self.raw(key, &Value::from(text).to_string()),
            None if self.omit_nulls => {}
            None => self.raw(key, "null"),
        }
    }

    fn end(mut self) -> Vec<u8> {
        self.out.push(b'}');
        self.out
    }
}
