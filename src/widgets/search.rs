//! Text as people search it: capitals and accents make no difference.

/// The text in small letters without accents: `Région Île` → `region ile`. Letters of other
/// scripts stay as they are, in small.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        match letter {
            'a'..='z' | '0'..='9' | ' ' => out.push(letter),
            // Accents that follow their letter (the decomposed form).
            '\u{300}'..='\u{36f}' => {}
            _ => fold_letter(letter, &mut out),
        }
    }
    out
}

fn fold_letter(letter: char, out: &mut String) {
    for small in letter.to_lowercase() {
        let plain = match small {
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ' | 'ầ' => "a",
            'æ' => "ae",
            'ç' | 'ć' | 'ĉ' | 'č' => "c",
            'ď' | 'đ' | 'ɖ' => "d",
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ɛ' | 'ẹ' | 'ế' | 'ề' => "e",
            'ĝ' | 'ğ' | 'ģ' => "g",
            'ì'..='ï' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ị' => "i",
            'ķ' => "k",
            'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
            'ñ' | 'ń' | 'ņ' | 'ň' | 'ŋ' => "n",
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ɔ' | 'ọ' | 'ố' | 'ồ' => "o",
            'œ' => "oe",
            'ŕ' | 'ŗ' | 'ř' => "r",
            'ß' => "ss",
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
            'ţ' | 'ť' | 'ț' => "t",
            'ù'..='ü' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ụ' => "u",
            'ŵ' => "w",
            'ý' | 'ÿ' | 'ŷ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            '’' | 'ʼ' => "'",
            '\u{300}'..='\u{36f}' => "",
            other => {
                out.push(other);
                continue;
            }
        };
        out.push_str(plain);
    }
}

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
