use super::{Exit, Said, said};
use crate::blobs::VaultError;
use crate::config::BadSetting;
use crate::folder::FolderError;
use crate::purge::{EraseError, PurgeError};
use crate::receipts::KeyError;
use crate::registry::BadRegisters;
use crate::store::StoreError;
use std::io;
use std::path::Path;

/// Why a command did not do what it was asked: what happened, what is safe, what to do next.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(super) said: Said,
    pub(super) exit: Exit,
}

impl Trouble {
    /// It could not be done.
    pub(super) const fn failed(said: Said) -> Self {
        Self {
            said,
            exit: Exit::Failed,
        }
    }

    /// The data is not as it should be.
    pub(super) const fn found(said: Said) -> Self {
        Self {
            said,
            exit: Exit::Found,
        }
    }

    /// The operating system does not let it run.
    pub(super) fn system(error: &io::Error) -> Self {
        Self::failed(said!(
            "操作系统不允许运行：{error}。数据没有改动。",
            "the system does not let this run: {error}. Nothing was changed."
        ))
    }

    /// A file or folder cannot be used.
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        let at = path.display();
        Self::failed(match error.kind() {
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => said!(
                "没有权限使用 {at}（{error}）。请用运行服务的同一个系统用户执行，或者给它权限。",
                "no right to use {at} ({error}). Run this as the user that runs the server, or \
                 give it the right."
            ),
            Kind::StorageFull | Kind::QuotaExceeded => Self::no_space(path).said,
            Kind::NotFound => said!(
                "找不到 {at}。请检查路径。",
                "there is no {at}. Check the path."
            ),
            _ => said!(
                "读写 {at} 失败：{error}",
                "{at} cannot be read or written: {error}"
            ),
        })
    }

    /// A disk is full.
    pub(super) fn no_space(path: &Path) -> Self {
        let at = path.display();
        Self::failed(said!(
            "{at} 所在的磁盘满了，没有做完；原来的数据没有改动。腾出空间后再执行一次，已经做好的部分不会重做。",
            "the disk of {at} is full; this was not finished, and nothing that was there before \
             was changed. Free space and run it again: what is done is not done twice."
        ))
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        if error.is_damage() {
            return Self::found(said!(
                "数据库坏了，什么都没有改动（{error}）。执行 xunhe verify 看坏在哪里；\
                 停止服务，留一份原样的副本，再用备份恢复。",
                "the database is damaged, nothing was changed ({error}). Run xunhe verify to see \
                 where; stop the server, keep a copy of it as it is, then restore a backup."
            ));
        }
        Self::failed(match &error {
            StoreError::DiskFull => said!(
                "数据所在的磁盘满了，什么都没有改动。腾出空间后再执行一次。",
                "{error}"
            ),
            StoreError::OtherVersion { newer: true } => said!(
                "数据库是由更新版本的程序写的，请用那个版本的程序。",
                "{error}"
            ),
            StoreError::OtherVersion { newer: false } => said!(
                "数据库是旧版本的，先用这个版本启动一次服务（会自动升级），再执行。",
                "{error}"
            ),
            _ => said!("数据库出错：{error}", "{error}"),
        })
    }
}

impl From<FolderError> for Trouble {
    fn from(error: FolderError) -> Self {
        match &error {
            FolderError::Io { path, source } => Self::io(path, source),
            FolderError::InUse(path) => {
                let at = path.display();
                Self::failed(said!(
                    "服务正在使用 {at}。请先停止服务，再执行。",
                    "a server uses {at}. Stop it first."
                ))
            }
            FolderError::Unfinished(path) => {
                let at = path.display();
                Self::failed(said!(
                    "{at} 里的恢复没有做完，里面的东西不能用。请重新执行 xunhe restore（会自动清掉重来）。",
                    "{error}"
                ))
            }
        }
    }
}

impl From<KeyError> for Trouble {
    fn from(error: KeyError) -> Self {
        Self::failed(said!("回执密钥不能用：{error}", "{error}"))
    }
}

impl From<BadSetting> for Trouble {
    fn from(error: BadSetting) -> Self {
        Self::failed(said!("设置不对：{error}", "{error}"))
    }
}

impl From<BadRegisters> for Trouble {
    fn from(error: BadRegisters) -> Self {
        match error {
            BadRegisters::Store(error) => error.into(),
            error @ BadRegisters::Contradiction(_) => {
                Self::failed(said!("名录前后矛盾：{error}", "{error}"))
            }
        }
    }
}

impl From<VaultError> for Trouble {
    fn from(error: VaultError) -> Self {
        Self::failed(said!("照片目录出错：{error}", "{error}"))
    }
}

impl From<PurgeError> for Trouble {
    fn from(error: PurgeError) -> Self {
        match error {
            PurgeError::Store(error) => error.into(),
            error => Self::failed(said!(
                "删除没有做完：{error}。已经删掉的都有记录；再执行一次会接着做。",
                "the purge did not finish: {error}. What was erased is written down; run it again \
                 and it goes on."
            )),
        }
    }
}

impl From<EraseError> for Trouble {
    fn from(error: EraseError) -> Self {
        match error {
            EraseError::Store(error) => error.into(),
            EraseError::Vault(error) => error.into(),
        }
    }
}
