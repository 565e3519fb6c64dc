//! An archive is read twice: once to the end, where the manifest lies, and once to take things
//! out. Its members are known by their names; any other name is not from a backup.

use super::{belongs_in_data, damaged, no_manifest, same};
use crate::ops::backup::manifest::{BLOB_LIST, MANIFEST, Manifest, SEAL, read_blob_line};
use crate::ops::restore::target::Target;
use crate::ops::terminal::{Progress, Terminal};
use crate::ops::trouble::Trouble;
use crate::ops::{Said, files};
use domain::hash::Sha256;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// A member by its name.
enum Member {
    Blob(Sha256),
    File(String),
}

pub(super) fn check(file: &Path, terminal: &Terminal, what: &Said) -> Result<Manifest, Trouble> {
    let length = std::fs::metadata(file)
        .map_err(|e| Trouble::io(file, &e))?
        .len();
    let progress = terminal.progress(what, 0, length.max(1));
    let mut found: HashMap<String, (u64, Sha256)> = HashMap::new();
    let mut blobs: HashMap<Sha256, u64> = HashMap::new();
    let mut texts: HashMap<String, Vec<u8>> = HashMap::new();
    walk(file, |member, bytes| {
        let told = |bytes| progress.add(0, bytes);
        match member {
            Member::Blob(sha256) => {
                let (size, hash) = unreadable(files::pour(bytes, &mut io::sink(), told), &sha256)?;
                same((size, hash), (size, sha256), &sha256.to_string())?;
                blobs.insert(sha256, size);
            }
            Member::File(name) => {
                let mut text = Vec::new();
                // The database alone is large, and nothing of it is read here.
                let to: &mut dyn io::Write = if belongs_in_data(&name) {
                    &mut io::sink()
                } else {
                    &mut text
                };
                let hashed = unreadable(files::pour(bytes, to, told), &name)?;
                found.insert(name.clone(), hashed);
                texts.insert(name, text);
            }
        }
        Ok(())
    })?;
    let text = |name: &str| {
        texts
            .get(name)
            .map(Vec::as_slice)
            .ok_or_else(|| damaged(name))
    };
    let manifest = Manifest::read(text(MANIFEST)?, text(SEAL)?).map_err(|e| no_manifest(&e))?;
    for listed in &manifest.files {
        let found = found
            .get(&listed.name)
            .ok_or_else(|| damaged(&listed.name))?;
        same(*found, (listed.size, listed.sha256), &listed.name)?;
    }
    let list = String::from_utf8_lossy(text(BLOB_LIST)?).into_owned();
    for line in list.lines() {
        let (sha256, size) = read_blob_line(line).ok_or_else(|| damaged(BLOB_LIST))?;
        if blobs.get(&sha256) != Some(&size) {
            return Err(damaged(&sha256.to_string()));
        }
    }
    progress.at(0, length);
    Ok(manifest)
}

pub(super) fn copy(
    file: &Path,
    manifest: &Manifest,
    target: &Target,
    progress: &Progress,
) -> Result<(), Trouble> {
    walk(file, |member, bytes| {
        let told = |bytes| progress.add(0, bytes);
        match member {
            Member::Blob(sha256) => {
                let to = target
                    .blob(sha256)
                    .map_err(|e| Trouble::io(target.path(), &e))?;
                let (size, hash) =
                    files::write_from(bytes, &to, told).map_err(|e| Trouble::io(&to, &e))?;
                progress.add(1, 0);
                same((size, hash), (size, sha256), &sha256.to_string())
            }
            Member::File(name) if belongs_in_data(&name) => {
                let to = target.file(&name);
                let written =
                    files::write_from(bytes, &to, told).map_err(|e| Trouble::io(&to, &e))?;
                let wanted = manifest.files.iter().find(|f| f.name == name);
                let wanted = wanted.ok_or_else(|| damaged(&name))?;
                same(written, (wanted.size, wanted.sha256), &name)
            }
            Member::File(_) => Ok(()),
        }
    })
}

/// Every member in order.
fn walk(
    file: &Path,
    mut one: impl FnMut(Member, &mut dyn Read) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let cut_off = |_| damaged(&file.display().to_string());
    let opened = File::open(file).map_err(|e| Trouble::io(file, &e))?;
    let mut archive = tar::Archive::new(BufReader::new(opened));
    for entry in archive.entries().map_err(cut_off)? {
        let mut entry = entry.map_err(cut_off)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        one(member(&name).ok_or_else(|| damaged(&name))?, &mut entry)?;
    }
    Ok(())
}

/// Only names that a backup has, so that nothing is ever written elsewhere.
fn member(name: &str) -> Option<Member> {
    let listed = [
        MANIFEST,
        SEAL,
        BLOB_LIST,
        crate::folder::DATABASE,
        crate::folder::RECEIPT_KEY,
        crate::folder::HEADS,
    ];
    if listed.contains(&name) {
        return Some(Member::File(name.to_owned()));
    }
    let (folder, hex) = name.strip_prefix("blobs/")?.split_once('/')?;
    let sha256: Sha256 = hex.parse().ok()?;
    hex.starts_with(folder).then_some(Member::Blob(sha256))
}

fn unreadable<T>(read: io::Result<T>, part: &dyn std::fmt::Display) -> Result<T, Trouble> {
    read.map_err(|_| damaged(&part.to_string()))
}
