//! 导出未上传记录: the file that leaves the phone.

use proptest::prelude::*;
use xunhe_domain::hash::Sha256;
use xunhe_domain::rescue::{BadZip, Crc, Head, Name, Read, Zip, read_head};

fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = Zip::default();
    let mut out = Vec::new();
    for (name, bytes) in files {
        let head = Head {
            name: name.clone(),
            crc: Crc::of(bytes),
            size: u32::try_from(bytes.len()).unwrap(),
        };
        out.extend(zip.file(head).unwrap());
        out.extend(bytes);
        assert_eq!(zip.size() as usize, out.len());
    }
    out.extend(zip.close());
    out
}

/// Every file up to where the bytes end, as an importer reads them.
fn read(mut bytes: &[u8]) -> (Vec<(String, Vec<u8>)>, bool) {
    let mut files = Vec::new();
    loop {
        match read_head(bytes) {
            Ok(None) => return (files, true),
            Ok(Some(Read::Head { head, len })) => {
                let Some(data) = bytes.get(len..len + head.size as usize) else {
                    return (files, false);
                };
                assert_eq!(Crc::of(data), head.crc);
                files.push((head.name, data.to_vec()));
                bytes = &bytes[len + head.size as usize..];
            }
            Ok(Some(Read::Need(_))) | Err(_) => return (files, false),
        }
    }
}

#[test]
fn the_checksum_is_that_of_every_other_program() {
    assert_eq!(Crc::of(b"123456789"), 0xCBF4_3926);
    assert_eq!(Crc::of(b""), 0);
}

#[test]
fn names_say_what_a_file_is() {
    let draft = "0192f0c1-2b3c-7def-8123-000000000001".parse().unwrap();
    for name in [
        Name::Manifest,
        Name::Damaged,
        Name::Entry(17),
        Name::Blob(Sha256::of(b"x")),
        Name::Draft(draft),
    ] {
        assert_eq!(Name::read(&name.text()), Some(name));
    }
    for name in ["", "entries/x.json", "blobs/..", "../entries/000001.json"] {
        assert_eq!(Name::read(name), None, "{name}");
    }
}

#[test]
fn what_others_packed_is_told_from_what_is_damaged() {
    assert_eq!(
        read_head(b"not an archive at all, but long enough"),
        Err(BadZip::NoHead)
    );
    let mut packed = archive(&[("a".to_owned(), b"x".to_vec())]);
    packed[8] = 8;
    assert_eq!(read_head(&packed), Err(BadZip::Foreign));
}

proptest! {
    #[test]
    fn a_file_cut_off_anywhere_gives_what_came_before(
        files in prop::collection::vec(("[a-z]{1,20}", prop::collection::vec(any::<u8>(), 0..300)), 0..8),
        cut in 0.0..1.0_f64,
    ) {
        let whole = archive(&files);
        prop_assert_eq!(read(&whole), (files.clone(), true));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in it")]
        let cut = (whole.len() as f64 * cut) as usize;
        let (found, _) = read(&whole[..cut]);
        prop_assert!(files.starts_with(&found));
    }

    #[test]
    fn nothing_panics_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }
}
