//! The DHIS2 versions that the sandbox can be. A version is chosen once, at
//! start, and asked for wherever servers of different versions differ.

use std::fmt;
use std::str::FromStr;

/// A DHIS2 release line, with the exact release that was recorded for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServerVersion {
    /// Recorded as 2.40.12.
    V40,
    /// Recorded as 2.41.9.
    V41,
    /// Recorded as 2.42.5.2.
    V42,
    /// Recorded as 2.43.1.
    V43,
}

impl ServerVersion {
    /// All versions, oldest first.
    pub const ALL: [Self; 4] = [Self::V40, Self::V41, Self::V42, Self::V43];

    /// The version text that `/api/system/info` answers with.
    pub fn release(self) -> &'static str {
        match self {
            Self::V40 => "2.40.12",
            Self::V41 => "2.41.9",
            Self::V42 => "2.42.5.2",
            Self::V43 => "2.43.1",
        }
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.release())
    }
}

impl FromStr for ServerVersion {
    type Err = String;

    /// Accepts `2.42` and `2.42.5.2`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|v| text == v.release() || v.release().starts_with(&format!("{text}.")))
            .ok_or_else(|| format!("{text} is not a version that the sandbox knows; it knows 2.40, 2.41, 2.42 and 2.43"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_line_and_a_full_release_are_understood() {
        assert_eq!("2.42".parse(), Ok(ServerVersion::V42));
        assert_eq!("2.43.1".parse(), Ok(ServerVersion::V43));
        assert!("2.4".parse::<ServerVersion>().is_err());
        assert!("2.39".parse::<ServerVersion>().is_err());
    }
}
