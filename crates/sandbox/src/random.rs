//! The only place that draws random numbers: uids, session ids, secrets.

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Random bytes of the operating system.
fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    // Without randomness the operating system is broken; a fixed id is then the lesser harm
    // in a sandbox, and the next insertion says that the id exists.
    let _ = getrandom::fill(&mut out);
    out
}

/// Letters and digits.
pub fn text<const N: usize>() -> String {
    bytes::<N>()
        .iter()
        .map(|b| char::from(LETTERS[usize::from(*b) % LETTERS.len()]))
        .collect()
}

/// A DHIS2 uid: a letter, then ten letters or digits.
pub fn uid() -> String {
    let raw = bytes::<11>();
    raw.iter()
        .enumerate()
        .map(|(i, b)| {
            let choice = if i == 0 { 52 } else { LETTERS.len() };
            char::from(LETTERS[usize::from(*b) % choice])
        })
        .collect()
}

/// A session id or a salt: 32 hexadecimal digits, upper case as Tomcat writes them.
pub fn hex() -> String {
    bytes::<16>().iter().map(|b| format!("{b:02X}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_uid_starts_with_a_letter_and_has_eleven_characters() {
        for _ in 0..100 {
            let uid = super::uid();
            assert_eq!(uid.len(), 11);
            assert!(uid.starts_with(|c: char| c.is_ascii_alphabetic()), "{uid}");
            assert!(uid.chars().all(|c| c.is_ascii_alphanumeric()), "{uid}");
        }
    }
}
