//! What an operator does on the machine, each command in a file or folder of its own: keep
//! copies, take them back, check, look, erase, mend.
//!
//! These commands work on a data folder, beside a running server or without one. They say what
//! they do in Chinese first (`--lang en` for English), show progress, and end with 0 if all is
//! well, 1 if they could not do it, 3 if they did it and found something wrong (2 is a wrong
//! command line).

mod args;
pub mod backup;
mod data;
pub mod doctor;
mod files;
pub mod purge;
pub mod rebuild;
pub mod restore;
mod say;
mod stamp;
mod terminal;
mod trouble;
pub mod verify;

pub use args::Common;
pub use say::{Lang, Said};

pub(crate) use say::said;
use std::process::ExitCode;
use terminal::Terminal;
use trouble::Trouble;

/// A command of the operator.
#[derive(Debug, clap::Subcommand)]
pub enum Operation {
    /// 备份 Make a backup, also beside a running server.
    Backup(backup::Args),
    /// 恢复 Restore a backup into an empty data folder.
    Restore(restore::Args),
    /// 校验 Check everything that is kept, also beside a running server. Changes nothing.
    Verify(verify::Args),
    /// 体检 Say how the installation stands and what to do about it. Changes nothing.
    Doctor(doctor::Args),
    /// 按规定删除 Erase content by law; the proof that it was there stays.
    Purge(purge::Args),
    /// 重建 Make everything that is derived from entries anew. The server must be stopped.
    Rebuild(rebuild::Args),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and all is well.
    Fine = 0,
    /// Not done.
    Failed = 1,
    /// Done, and something is wrong with the data.
    Found = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Does what was asked.
pub fn run(operation: &Operation) -> ExitCode {
    let terminal = Terminal::new(operation.common().lang);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(operation.run(&terminal)),
        Err(error) => Err(Trouble::system(&error)),
    };
    done.unwrap_or_else(|trouble| {
        terminal.fail(&trouble.said);
        trouble.exit
    })
    .into()
}

impl Operation {
    fn common(&self) -> &Common {
        match self {
            Self::Backup(args) => &args.common,
            Self::Restore(args) => &args.common,
            Self::Verify(args) => &args.common,
            Self::Doctor(args) => &args.common,
            Self::Purge(args) => &args.common,
            Self::Rebuild(args) => &args.common,
        }
    }

    async fn run(&self, terminal: &Terminal) -> Result<Exit, Trouble> {
        match self {
            Self::Backup(args) => backup::run(args, terminal).await,
            Self::Restore(args) => restore::run(args, terminal).await,
            Self::Verify(args) => verify::run(args, terminal).await,
            Self::Doctor(args) => doctor::run(args, terminal).await,
            Self::Purge(args) => purge::run(args, terminal).await,
            Self::Rebuild(args) => rebuild::run(args, terminal).await,
        }
    }
}
