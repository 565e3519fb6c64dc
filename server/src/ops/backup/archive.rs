//! A backup as one file: a tar archive whose last member is the manifest. Cut off anywhere it
//! has none.

use super::Job;
use super::blobs::{Taken, take};
use super::manifest::{MANIFEST, Manifest, SEAL, Why};
use crate::folder;
use crate::ops::files;
use crate::ops::trouble::Trouble;
use domain::hash::Sha256;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// Makes the archive `file`.
pub(super) async fn make(job: &Job<'_>, file: &Path) -> Result<Manifest, Trouble> {
    let work = Work::beside(file)?;
    let io = |e: io::Error| Trouble::io(file, &e);
    let set = work.path.join("set");
    files::make_folder(&set).map_err(io)?;
    let mut manifest = job.begin(&set).await?;
    let draft = work.path.join("archive");
    let mut archive = tar::Builder::new(BufWriter::new(files::create(&draft).map_err(io)?));
    let blobs = take(job, &set, &mut manifest, |sha256, size| {
        add_blob(job, &mut archive, sha256, size).map_err(io)
    });
    blobs.await?;
    job.accept(&manifest)?;
    for listed in &manifest.files {
        let mut from = File::open(set.join(&listed.name)).map_err(io)?;
        add(&mut archive, &listed.name, listed.size, &mut from).map_err(io)?;
    }
    let (text, seal) = manifest.write().map_err(|e| io(e.into()))?;
    for (name, bytes) in [(SEAL, seal.as_bytes()), (MANIFEST, &text)] {
        add(&mut archive, name, bytes.len() as u64, &mut &*bytes).map_err(io)?;
    }
    let mut written = archive.into_inner().map_err(io)?;
    written.flush().map_err(io)?;
    written.get_ref().sync_all().map_err(io)?;
    std::fs::rename(&draft, file).map_err(io)?;
    if let Some(above) = work.path.parent() {
        folder::sync(above).map_err(io)?;
    }
    work.clear();
    Ok(manifest)
}

/// Read whole and checked before the first byte is written: a member cannot be taken back.
fn add_blob(
    job: &Job<'_>,
    archive: &mut tar::Builder<impl io::Write>,
    sha256: Sha256,
    size: u64,
) -> io::Result<Taken> {
    let bytes = match std::fs::read(job.data.blob(sha256)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Taken::Lost(Why::Missing));
        }
        Err(error) => return Err(error),
    };
    if bytes.len() as u64 != size || Sha256::of(&bytes) != sha256 {
        return Ok(Taken::Lost(Why::Damaged));
    }
    let hex = sha256.to_string();
    let name = format!("blobs/{}/{hex}", &hex[..2]);
    add(archive, &name, size, &mut bytes.as_slice())?;
    Ok(Taken::Kept)
}

fn add(
    archive: &mut tar::Builder<impl io::Write>,
    name: &str,
    size: u64,
    from: &mut dyn io::Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    archive.append_data(&mut header, name, from)
}

/// A folder beside the archive for what is not finished, found again by its name.
struct Work {
    path: PathBuf,
}

impl Work {
    fn beside(file: &Path) -> Result<Self, Trouble> {
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let path = std::path::absolute(file)
            .map_err(|e| Trouble::io(file, &e))?
            .with_file_name(name);
        let io = |e: io::Error| Trouble::io(&path, &e);
        match std::fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
        files::make_folder(&path).map_err(io)?;
        Ok(Self { path })
    }

    /// The archive is in its place; what stays behind would only be in the way.
    fn clear(&self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
