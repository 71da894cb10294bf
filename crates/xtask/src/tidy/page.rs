//! The page has no inline script and no inline style: strict proxies forbid both.

/// Complaints about an HTML page.
pub(super) fn scripts_and_styles_are_files(name: &str, html: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if html.is_empty() {
        complaints.push(format!("{name} is missing or empty"));
    }
    let small = html.to_ascii_lowercase();
    for (at, _) in small.match_indices("<script") {
        let (tag, after) = split_tag(&small[at..]);
        let is_empty = after.trim_start().starts_with("</script");
        if !tag.contains(" src=") || !is_empty {
            complaints.push(format!("{name}: inline script"));
        }
    }
    if small.contains("<style") {
        complaints.push(format!("{name}: inline style"));
    }
    for (at, _) in small.match_indices('<') {
        let (tag, _) = split_tag(&small[at..]);
        for attribute in tag.split_whitespace().skip(1) {
            let Some((attribute, _)) = attribute.split_once('=') else {
                continue;
            };
            if attribute == "style" || attribute.starts_with("on") {
                complaints.push(format!("{name}: attribute {attribute}"));
            }
        }
    }
    complaints
}

fn split_tag(from: &str) -> (&str, &str) {
    from.split_once('>').unwrap_or((from, ""))
}

#[cfg(test)]
mod tests {
    use super::scripts_and_styles_are_files as check;

    #[test]
    fn files_are_good() {
        let page = "<html lang=\"en\"><link rel=\"stylesheet\" href=\"a.css\"><script type=\"module\" src=\"a.js\"></script>";
        assert_eq!(check("page", page), Vec::<String>::new());
    }

    #[test]
    fn inline_is_not() {
        for page in [
            "",
            "<script>go()</script>",
            "<script src=\"a.js\">go()</script>",
            "<style>p { }</style>",
            "<p style=\"color: red\">",
            "<body onload=\"go()\">",
        ] {
            assert_eq!(check("page", page).len(), 1, "{page}");
        }
    }
}
