//! Taking a JSON document of a known frame apart while it comes: an object, of whose members
//! one is a long list. Names, the values of the other members, and the elements of the list
//! are found by their ends and given out whole, as bytes; whether they are good JSON is for
//! the reader of each to say. Only the part that is not yet whole is held, up to a bound.

/// The longest part: an element, a member that is no list, a name. A data value has at most
/// 50 000 characters and a comment of as many (`datavalue.value`, `datavalue.comment`).
pub(super) const LONGEST_PART: usize = 1 << 20;

/// A part of the document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'b> {
    /// The name of a member, in its quotes.
    Key(&'b [u8]),
    /// The list begins.
    List,
    /// The value of a member that is not the list.
    Member(&'b [u8]),
    /// An element of the list.
    Element(&'b [u8]),
}

/// What cannot stand where it stands, or is longer than any part may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unexpected;

/// Where in the document the next byte is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Beginning,
    /// Before a name; `}` may come instead where none came before.
    Key {
        is_first: bool,
    },
    Colon,
    /// Before the value of a member.
    Value,
    /// Within a part that is being collected.
    Within(Kind),
    /// After a member.
    Comma,
    /// Before an element; `]` may come instead where none came before.
    Element {
        is_first: bool,
    },
    /// After an element.
    ElementComma,
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Key,
    Member,
    Element,
}

/// A document on its way.
#[derive(Debug, Default)]
pub(super) struct Parts {
    place: Place,
    part: Vec<u8>,
    /// How many brackets of the part are open.
    depth: usize,
    in_text: bool,
    /// The byte before was a backslash that stands for nothing itself.
    is_escaped: bool,
}

impl Parts {
    /// Whether the document is whole.
    pub(super) fn is_over(&self) -> bool {
        self.place == Place::Over
    }

    /// The next part that is whole; `None` when more has to come first. `is_list` says of the
    /// member whose name was given out last whether its value is to be taken apart.
    pub(super) fn next(
        &mut self,
        rest: &mut &[u8],
        is_list: bool,
    ) -> Result<Option<Part<'_>>, Unexpected> {
        loop {
            if let Place::Within(kind) = self.place {
                if !self.collect(rest)? {
                    return Ok(None);
                }
                let (place, part): (_, fn(_) -> _) = match kind {
                    Kind::Key => (Place::Colon, Part::Key as fn(_) -> _),
                    Kind::Member => (Place::Comma, Part::Member),
                    Kind::Element => (Place::ElementComma, Part::Element),
                };
                self.place = place;
                return Ok(Some(part(&self.part)));
            }
            *rest = rest.trim_ascii_start();
            let Some((&first, after)) = rest.split_first() else {
                return Ok(None);
            };
            let mut is_begin = false;
            self.place = match (self.place, first) {
                (Place::Beginning, b'{') => Place::Key { is_first: true },
                (Place::Key { .. }, b'"') => {
                    is_begin = true;
                    Place::Within(Kind::Key)
                }
                (Place::Key { is_first: true } | Place::Comma, b'}') => Place::Over,
                (Place::Colon, b':') => Place::Value,
                (Place::Value, b'[') if is_list => {
                    *rest = after;
                    self.place = Place::Element { is_first: true };
                    return Ok(Some(Part::List));
                }
                (Place::Value, _) if !is_list => {
                    is_begin = true;
                    Place::Within(Kind::Member)
                }
                (Place::Comma, b',') => Place::Key { is_first: false },
                (Place::Element { .. }, b'{') => {
                    is_begin = true;
                    Place::Within(Kind::Element)
                }
                (Place::Element { is_first: true } | Place::ElementComma, b']') => Place::Comma,
                (Place::ElementComma, b',') => Place::Element { is_first: false },
                _ => return Err(Unexpected),
            };
            if is_begin {
                self.part.clear();
            } else {
                *rest = after;
            }
        }
    }

    /// Collects the part that is under way; whether it is whole now.
    fn collect(&mut self, rest: &mut &[u8]) -> Result<bool, Unexpected> {
        // Anything but a text or brackets ends before the byte that follows it.
        let is_bare = |part: &Self| part.depth == 0 && !part.in_text;
        let mut end = None;
        for (at, &byte) in rest.iter().enumerate() {
            let is_begun = at > 0 || !self.part.is_empty();
            if self.in_text {
                if self.is_escaped {
                    self.is_escaped = false;
                } else if byte == b'\\' {
                    self.is_escaped = true;
                } else if byte == b'"' {
                    self.in_text = false;
                    if self.depth == 0 {
                        end = Some(at + 1);
                        break;
                    }
                }
                continue;
            }
            if is_begun && is_bare(self) {
                if matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace() {
                    end = Some(at);
                    break;
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.checked_sub(1).ok_or(Unexpected)?;
                    if self.depth == 0 {
                        end = Some(at + 1);
                        break;
                    }
                }
                b',' | b':' if self.depth == 0 => return Err(Unexpected),
                _ => {}
            }
        }
        let (taken, left) = rest
            .split_at_checked(end.unwrap_or(rest.len()))
            .ok_or(Unexpected)?;
        if self.part.len() + taken.len() > LONGEST_PART {
            return Err(Unexpected);
        }
        self.part.extend_from_slice(taken);
        *rest = left;
        Ok(end.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of a text that comes in pieces of so many bytes; `!` for what is unexpected,
    /// `…` for what is not over.
    fn parts(text: &str, size: usize) -> String {
        let mut parts = Parts::default();
        let mut found = Vec::new();
        let mut is_list = false;
        for piece in text.as_bytes().chunks(size) {
            let mut rest = piece;
            loop {
                let part = match parts.next(&mut rest, is_list) {
                    Ok(None) => break,
                    Ok(Some(part)) => part,
                    Err(Unexpected) => {
                        found.push("!".to_owned());
                        return found.join(" ");
                    }
                };
                let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
                found.push(match part {
                    Part::Key(bytes) => {
                        is_list = bytes == b"\"l\"";
                        format!("k{}", text(bytes))
                    }
                    Part::List => "[".to_owned(),
                    Part::Member(bytes) => format!("m{}", text(bytes)),
                    Part::Element(bytes) => format!("e{}", text(bytes)),
                });
            }
        }
        if !parts.is_over() {
            found.push("…".to_owned());
        }
        found.join(" ")
    }

    #[test]
    fn a_document_comes_apart_wherever_it_is_cut() {
        for (text, expected) in [
            ("{}", ""),
            (" { } \n", ""),
            (r#"{"a":1}"#, r#"k"a" m1"#),
            (r#"{"a":-1.5e3 , "b" : null}"#, r#"k"a" m-1.5e3 k"b" mnull"#),
            (
                r#"{"a":"}\"]\\","b":[1,{"c":"]"}]}"#,
                r#"k"a" m"}\"]\\" k"b" m[1,{"c":"]"}]"#,
            ),
            (r#"{"l":[]}"#, r#"k"l" ["#),
            (
                r#"{"l":[ {"x":"{"} , {} ] , "a":"é"}"#,
                r#"k"l" [ e{"x":"{"} e{} k"a" m"é""#,
            ),
            (r#"{"l":[{}],"l":[{}]}"#, r#"k"l" [ e{} k"l" [ e{}"#),
            // Not over.
            ("", "…"),
            ("{", "…"),
            (r#"{"a":1"#, r#"k"a" …"#),
            (r#"{"a"#, "…"),
            (r#"{"l":[{}"#, r#"k"l" [ e{} …"#),
            (r#"{"l":[{}]"#, r#"k"l" [ e{} …"#),
            // Not such a document.
            ("[]", "!"),
            ("{,}", "!"),
            (r#"{"a":1,}"#, r#"k"a" m1 !"#),
            (r#"{"a" 1}"#, r#"k"a" !"#),
            (r#"{"a":,"b":1}"#, r#"k"a" !"#),
            (r#"{"a":}"#, r#"k"a" !"#),
            (r#"{"a":1}{"#, r#"k"a" m1 !"#),
            (r#"{"l":{}}"#, r#"k"l" !"#),
            (r#"{"l":null}"#, r#"k"l" !"#),
            (r#"{"l":[1]}"#, r#"k"l" [ !"#),
            (r#"{"l":[{},]}"#, r#"k"l" [ e{} !"#),
            (r#"{"l":[{}{}]}"#, r#"k"l" [ e{} !"#),
        ] {
            for size in 1..=text.len().max(1) {
                assert_eq!(parts(text, size), expected, "{text} in pieces of {size}");
            }
        }
    }

    #[test]
    fn no_part_is_collected_for_ever() {
        let mut parts = Parts::default();
        assert_eq!(
            parts.next(&mut &b"{\"a\":["[..], false),
            Ok(Some(Part::Key(b"\"a\"")))
        );
        let piece = [b'1'; 4_096];
        let mut taken = 0;
        while parts.next(&mut &piece[..], false) == Ok(None) {
            taken += piece.len();
        }
        assert!(taken <= LONGEST_PART);
    }
}
