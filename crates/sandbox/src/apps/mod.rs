//! Installed apps: the zip and its manifest, who may open them, how their files
//! are served. Recorded: scenario "app-hosting".

pub mod api;
pub mod files;
pub mod zip;

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::context::CurrentUser;
use crate::version::ServerVersion;

/// One installed app.
#[derive(Clone, Debug)]
pub struct App {
    /// `manifest.webapp`.
    pub manifest: Value,
    /// When it was installed, as HTTP writes times.
    pub installed: String,
    /// What comes after the key in the name of its folder; differs with each installation from 2.42 on.
    pub folder: String,
    /// Path in the zip → bytes.
    pub files: IndexMap<String, Arc<Vec<u8>>>,
}

impl App {
    /// From what the database holds; the files are added one by one.
    pub fn from_record(record: Value) -> Self {
        Self {
            installed: record["installed"].as_str().unwrap_or_default().into(),
            folder: record["folder"].as_str().unwrap_or_default().into(),
            manifest: record["manifest"].clone(),
            files: IndexMap::new(),
        }
    }

    /// What the database holds, without the files.
    pub fn record(&self) -> Value {
        json!({"manifest": self.manifest, "installed": self.installed, "folder": self.folder})
    }

    fn text(&self, member: &str) -> &str {
        self.manifest[member].as_str().unwrap_or_default()
    }

    /// The name in the manifest.
    pub fn name(&self) -> &str {
        self.text("name")
    }

    fn short_name(&self) -> &str {
        let short = self.text("short_name").trim();
        if short.is_empty() {
            self.name().trim()
        } else {
            short
        }
    }

    /// The key: the short name with letters, digits and hyphens, hyphens for white space.
    pub fn key(&self) -> String {
        let kept = |c: &char| c.is_ascii_alphanumeric() || c.is_whitespace() || *c == '-';
        self.short_name()
            .chars()
            .filter(kept)
            .map(|c| if c.is_whitespace() { '-' } else { c })
            .collect()
    }

    /// The authority to open it: `M_` and the short name with letters and digits, `_` for white space.
    pub fn authority(&self) -> String {
        let kept = |c: &char| c.is_ascii_alphanumeric() || c.is_whitespace();
        let name: String = self
            .short_name()
            .chars()
            .filter(kept)
            .map(|c| if c.is_whitespace() { '_' } else { c })
            .collect();
        format!("M_{name}")
    }

    /// The authorities that the manifest adds.
    pub fn own_authorities(&self) -> Vec<String> {
        self.manifest["authorities"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|a| a.as_str().map(str::to_owned))
            .collect()
    }

    /// The dataStore namespace that it protects.
    pub fn namespace(&self) -> Option<&str> {
        self.manifest["activities"]["dhis"]["namespace"]
            .as_str()
            .filter(|n| !n.is_empty())
    }

    /// Whether the user may open it, and its namespace.
    pub fn is_open_to(&self, user: &CurrentUser) -> bool {
        user.has_authority(&self.authority()) || user.has_authority("M_dhis-web-app-management")
    }

    /// The app as the API shows it; `base` adds the addresses, which the answer
    /// to an installation does not have ("install", "app").
    pub fn shown(&self, version: ServerVersion, base: Option<&str>) -> Value {
        let key = self.key();
        let mut out = Map::new();
        let mut put = |name: &str, value: Value| {
            if !value.is_null() {
                out.insert(name.into(), value);
            }
        };
        let m = &self.manifest;
        let modern = version >= ServerVersion::V42;
        put("version", m["version"].clone());
        put("name", m["name"].clone());
        if modern {
            put("displayName", m["name"].clone());
            put("displayDescription", m["description"].clone());
        }
        put(
            "appType",
            m.get("appType").cloned().unwrap_or_else(|| "APP".into()),
        );
        if let (true, Some(_)) = (modern, base) {
            put("basePath", format!("/api/apps/{key}").into());
        }
        put("appStorageSource", "JCLOUDS".into());
        put("folderName", format!("apps/{}", self.folder).into());
        for member in [
            "description",
            "app_hub_id",
            "default_locale",
            "icons",
            "developer",
            "settings",
            "installs_allowed_from",
        ] {
            put(member, m[member].clone());
        }
        put("activities", m["activities"].clone());
        if let Some(base) = base {
            put(
                "launchUrl",
                format!("{base}/api/apps/{key}/{}", self.launch_path()).into(),
            );
            put("baseUrl", format!("{base}/api/apps/{key}").into());
        }
        put(
            "authorities",
            m.get("authorities").cloned().unwrap_or_else(|| json!([])),
        );
        put("bundled", false.into());
        put("appState", "OK".into());
        if modern {
            put(
                "shortcuts",
                m.get("shortcuts").cloned().unwrap_or_else(|| json!([])),
            );
        }
        put("key", key.into());
        put("launch_path", m["launch_path"].clone());
        put("plugin_launch_path", m["plugin_launch_path"].clone());
        put("short_name", self.short_name().into());
        put(
            "core_app",
            m.get("core_app").cloned().unwrap_or_else(|| false.into()),
        );
        Value::Object(out)
    }

    /// The page that opens it.
    pub fn launch_path(&self) -> &str {
        let path = self.text("launch_path");
        if path.is_empty() { "index.html" } else { path }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_and_authority_follow_from_the_short_name() {
        let app = App::from_record(
            json!({"manifest": {"name": "Data Bridge!", "short_name": "data-bridge x"}}),
        );
        assert_eq!(app.key(), "data-bridge-x");
        assert_eq!(app.authority(), "M_databridge_x");
        let app = App::from_record(json!({"manifest": {"name": "Data Bridge!"}}));
        assert_eq!(app.key(), "Data-Bridge");
    }
}
