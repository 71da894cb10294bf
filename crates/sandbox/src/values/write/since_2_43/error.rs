//! 2.43's faults: a code, a sentence with gaps, and what fills them.

use super::super::Conflict;

/// A fault of the request, of the group or of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    code: &'static str,
    fillings: Vec<String>,
}

impl Fault {
    /// A fault with these fillings.
    pub fn new(code: &'static str, fillings: &[&str]) -> Self {
        Self {
            code,
            fillings: fillings.iter().map(|f| (*f).to_owned()).collect(),
        }
    }

    /// A fault whose last filling is a list.
    pub fn list(code: &'static str, fillings: &[&str], list: &[&str]) -> Self {
        let mut fault = Self::new(code, fillings);
        fault.fillings.push(format!("[{}]", list.join(", ")));
        fault
    }

    /// Whether it is that the data is approved.
    pub fn is_approval(&self) -> bool {
        self.code == "E8033"
    }

    /// As the answer lists it: the fillings once more, joined by hyphens.
    pub fn conflict(&self) -> Conflict {
        let mut pieces = sentence(self.code).split("{}");
        let mut message = pieces.next().unwrap_or("").to_owned();
        for (filling, piece) in self.fillings.iter().zip(pieces) {
            message.push_str(filling);
            message.push_str(piece);
        }
        Conflict {
            object: None,
            objects: Some(vec![("args", self.fillings.join("-"))]),
            message,
            code: Some(self.code),
            property: None,
            indexes: None,
        }
    }
}

/// The sentences, as recorded from 2.43.1; E8003, E8103, E8104, E8109, E8111 and
/// E8121–E8125 in the words of their siblings.
fn sentence(code: &str) -> &'static str {
    match code {
        "E8002" => "Data set detection failed, found multiple sets: `{}`",
        "E8003" => "Data set detection failed, found no set for data element(s): `{}`",
        "E8010" => "Current user cannot enter data for data set: `{}`",
        "E8011" => "Current user cannot enter data for org unit(s): `{}`",
        "E8012" => "Current user cannot enter data for category option(s): `{}`",
        "E8020" => "Data set {} not usable with data element(s): `{}`",
        "E8021" => "Data set {} not usable with period(s): `{}`",
        "E8022" => "Data set {} not usable with org unit(s): `{}`",
        "E8023" => "Data set {} not usable with attribute option combo(s): `{}`",
        "E8024" => "Data set {} + data element {} not usable with category option combo(s): `{}`",
        "E8025" => "Attribute option combo {} not usable with org unit(s): `{}`",
        "E8030" => "Untimely data entry for data set {} and period(s): `{}`",
        "E8031" => "Untimely data entry for org unit {} and period(s): `{}`",
        "E8032" => "Untimely data entry for attribute option combo {} and period(s): `{}`",
        "E8033" => {
            "Untimely data entry (already approved) for attribute option combo {}, org unit {} and periods: `{}`"
        }
        "E8100" => "Value #{} period not defined in group or value: `{}`",
        "E8102" => "Value #{} data element not defined in group or value: `{}`",
        "E8103" => "Value #{} data element UID is not valid: `{}`",
        "E8104" => "Value #{} data element not found: `{}`",
        "E8105" => "Value #{} org unit not defined in group or value: `{}`",
        "E8106" => "Value #{} org unit UID is not valid: `{}`",
        "E8107" => "Value #{} org unit not found: `{}`",
        "E8108" => "Value #{} category option combo UID is not valid: `{}`",
        "E8109" => "Value #{} category option combo not found: `{}`",
        "E8110" => "Value #{} attribute option combo UID is not valid: `{}`",
        "E8111" => "Value #{} attribute option combo not found: `{}`",
        "E8120" => "Value #{} value is required",
        "E8121" => "Value #{} value or comment is required",
        "E8122" => "Value #{} value `{}` is no valid {}: {}",
        "E8123" => "Value #{} value `{}` is no valid option for data element `{}`",
        "E8125" => "Value #{} comment exceeds maximum length of {}",
        "E8128" => "Value #{} all affect the same data value: `{}`",
        _ => "{}",
    }
}
