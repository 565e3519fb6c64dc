use super::{Origin, Sources};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Everything that is kept.
    pub data: PathBuf,
    /// A PostgreSQL database, `postgres://…`; without one, SQLite in the data folder.
    pub database: Option<DatabaseUrl>,
    /// Connections to it, at most.
    pub database_connections: u32,
    /// The folder of photos where several servers share one; otherwise it lies in `data`.
    pub blobs: Option<PathBuf>,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Load the demonstration at first start.
    pub demo: bool,
    /// A TLS proxy stands in front.
    pub behind_tls_proxy: bool,
    /// The app's files, instead of those in the binary.
    pub app: Option<PathBuf>,
    /// A tracing filter.
    pub log: String,
    /// Days after which the fixes of a patrol are erased; kept for good if absent.
    pub keep_tracks_days: Option<u32>,
}

/// Where a database is. It may hold a password, and is never shown whole.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub String);

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = self.0.rsplit_once('@').map_or("…", |(_, place)| place);
        write!(f, "postgres://…@{place}")
    }
}

/// A setting that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} = {value:?} (from {origin}) cannot be; allowed: {allowed}")]
pub struct BadSetting {
    /// Which.
    pub name: String,
    /// As it was set.
    pub value: String,
    /// Where.
    pub origin: Origin,
    /// What can be.
    pub allowed: String,
}

impl Settings {
    /// Reads every value, or explains the first wrong one.
    pub fn read(sources: &Sources) -> Result<Self, BadSetting> {
        let text = |name: &str, default: &str| {
            let default = || (default.to_owned(), Origin::Default);
            sources.get(name).cloned().unwrap_or_else(default)
        };
        let (listen, origin) = text("listen", "127.0.0.1:8080");
        let address: SocketAddr = listen.parse().map_err(|_| BadSetting {
            name: "listen".to_owned(),
            value: listen.clone(),
            origin: origin.clone(),
            allowed: "an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned(),
        })?;
        let behind_tls_proxy = switch(sources, "behind_tls_proxy")?;
        if !address.ip().is_loopback() && !behind_tls_proxy {
            return Err(BadSetting {
                name: "listen".to_owned(),
                value: listen,
                origin,
                allowed: "a loopback address; for any other, put a TLS proxy in front and set \
                          behind_tls_proxy: camera, position and offline use need https, and a \
                          session cookie must not travel in the clear"
                    .to_owned(),
            });
        }
        Ok(Self {
            data: text("data", "./data").0.into(),
            database: database(sources)?,
            database_connections: number(sources, "database_connections")?.unwrap_or(10),
            blobs: blobs(sources)?,
            listen: address,
            demo: switch(sources, "demo")?,
            behind_tls_proxy,
            app: sources.get("app").map(|(path, _)| path.into()),
            log: filter(text("log", "info"))?,
            keep_tracks_days: number(sources, "keep_tracks_days")?,
        })
    }
}

fn database(sources: &Sources) -> Result<Option<DatabaseUrl>, BadSetting> {
    let Some((value, origin)) = sources.get("database") else {
        return Ok(None);
    };
    if value.starts_with("postgres://") || value.starts_with("postgresql://") {
        return Ok(Some(DatabaseUrl(value.clone())));
    }
    Err(BadSetting {
        name: "database".to_owned(),
        // A slip may have left a password in it.
        value: "…".to_owned(),
        origin: origin.clone(),
        allowed: "postgres://user:password@host/database; leave it out for SQLite".to_owned(),
    })
}

/// A backup of the data folder must hold the photos, too: only with a database elsewhere may they
/// lie elsewhere.
fn blobs(sources: &Sources) -> Result<Option<PathBuf>, BadSetting> {
    let Some((value, origin)) = sources.get("blobs") else {
        return Ok(None);
    };
    if sources.get("database").is_some() && Path::new(value).is_absolute() {
        return Ok(Some(value.into()));
    }
    Err(BadSetting {
        name: "blobs".to_owned(),
        value: value.clone(),
        origin: origin.clone(),
        allowed: "the whole path of a folder that all servers share, together with database"
            .to_owned(),
    })
}

/// A number that is not 0.
fn number(sources: &Sources, name: &str) -> Result<Option<u32>, BadSetting> {
    let Some((value, origin)) = sources.get(name) else {
        return Ok(None);
    };
    match value.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(BadSetting {
            name: name.to_owned(),
            value: value.clone(),
            origin: origin.clone(),
            allowed: "a whole number, 1 or more".to_owned(),
        }),
    }
}

fn switch(sources: &Sources, name: &str) -> Result<bool, BadSetting> {
    let Some((value, origin)) = sources.get(name) else {
        return Ok(false);
    };
    match value.as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(BadSetting {
            name: name.to_owned(),
            value: value.clone(),
            origin: origin.clone(),
            allowed: "true or false".to_owned(),
        }),
    }
}

fn filter((value, origin): (String, Origin)) -> Result<String, BadSetting> {
    match value.parse::<tracing_subscriber::EnvFilter>() {
        Ok(_) => Ok(value),
        Err(error) => Err(BadSetting {
            name: "log".to_owned(),
            value,
            origin,
            allowed: format!("error, warn, info, debug, trace or a tracing filter ({error})"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    fn read(flags: &Flags, environment: &[(&str, &str)]) -> Result<Settings, BadSetting> {
        let ask = |name: &str| {
            let found = environment.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Settings::read(&Sources::gather(flags, ask)?)
    }

    #[test]
    fn flags_go_before_environment_before_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("xunhe.toml");
        std::fs::write(
            &file,
            "listen = \"127.0.0.1:1\"\ndata = \"file\"\ndemo = true\n",
        )
        .unwrap();
        let config = Some(file.to_str().unwrap().to_owned());
        let flags = Flags {
            config,
            listen: Some("127.0.0.1:3".into()),
            ..Flags::default()
        };
        let environment = [
            ("XUNHE_LISTEN", "127.0.0.1:2"),
            ("XUNHE_DATA", "environment"),
        ];
        let settings = read(&flags, &environment).unwrap();
        assert_eq!(settings.listen.port(), 3);
        assert_eq!(settings.data, PathBuf::from("environment"));
        assert!(settings.demo);
    }

    #[test]
    fn a_wrong_value_is_explained() {
        let listen = |text: &str| Flags {
            listen: Some(text.into()),
            ..Flags::default()
        };
        for (flags, environment, said) in [
            (
                listen("localhost"),
                &[][..],
                "listen = \"localhost\" (from the flag --listen)",
            ),
            (listen("0.0.0.0:80"), &[], "TLS proxy"),
            (
                Flags {
                    database: Some("mysql://me:secret@here/x".into()),
                    ..Flags::default()
                },
                &[],
                "database = \"…\" (from the flag --database) cannot be; allowed: postgres://",
            ),
            (
                Flags::default(),
                &[("XUNHE_BLOBS", "/mnt/photos")],
                "together with database",
            ),
            (
                Flags::default(),
                &[("XUNHE_DATABASE_CONNECTIONS", "0")],
                "a whole number, 1 or more",
            ),
            (
                Flags::default(),
                &[("XUNHE_DEMO", "maybe")],
                "variable XUNHE_DEMO) cannot be; allowed: true or false",
            ),
            (
                Flags::default(),
                &[("XUNHE_LOG", "info,=")],
                "tracing filter",
            ),
            (
                Flags::default(),
                &[("XUNHE_CONFIG", "/nowhere.toml")],
                "a readable TOML file",
            ),
        ] {
            let error = read(&flags, environment).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        let proxied = Flags {
            behind_tls_proxy: true,
            ..listen("0.0.0.0:80")
        };
        assert!(read(&proxied, &[]).is_ok());
    }

    #[test]
    fn an_unknown_name_in_the_file_is_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("xunhe.toml");
        std::fs::write(&file, "lisen = \"127.0.0.1:1\"\n").unwrap();
        let config = Some(file.to_str().unwrap().to_owned());
        let error = read(
            &Flags {
                config,
                ..Flags::default()
            },
            &[],
        )
        .unwrap_err();
        assert_eq!(error.name, "lisen");
        assert!(error.allowed.contains("listen"));
    }
}
