use super::{BadSetting, Flags};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag(String),
    /// An environment variable.
    Environment(String),
    /// The file.
    File(String),
    /// Nobody set it.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "the flag --{flag}"),
            Self::Environment(variable) => write!(f, "the environment variable {variable}"),
            Self::File(path) => write!(f, "the file {path}"),
            Self::Default => f.write_str("the default"),
        }
    }
}

/// The names of all settings.
pub(crate) const NAMES: &[&str] = &[
    "data",
    "database",
    "database_connections",
    "blobs",
    "listen",
    "demo",
    "behind_tls_proxy",
    "app",
    "log",
    "keep_tracks_days",
];

/// Values as text, each from the strongest source that sets it.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    values: BTreeMap<&'static str, (String, Origin)>,
}

impl Sources {
    /// Gathers from all sources. `environment` is asked by variable name.
    pub fn gather(
        flags: &Flags,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, BadSetting> {
        let mut sources = Self::default();
        let file = flags
            .config
            .clone()
            .map(|path| (path, Origin::Flag("config".to_owned())));
        let variable = "XUNHE_CONFIG";
        let file = file.or_else(|| {
            environment(variable).map(|path| (path, Origin::Environment(variable.to_owned())))
        });
        if let Some((path, origin)) = file {
            sources.read_file(&path, &origin)?;
        }
        for name in NAMES {
            let variable = format!("XUNHE_{}", name.to_uppercase());
            if let Some(value) = environment(&variable) {
                sources
                    .values
                    .insert(name, (value, Origin::Environment(variable)));
            }
        }
        let yes = |set: bool| set.then(|| "true".to_owned());
        for (name, flag, value) in [
            ("data", "data", flags.data.clone()),
            ("database", "database", flags.database.clone()),
            (
                "database_connections",
                "database-connections",
                flags.database_connections.clone(),
            ),
            ("blobs", "blobs", flags.blobs.clone()),
            ("listen", "listen", flags.listen.clone()),
            ("demo", "demo", yes(flags.demo)),
            (
                "behind_tls_proxy",
                "behind-tls-proxy",
                yes(flags.behind_tls_proxy),
            ),
            ("app", "app", flags.app.clone()),
            ("log", "log", flags.log.clone()),
            (
                "keep_tracks_days",
                "keep-tracks-days",
                flags.keep_tracks_days.clone(),
            ),
        ] {
            if let Some(value) = value {
                sources
                    .values
                    .insert(name, (value, Origin::Flag(flag.to_owned())));
            }
        }
        Ok(sources)
    }

    fn read_file(&mut self, path: &str, named_by: &Origin) -> Result<(), BadSetting> {
        let bad = |name: &str, value: &str, origin: Origin, allowed: String| BadSetting {
            name: name.to_owned(),
            value: value.to_owned(),
            origin,
            allowed,
        };
        let text = std::fs::read_to_string(Path::new(path)).map_err(|e| {
            bad(
                "config",
                path,
                named_by.clone(),
                format!("a readable TOML file ({e})"),
            )
        })?;
        let origin = Origin::File(path.to_owned());
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            bad(
                "config",
                path,
                named_by.clone(),
                format!("TOML: {}", e.message()),
            )
        })?;
        for (key, value) in table {
            let Some(name) = NAMES.iter().find(|name| **name == key) else {
                let known = NAMES.join(", ");
                return Err(bad(
                    &key,
                    &value.to_string(),
                    origin,
                    format!("one of: {known}"),
                ));
            };
            let text = match value {
                toml::Value::String(text) => text,
                other => other.to_string(),
            };
            self.values.insert(name, (text, origin.clone()));
        }
        Ok(())
    }

    /// The value of a setting and where it came from.
    pub(crate) fn get(&self, name: &str) -> Option<&(String, Origin)> {
        self.values.get(name)
    }
}
