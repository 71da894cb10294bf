//! Id schemes: the property by which a request names its objects.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::Catalogue;
use super::objects::AttributeValues;

/// How objects are named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IdScheme {
    /// By uid.
    #[default]
    Uid,
    /// By code.
    Code,
    /// By name.
    Name,
    /// By the value of the attribute with this uid.
    Attribute(String),
}

impl IdScheme {
    /// Reads `UID`, `CODE`, `NAME`, `ATTRIBUTE:<uid>`, in any case; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "UID" | "ID" => Some(Self::Uid),
            "CODE" => Some(Self::Code),
            "NAME" => Some(Self::Name),
            upper if upper.starts_with("ATTRIBUTE:") => {
                Some(Self::Attribute(text["ATTRIBUTE:".len()..].to_owned()))
            }
            _ => None,
        }
    }
}

/// The kinds of objects that a scheme can be given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Data elements.
    DataElement,
    /// Org units.
    OrgUnit,
    /// Category and attribute option combos.
    OptionCombo,
    /// Data sets.
    DataSet,
}

/// The names of one object.
struct Named<'c> {
    uid: &'c str,
    code: Option<&'c str>,
    name: &'c str,
    attributes: &'c AttributeValues,
}

impl<'c> Named<'c> {
    fn by(&self, scheme: &IdScheme) -> Option<&'c str> {
        match scheme {
            IdScheme::Uid => Some(self.uid),
            IdScheme::Code => self.code,
            IdScheme::Name => Some(self.name),
            IdScheme::Attribute(attribute) => self.attributes.get(attribute).map(String::as_str),
        }
    }
}

/// Finds uids by the names of a scheme.
pub enum Finder {
    /// The names are the uids.
    Uid,
    /// Name → uid.
    Table(FxHashMap<String, String>),
}

impl Finder {
    /// The uid behind a name; for uids the name itself, known or not.
    pub fn uid<'n>(&'n self, name: &'n str) -> Option<&'n str> {
        match self {
            Self::Uid => Some(name),
            Self::Table(table) => table.get(name).map(String::as_str),
        }
    }
}

impl Catalogue {
    /// What finds uids of a kind by the names of a scheme.
    pub fn finder(&self, kind: Kind, scheme: &IdScheme) -> Finder {
        if *scheme == IdScheme::Uid {
            return Finder::Uid;
        }
        let names = self.names_of(kind);
        Finder::Table(
            names
                .filter_map(|n| Some((n.by(scheme)?.to_owned(), n.uid.to_owned())))
                .collect(),
        )
    }

    /// The name of an object by a scheme; none when it lacks the property.
    pub fn name_by<'n>(
        &'n self,
        kind: Kind,
        scheme: &IdScheme,
        uid: &'n str,
    ) -> Option<Cow<'n, str>> {
        match scheme {
            IdScheme::Uid => Some(Cow::Borrowed(uid)),
            _ => self.named(kind, uid)?.by(scheme).map(Cow::Borrowed),
        }
    }

    fn named(&self, kind: Kind, uid: &str) -> Option<Named<'_>> {
        match kind {
            Kind::DataElement => self
                .data_elements
                .get(uid)
                .map(|o| named(&o.uid, &o.code, &o.name, &o.attributes)),
            Kind::OrgUnit => self
                .org_units
                .get(uid)
                .map(|o| named(&o.uid, &o.code, &o.name, &o.attributes)),
            Kind::OptionCombo => self
                .option_combos
                .get(uid)
                .map(|o| named(&o.uid, &o.code, &o.name, &o.attributes)),
            Kind::DataSet => self
                .data_sets
                .get(uid)
                .map(|o| named(&o.uid, &o.code, &o.name, &o.attributes)),
        }
    }

    fn names_of(&self, kind: Kind) -> Box<dyn Iterator<Item = Named<'_>> + '_> {
        match kind {
            Kind::DataElement => Box::new(
                self.data_elements
                    .values()
                    .map(|o| named(&o.uid, &o.code, &o.name, &o.attributes)),
            ),
            Kind::OrgUnit => Box::new(
                self.org_units
                    .all()
                    .iter()
                    .map(|o| named(&o.uid, &o.code, &o.name, &o.attributes)),
            ),
            Kind::OptionCombo => Box::new(
                self.option_combos
                    .values()
                    .map(|o| named(&o.uid, &o.code, &o.name, &o.attributes)),
            ),
            Kind::DataSet => Box::new(
                self.data_sets
                    .values()
                    .map(|o| named(&o.uid, &o.code, &o.name, &o.attributes)),
            ),
        }
    }
}

fn named<'c>(
    uid: &'c str,
    code: &'c Option<String>,
    name: &'c str,
    attributes: &'c AttributeValues,
) -> Named<'c> {
    Named {
        uid,
        code: code.as_deref(),
        name,
        attributes,
    }
}
