//! Text as people search it: the engine's folding, so that a search finds the same in a
//! list of the page as in a table of the Worker.

pub use tributary_engine::folding::fold;

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn accents_and_capitals_make_no_difference() {
        assert_eq!(fold("  Région Île-de-Cœur "), "region ile-de-coeur");
        assert_eq!(fold("KPÈTOU Agbodékpé"), fold("kpetou agbodekpe"));
        assert_eq!(fold("N\u{303}ande"), "nande");
        assert_eq!(fold("İstanbul"), "istanbul");
    }

    #[test]
    fn other_scripts_stay() {
        assert_eq!(fold("ມະຫາໄຊ"), "ມະຫາໄຊ");
        assert_eq!(fold("القاهرة"), "القاهرة");
    }
}
