//! Names: which one is shown, and searching in them: case and accents do not matter, every word
//! has to be there.

pub(super) use tributary_engine::folding::fold;

/// The name that is shown: the one in the person's language, or else the plain one.
pub(super) fn shown(display_name: &str, name: &str) -> String {
    if display_name.is_empty() {
        name.to_owned()
    } else {
        display_name.to_owned()
    }
}

/// Whether every word of a search stands in a folded text.
pub(super) fn matches(folded: &str, words: &[String]) -> bool {
    words.iter().all(|word| folded.contains(word.as_str()))
}

/// The folded words of a search.
pub(super) fn words(search: &str) -> Vec<String> {
    fold(search).split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_do_not_matter() {
        assert!(matches(
            &fold("Hôpital de Référence"),
            &words("REFERENCE hop")
        ));
        assert!(!matches(&fold("Hôpital"), &words("clinique")));
    }
}
