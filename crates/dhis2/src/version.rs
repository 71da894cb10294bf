//! DHIS2 versions as servers write them in `/api/system/info`: `2.42.5.2`, `2.43-SNAPSHOT`.

use std::fmt;

/// A parsed DHIS2 version; ordered by its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The 43 of `2.43.1`.
    pub major: u16,
    /// The 1 of `2.43.1`; 0 where the text has none (`2.43-SNAPSHOT`).
    pub patch: u16,
    /// The 2 of `2.42.5.2`; 0 mostly.
    pub hotfix: u16,
    /// Whether it is a build between releases.
    pub snapshot: bool,
}

/// The oldest version that Tributary works with: Routes begin there.
pub const OLDEST: u16 = 40;
/// The newest version whose behaviour was recorded.
pub const NEWEST: u16 = 43;

/// The versions whose answers were recorded on real servers, oldest first: what documents
/// and checks go over.
pub const RECORDED: [Version; 4] = [
    Version::new(40, 12, 0),
    Version::new(41, 9, 0),
    Version::new(42, 5, 2),
    Version::new(43, 1, 0),
];

/// Why a version cannot be worked with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// The text is no DHIS2 version.
    #[error("not a DHIS2 version: {0:?}")]
    NotAVersion(String),
    /// Older than 2.40.
    #[error("DHIS2 {0} is older than 2.40, the oldest version whose answers are known")]
    Unsupported(Version),
}

impl Version {
    /// A release version.
    #[must_use]
    pub const fn new(major: u16, patch: u16, hotfix: u16) -> Self {
        Self {
            major,
            patch,
            hotfix,
            snapshot: false,
        }
    }

    /// Reads `2.<major>[.<patch>[.<hotfix>]][-<anything>]` (`2.43-SNAPSHOT`, `2.43.1-rc1`;
    /// numbers after the hotfix are left out), and `<major>[.<patch>]` without
    /// the leading 2 (as DHIS2 names its releases from 43 on in public).
    ///
    /// # Errors
    /// [`VersionError::NotAVersion`] for other texts, [`VersionError::Unsupported`] below 2.40.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let not_a_version = || VersionError::NotAVersion(text.chars().take(40).collect());
        let trimmed = text.trim();
        let (numbers, suffix) = trimmed.split_once(['-', '+']).unwrap_or((trimmed, ""));
        let mut parts = Vec::with_capacity(4);
        for part in numbers.split('.') {
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(not_a_version());
            }
            parts.push(part.parse::<u16>().map_err(|_| not_a_version())?);
        }
        let rest = match parts.as_slice() {
            [2, rest @ ..] if !rest.is_empty() => rest,
            [first, ..] if *first >= OLDEST => parts.as_slice(),
            _ => return Err(not_a_version()),
        };
        let version = Self {
            major: rest.first().copied().unwrap_or(0),
            patch: rest.get(1).copied().unwrap_or(0),
            hotfix: rest.get(2).copied().unwrap_or(0),
            snapshot: suffix.to_ascii_uppercase().contains("SNAPSHOT"),
        };
        if version.major < OLDEST {
            return Err(VersionError::Unsupported(version));
        }
        Ok(version)
    }

    /// Whether this version is newer than every one whose behaviour was recorded. The rules
    /// of the newest known one are used then, and the person is told.
    #[must_use]
    pub const fn newer_than_known(self) -> bool {
        self.major > NEWEST
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "2.{}", self.major)?;
        if self.hotfix > 0 {
            write!(formatter, ".{}.{}", self.patch, self.hotfix)?;
        } else if !self.snapshot || self.patch > 0 {
            write!(formatter, ".{}", self.patch)?;
        }
        if self.snapshot {
            formatter.write_str("-SNAPSHOT")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Version, VersionError};

    #[test]
    fn versions_are_read_as_servers_write_them() {
        for (text, expected, shown) in [
            ("2.40.12", Version::new(40, 12, 0), "2.40.12"),
            ("2.41.9", Version::new(41, 9, 0), "2.41.9"),
            ("2.42.5.2", Version::new(42, 5, 2), "2.42.5.2"),
            ("2.43.1", Version::new(43, 1, 0), "2.43.1"),
            (" 43.1 ", Version::new(43, 1, 0), "2.43.1"),
            ("2.44.0", Version::new(44, 0, 0), "2.44.0"),
            ("2.42.1-rc", Version::new(42, 1, 0), "2.42.1"),
            ("2.43.1-rc1", Version::new(43, 1, 0), "2.43.1"),
            ("2.42.5.2+build.7", Version::new(42, 5, 2), "2.42.5.2"),
            ("2.41.10", Version::new(41, 10, 0), "2.41.10"),
            ("2.40.3.1.2", Version::new(40, 3, 1), "2.40.3.1"),
            ("2.43", Version::new(43, 0, 0), "2.43.0"),
            ("44.0", Version::new(44, 0, 0), "2.44.0"),
            ("44", Version::new(44, 0, 0), "2.44.0"),
        ] {
            let version = Version::parse(text).unwrap();
            assert_eq!(version, expected, "{text}");
            assert_eq!(version.to_string(), shown);
        }
        let snapshot = Version::parse("2.43-SNAPSHOT").unwrap();
        assert!(snapshot.snapshot && snapshot.major == 43);
        assert_eq!(snapshot.to_string(), "2.43-SNAPSHOT");
    }

    #[test]
    fn old_and_unreadable_versions_are_refused() {
        assert_eq!(
            Version::parse("2.39.6"),
            Err(VersionError::Unsupported(Version::new(39, 6, 0)))
        );
        for text in [
            "",
            "2",
            "2.",
            "2.x",
            "3.40",
            "x2.42",
            "2.42..1",
            "2.99999999",
        ] {
            assert!(
                matches!(Version::parse(text), Err(VersionError::NotAVersion(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn newer_than_known_begins_after_the_newest_recorded() {
        assert!(!Version::new(43, 9, 0).newer_than_known());
        assert!(Version::new(44, 0, 0).newer_than_known());
        assert!(Version::new(42, 6, 0) < Version::new(43, 0, 0));
    }
}
