//! The forms of numbers, dates, names and addresses.

use crate::period::parse_date;

/// Whether a number's text is zero: `0`, `0.`, `0.00`. Up to DHIS2 2.42 such a
/// value vanishes without a word where `zeroIsSignificant` is false
/// ("zero not significant": 200, all counters 0).
pub fn is_zero(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('0') else {
        return false;
    };
    rest.is_empty()
        || rest
            .strip_prefix('.')
            .is_some_and(|zeros| zeros.bytes().all(|b| b == b'0'))
}

/// A whole number of 32 bits in its one plain form: `0`, `-5`, `12`; not `-0`,
/// `+5`, `007`, ` 5`, `1e3`, `12.0` ("integer 007", "huge integer" …).
pub(super) fn integer(text: &str) -> Option<i32> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = is_digits(digits) && (!digits.starts_with('0') || text == "0");
    if plain { text.parse().ok() } else { None }
}

/// A decimal number without exponent: `0`, `-0.5`, `12.30`; not `1,5`, `.5`, `5.`,
/// `1e3`, `NaN` ("number 1,5" …). Servers take fewer than 250 characters.
pub(super) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = text.len() < 250
        && is_digits(whole)
        && is_digits(fraction)
        && (!whole.starts_with('0') || whole == "0");
    if plain {
        text.parse().ok().filter(|n: &f64| n.is_finite())
    } else {
        None
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// One letter, of one UTF-16 unit, as Java counts. Signs that count as alphabetic without
/// being letters to Java (Roman numerals, circled letters) are left out.
pub(super) fn is_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|letter| {
        letter.is_alphabetic()
            && letter.len_utf16() == 1
            && !matches!(letter, '\u{345}' | '\u{2160}'..='\u{2188}' | '\u{24b6}'..='\u{24e9}')
    }) && chars.next().is_none()
}

/// A letter, then ten letters or digits.
pub(super) fn is_uid(text: &str) -> bool {
    text.len() == 11
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Digits, blanks and `+ ( ) # . / - e x t`, 6 to 50 of them.
pub(super) fn is_phone_number(text: &str) -> bool {
    (6..=50).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || b.is_ascii_whitespace() || b"+()#./ext-".contains(&b))
}

/// 4 to 255 letters, digits and `- _ . @`, the signs neither first nor last nor two in a row.
pub(super) fn is_username(text: &str) -> bool {
    let sign = |b: u8| b"-_.@".contains(&b);
    let bytes = text.as_bytes();
    (4..=255).contains(&bytes.len())
        && bytes.iter().all(|&b| b.is_ascii_alphanumeric() || sign(b))
        && !bytes.first().copied().is_some_and(sign)
        && !bytes.last().copied().is_some_and(sign)
        && !bytes.windows(2).any(|pair| pair.iter().copied().all(sign))
}

/// `name@host`. Quoted names and addresses in brackets, which servers take, are left out.
pub(super) fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        let word = |word: &str| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b))
        };
        name.len() <= 64 && name.split('.').all(word) && is_domain(host)
    })
}

/// `https`, `http` or `ftp`, a domain or four numbers, perhaps a port, a path, the rest.
/// Names and passwords before the host, which servers take, are left out.
pub(super) fn is_url(text: &str) -> bool {
    let rest = ["https://", "http://", "ftp://"]
        .into_iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    let Some(rest) = rest else { return false };
    if rest.bytes().any(|b| !b.is_ascii_graphic()) {
        return false;
    }
    let host_ends = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(host_ends);
    let path_ends = rest.find(['?', '#']).unwrap_or(rest.len());
    let path = &rest[..path_ends];
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    (is_domain(host) || is_ip_address(host))
        && is_digits(port)
        && port.parse::<u16>().is_ok()
        && !path.contains("//")
        && !path.contains("/..")
        && path
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_:@&=+,.!/~*'%$;()".contains(&b))
}

/// Labels between dots, the last one of letters. Which last ones exist, servers know from a
/// list that is not kept here.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = text.rsplit_once('.').map(|(_, last)| last);
    text.len() <= 253
        && text.split('.').all(label)
        && last.is_some_and(|last| last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic()))
}

fn is_ip_address(text: &str) -> bool {
    let number = |part: &str| {
        is_digits(part) && part.parse::<u8>().is_ok() && (part == "0" || !part.starts_with('0'))
    };
    text.split('.').count() == 4 && text.split('.').all(number)
}

/// `9:30` or `10:30`; no seconds.
pub(super) fn is_time(text: &str) -> bool {
    text.split_once(':').is_some_and(|(hours, minutes)| {
        (1..=2).contains(&hours.len())
            && below(hours, 24)
            && minutes.len() == 2
            && below(minutes, 60)
    })
}

/// A day, `T`, a time of two digits each, perhaps with seconds and their thousandths or
/// millionths, perhaps `Z` or an offset: `2026-01-31T10:30:00.000+0300`.
pub(super) fn is_date_time(text: &str) -> bool {
    let Some((day, time)) = text.split_once('T') else {
        return false;
    };
    let (clock, offset) = time.split_at(time.find(['Z', '+', '-']).unwrap_or(time.len()));
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    let mut parts = clock.split(':');
    let mut part = |limit| {
        parts
            .next()
            .map(|part| part.len() == 2 && below(part, limit))
    };
    let (hours, minutes, seconds, more) = (part(24), part(60), part(60), part(1));
    parse_date(day).is_some()
        && hours == Some(true)
        && minutes == Some(true)
        && seconds != Some(false)
        && more.is_none()
        && fraction.is_none_or(|fraction| {
            seconds.is_some() && is_digits(fraction) && matches!(fraction.len(), 3 | 6)
        })
        && (matches!(offset, "" | "Z") || is_offset(&offset[1..]))
}

/// `0300` or `03:00`.
fn is_offset(text: &str) -> bool {
    let (hours, minutes) = match text.split_once(':') {
        Some(parts) => parts,
        None => text.split_at_checked(2).unwrap_or_default(),
    };
    hours.len() == 2 && below(hours, 24) && minutes.len() == 2 && below(minutes, 60)
}

fn below(digits: &str, limit: u32) -> bool {
    is_digits(digits) && digits.parse().is_ok_and(|n: u32| n < limit)
}

/// `[longitude,latitude]` in degrees.
pub(super) fn is_coordinate(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    inner
        .and_then(|inner| inner.split_once(','))
        .is_some_and(|(longitude, latitude)| {
            number(longitude).is_some_and(|n| n.abs() <= 180.0)
                && number(latitude).is_some_and(|n| n.abs() <= 90.0)
        })
}
