use super::Lang;
use super::trouble::Trouble;
use crate::config::{Flags, Settings, Sources};

/// What every command takes.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Common {
    /// 数据目录 The data folder [default: as for `serve`, ./data].
    #[arg(long)]
    pub data: Option<String>,
    /// The TOML file with settings that `serve` is given.
    #[arg(long)]
    pub config: Option<String>,
    /// 语言 The language of what is said: zh, en.
    #[arg(long, value_enum, default_value_t)]
    pub lang: Lang,
}

impl Common {
    /// Where everything comes from: flags, environment, file, as for `serve`.
    pub(super) fn sources(&self) -> Result<Sources, Trouble> {
        let flags = Flags {
            data: self.data.clone(),
            config: self.config.clone(),
            ..Flags::default()
        };
        Ok(Sources::gather(&flags, |name| std::env::var(name).ok())?)
    }

    /// The settings that `serve` would have.
    pub(super) fn settings(&self) -> Result<Settings, Trouble> {
        Ok(Settings::read(&self.sources()?)?)
    }
}
