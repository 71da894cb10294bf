//! As much of Rust's grammar as tells strings, comments and code apart.

/// A piece of a source file.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Code(&'a str),
    Comment,
    /// What stands between the quotes, escapes left as they are.
    Text(&'a str),
}

/// The string literals of a source, in order; escapes are left as they are.
pub(super) fn strings(source: &str) -> Vec<&str> {
    pieces(source)
        .into_iter()
        .filter_map(|piece| {
            if let Piece::Text(text) = piece {
                Some(text)
            } else {
                None
            }
        })
        .collect()
}

/// The source with nothing in place of comments and strings.
pub(super) fn without_comments_and_strings(source: &str) -> String {
    pieces(source)
        .iter()
        .map(|piece| {
            if let Piece::Code(code) = piece {
                code
            } else {
                ""
            }
        })
        .collect()
}

/// The source up to its unit tests, which stand at the end of a file here. Tests in a file
/// of their own are only named, somewhere among the modules.
pub(super) fn without_tests(source: &str) -> &str {
    source
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(source)
}

fn pieces(source: &str) -> Vec<Piece<'_>> {
    let bytes = source.as_bytes();
    let mut pieces = Vec::new();
    let mut code_from = 0;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &source[at..];
        let (piece, length) = if rest.starts_with("//") {
            (Piece::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (
                Piece::Comment,
                rest.find("*/").map_or(rest.len(), |end| end + 2),
            )
        } else if rest.starts_with('"') {
            let end = closing_quote(rest);
            (Piece::Text(&rest[1..end]), end + 1)
        } else if let Some((text, length)) = raw_string(source, at) {
            (Piece::Text(text), length)
        } else {
            at += character_length(rest);
            continue;
        };
        pieces.push(Piece::Code(&source[code_from..at]));
        pieces.push(piece);
        at = (at + length).min(source.len());
        code_from = at;
    }
    pieces.push(Piece::Code(&source[code_from..]));
    pieces
}

/// Where the quote is that closes the literal that `rest` begins with; its last byte if none does.
fn closing_quote(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return at,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len().saturating_sub(1).max(1)
}

/// `r"…"` and `r#"…"#` at this place: the text and the length of the whole.
fn raw_string(source: &str, at: usize) -> Option<(&str, usize)> {
    let is_own_word = !source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let rest = source[at..].strip_prefix('r').filter(|_| is_own_word)?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let text = rest[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = text.find(&close)?;
    Some((&text[..end], 1 + hashes + 1 + end + close.len()))
}

/// How far one step of code goes: a quote in apostrophes (`'"'`, `'\''`) is one step.
fn character_length(rest: &str) -> usize {
    for literal in ["'\"'", "'\\\"'", "'\\''", "'\\\\'"] {
        if rest.starts_with(literal) {
            return literal.len();
        }
    }
    rest.chars().next().map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found() {
        let source = r##"// "no" 'é'
            let a = "one"; /* "no" */ let b = '"'; let c: &'static str = "t\"wo";
            let d = r#"th"ree"#; let car = "four";"##;
        assert_eq!(strings(source), ["one", "t\\\"wo", "th\"ree", "four"]);
    }

    #[test]
    fn code_is_left() {
        assert_eq!(
            without_comments_and_strings("a(\"b\") // c\n+ 'd'"),
            "a() \n+ 'd'"
        );
        assert_eq!(without_comments_and_strings("an \"open end"), "an ");
    }

    #[test]
    fn tests_are_cut_off() {
        assert_eq!(
            without_tests("fn a() {}\n#[cfg(test)]\nmod tests {}"),
            "fn a() {}\n"
        );
        let named = "#[cfg(test)]\nmod tests;\nfn a() {}\n";
        assert_eq!(without_tests(named), named);
    }
}
