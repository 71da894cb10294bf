//! `GET /api/dataEntry/dataValues`: what a form shows: its values, whether it may be
//! written, whether it is complete. Recorded: "lock state by data entry".

use serde_json::{Map, Value, json};

use super::Form;
use crate::answer::Answer;
use crate::context::{CurrentUser, ValueContext};
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::values::{Catalogue, RegistrationKey, RowView, lock_status};

/// Answers with one form.
pub fn get(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let (metadata, catalogue) = (server.snapshot(), server.catalogue());
    let set = super::required(request, "ds")?;
    let form = Form::named(&metadata, &catalogue, user, request, set)?;
    let context = ValueContext {
        version: server.options.version,
        catalogue: &catalogue,
        user,
        now: server.clock.now(),
        store: &server.values,
    };
    let mut values = Vec::new();
    if let Some(set) = catalogue.data_set(&form.data_set) {
        context.store.visit(
            [form.org_unit.as_str()],
            |period| period == form.period.iso,
            |row| {
                let asked = row.attribute_option_combo() == form.attribute_option_combo
                    && set.elements.contains_key(row.data_element())
                    && !row.deleted();
                if asked {
                    values.push(shown(&catalogue, &row));
                }
                true
            },
        );
    }
    let lock_status = catalogue.data_set(&form.data_set).map_or("OPEN", |set| {
        let combo = &form.attribute_option_combo;
        lock_status(&context, set, &form.period, &form.org_unit, combo)
    });
    Ok(Answer::json(
        200,
        &json!({
            "dataValues": values, "minMaxValues": [],
            "lockStatus": lock_status, "completeStatus": complete_status(&context, &form),
        }),
    ))
}

/// One value. The attribute option combo is told by its parts.
fn shown(catalogue: &Catalogue, row: &RowView<'_>) -> Value {
    let mut out = Map::new();
    out.insert("dataElement".into(), row.data_element().into());
    out.insert("period".into(), row.period().into());
    out.insert("orgUnit".into(), row.org_unit().into());
    out.insert(
        "categoryOptionCombo".into(),
        row.category_option_combo().into(),
    );
    if let Some(combo) = catalogue.option_combo(row.attribute_option_combo()) {
        let attribute = json!({"combo": combo.category_combo, "options": combo.options});
        out.insert("attribute".into(), attribute);
    }
    let texts = [("value", row.value()), ("comment", row.comment())];
    for (name, text) in texts {
        if let Some(text) = text {
            out.insert(name.into(), text.into());
        }
    }
    out.insert("followUp".into(), row.followup().into());
    out.insert("storedBy".into(), row.stored_by().into());
    for (name, time) in [
        ("created", row.created()),
        ("lastUpdated", row.last_updated()),
    ] {
        out.insert(
            name.into(),
            time.format("%Y-%m-%dT%H:%M:%S%.3f").to_string().into(),
        );
    }
    Value::Object(out)
}

fn complete_status(context: &ValueContext<'_>, form: &Form) -> Value {
    let key = RegistrationKey {
        data_set: form.data_set.clone(),
        period: form.period.iso.clone(),
        org_unit: form.org_unit.clone(),
        attribute_option_combo: form.attribute_option_combo.clone(),
    };
    match context.store.registration(&key) {
        None => json!({"complete": false}),
        Some(registration) => {
            let date = registration
                .date
                .format("%Y-%m-%dT%H:%M:%S%.3f")
                .to_string();
            json!({
                "complete": registration.completed, "created": date, "createdBy": registration.stored_by,
                "lastUpdated": date, "lastUpdatedBy": registration.stored_by,
            })
        }
    }
}
