use crate::ops::Operation;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;

/// 巡河 Xunhe: takes what phones record at the river and shows it to the desk.
#[derive(Debug, Parser)]
#[command(name = "xunhe", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the app and take what phones send.
    ///
    /// Every setting also works as an environment variable (`XUNHE_LISTEN`) and in the file
    /// (`listen = "…"`). Flags go before environment, environment before file.
    Serve(Flags),
    /// What an operator does on the machine.
    #[command(flatten)]
    Operate(Operation),
}

/// Settings as typed; read and explained by [`super::Settings`].
#[derive(Debug, Clone, Default, Args)]
pub struct Flags {
    /// Folder for everything that is kept [default: ./data].
    #[arg(long)]
    pub data: Option<String>,
    /// A PostgreSQL database that several servers may share, postgres://… [default: SQLite in the
    /// data folder].
    #[arg(long)]
    pub database: Option<String>,
    /// Connections to that database, at most [default: 10].
    #[arg(long)]
    pub database_connections: Option<String>,
    /// The folder of photos that several servers share, with --database [default: in the data
    /// folder].
    #[arg(long)]
    pub blobs: Option<String>,
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:8080].
    #[arg(long)]
    pub listen: Option<String>,
    /// A TOML file with settings.
    #[arg(long)]
    pub config: Option<String>,
    /// Load the demonstration at first start.
    #[arg(long)]
    pub demo: bool,
    /// A TLS proxy stands in front and sets X-Forwarded-For.
    #[arg(long)]
    pub behind_tls_proxy: bool,
    /// Serve the app's files from this folder instead of from the binary.
    #[arg(long)]
    pub app: Option<String>,
    /// What to log: error, warn, info, debug, trace, or a tracing filter [default: info].
    #[arg(long)]
    pub log: Option<String>,
    /// Erase the fixes of patrols after so many days [default: keep them].
    #[arg(long)]
    pub keep_tracks_days: Option<String>,
}

/// Reads the command line. `Err` is clap's own text: help, version or what is wrong.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, clap::Error> {
    Cli::try_parse_from(args).map(|cli| cli.command)
}
