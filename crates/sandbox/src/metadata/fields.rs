//! The `fields` parameter: `id,name,parent[id],organisationUnits~size,:owner,!code`.

/// One member that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The member, or a preset such as `:all`.
    pub name: String,
    /// `!name`: left out.
    pub excluded: bool,
    /// What is asked for within the member; none: the member as a whole.
    pub children: Option<Vec<Field>>,
    /// What is done with the value, with its argument.
    pub transformers: Vec<(String, String)>,
}

impl Field {
    /// A member as a whole.
    pub fn plain(name: &str) -> Self {
        Self {
            name: name.into(),
            excluded: false,
            children: None,
            transformers: Vec::new(),
        }
    }
}

/// Reads a `fields` parameter. What makes no sense is left out, as DHIS2 does.
pub fn parse(text: &str) -> Vec<Field> {
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    list(&characters, &mut at)
}

fn list(text: &[char], at: &mut usize) -> Vec<Field> {
    let mut out = Vec::new();
    while *at < text.len() {
        match text[*at] {
            ']' | ')' => {
                *at += 1;
                return out;
            }
            ',' | ' ' => *at += 1,
            _ => {
                if let Some(field) = field(text, at) {
                    out.push(field);
                }
            }
        }
    }
    out
}

fn word(text: &[char], at: &mut usize) -> String {
    let start = *at;
    while *at < text.len() && !matches!(text[*at], ',' | '[' | ']' | '(' | ')' | '~' | '|') {
        *at += 1;
    }
    text[start..*at]
        .iter()
        .collect::<String>()
        .trim()
        .to_owned()
}

fn field(text: &[char], at: &mut usize) -> Option<Field> {
    let before = *at;
    let name = word(text, at);
    // `a::size` is the old way to write `a~size`.
    let (name, old) = match name.split_once("::") {
        Some((name, transformer)) => (name.to_owned(), Some(transformer.to_owned())),
        None => (name, None),
    };
    let (name, excluded) = match name.strip_prefix('!') {
        Some(rest) => (rest.to_owned(), true),
        None => (name, false),
    };
    let mut field = Field {
        excluded,
        ..Field::plain(&name)
    };
    field.transformers.extend(old.map(|t| (t, String::new())));
    while *at < text.len() {
        match text[*at] {
            '~' | '|' => {
                *at += 1;
                let transformer = word(text, at);
                let mut argument = String::new();
                if text.get(*at) == Some(&'(') {
                    *at += 1;
                    argument = word(text, at);
                    *at += 1;
                }
                field.transformers.push((transformer, argument));
            }
            '[' | '(' => {
                *at += 1;
                field.children = Some(list(text, at));
            }
            _ => break,
        }
    }
    if *at == before {
        *at += 1;
    }
    (!field.name.is_empty()).then_some(field)
}

/// The members of a preset; none for the presets that mean everything.
pub fn preset(name: &str) -> Option<&'static [&'static str]> {
    match name {
        ":identifiable" => Some(&[
            "id",
            "name",
            "code",
            "created",
            "lastUpdated",
            "lastUpdatedBy",
        ]),
        ":nameable" => Some(&[
            "id",
            "name",
            "shortName",
            "description",
            "code",
            "created",
            "lastUpdated",
        ]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_transformers_and_exclusions_are_read() {
        let fields =
            parse("id,a[b,c[d]],organisationUnits~size,name~rename(n),!code,:owner,x::size");
        let names: Vec<&str> = fields.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "id",
                "a",
                "organisationUnits",
                "name",
                "code",
                ":owner",
                "x"
            ]
        );
        let inner = fields[1].children.as_ref().unwrap();
        assert_eq!(inner[1].children, Some(vec![Field::plain("d")]));
        assert_eq!(fields[2].transformers, [("size".to_owned(), String::new())]);
        assert_eq!(
            fields[3].transformers,
            [("rename".to_owned(), "n".to_owned())]
        );
        assert!(fields[4].excluded);
        assert_eq!(fields[6].transformers[0].0, "size");
    }

    #[test]
    fn broken_text_ends() {
        for text in ["a[b", "]]]", "~", "a~", "((", ",,,", "a[,]"] {
            let _ = parse(text);
        }
    }
}
