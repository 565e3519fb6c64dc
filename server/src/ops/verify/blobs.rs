use super::Check;
use crate::ops::data::Data;
use crate::ops::files;
use crate::ops::terminal::Terminal;
use crate::ops::{Said, said};
use crate::store::StoreError;
use crate::store::audit::Audit;
use domain::hash::Sha256;
use std::io;
use std::path::Path;

const PAGE: u32 = 1_000;

/// Every blob that counts as held is there, has its size and, unless `quick`, hashes to its key.
pub(super) async fn check(
    audit: &mut dyn Audit,
    data: &Data,
    quick: bool,
    terminal: &Terminal,
) -> Result<Check, StoreError> {
    let mut check = Check::new("blobs", said!("照片等附件", "photos and other blobs"));
    let (blobs, bytes) = audit.blobs_in_all().await?;
    let shown = if quick { 0 } else { bytes };
    let progress = terminal.progress(&said!("核对照片", "checking blobs"), blobs, shown);
    let mut suspects = Vec::new();
    let mut after = None;
    loop {
        let page = audit.blobs(after, PAGE).await?;
        let Some((last, _)) = page.last() else {
            break;
        };
        after = Some(*last);
        for (sha256, size) in page {
            let file = data.blob(sha256);
            let found = one(&file, size, sha256, quick, |bytes| progress.add(0, bytes));
            suspects.extend(found.map(|what| (sha256, what)));
            progress.add(1, 0);
        }
    }
    check.looked(blobs);
    if !suspects.is_empty() {
        // One that was purged since the moment that is looked at is rightly gone.
        let mut now = data.audit().await?;
        for (sha256, what) in suspects {
            if now.holds(sha256).await? {
                check.wrong(what);
            }
        }
    }
    if !quick {
        strays(audit, data, &mut check).await?;
    }
    Ok(check)
}

fn one(file: &Path, size: u64, sha256: Sha256, quick: bool, told: impl FnMut(u64)) -> Option<Said> {
    let read = if quick {
        std::fs::metadata(file).map(|m| (m.len(), sha256))
    } else {
        files::hash(file, told)
    };
    match read {
        Ok(found) if found == (size, sha256) => None,
        Ok((found, _)) if found != size => Some(said!(
            "{sha256}：应有 {size} 字节，文件是 {found} 字节",
            "{sha256}: {size} bytes are wanted, the file has {found}"
        )),
        Ok(_) => Some(said!(
            "{sha256}：文件内容坏了，与它的名字（哈希）不符",
            "{sha256}: the bytes are damaged; they do not hash to their name"
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(said!(
            "{sha256}：平台已收的照片，文件不在了",
            "{sha256}: it counts as received, and its file is not there"
        )),
        Err(error) => Some(said!("{sha256}：读不出来：{error}", "{sha256}: {error}")),
    }
}

/// Files that nothing refers to: uploads in their last moment, or what a crash left.
async fn strays(audit: &mut dyn Audit, data: &Data, check: &mut Check) -> Result<(), StoreError> {
    let mut strays = 0_u64;
    for name in names(&data.blobs().join("blobs")) {
        if let Ok(sha256) = name.parse()
            && !audit.holds(sha256).await?
        {
            strays += 1;
        }
    }
    if strays > 0 {
        check.note(said!(
            "另有 {strays} 个文件没有条目引用（正在上传的最后一步，或断电留下的），不影响使用",
            "{strays} more files belong to no entry (the last step of an upload, or left by a \
             crash); they do no harm"
        ));
    }
    Ok(())
}

/// The names of files two levels down.
fn names(folder: &Path) -> impl Iterator<Item = String> {
    let inside = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    inside(folder)
        .flat_map(move |sub| inside(&sub.path()).collect::<Vec<_>>())
        .filter_map(|file| file.file_name().into_string().ok())
}
