//! As much of ZIP (APPNOTE 6.3.10) as a rescue needs: stored files, sizes ahead of the bytes.

/// CRC-32 as ZIP wants it, over bytes that come in pieces.
#[derive(Debug, Clone, Copy)]
pub struct Crc(u32);

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        #[allow(clippy::cast_possible_truncation, reason = "below 256")]
        let mut c = n as u32;
        let mut bit = 0;
        while bit < 8 {
            c = if c & 1 == 1 {
                0xEDB8_8320 ^ (c >> 1)
            } else {
                c >> 1
            };
            bit += 1;
        }
        table[n] = c;
        n += 1;
    }
    table
};

impl Default for Crc {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Crc {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let [low, ..] = self.0.to_le_bytes();
            self.0 = TABLE[usize::from(low ^ byte)] ^ (self.0 >> 8);
        }
    }

    /// The checksum.
    pub const fn finish(self) -> u32 {
        !self.0
    }

    /// Of bytes that are all there.
    pub fn of(bytes: &[u8]) -> u32 {
        let mut crc = Self::default();
        crc.update(bytes);
        crc.finish()
    }
}

/// Bytes of a head before its file's name.
pub const HEAD_BYTES: usize = 30;
const LOCAL: u32 = 0x0403_4B50;
const CENTRAL: u32 = 0x0201_4B50;
const END: u32 = 0x0605_4B50;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// 1980-01-01: the time of day of a file says nothing here.
const DAY: u16 = 0x21;
/// A name of ours is far shorter.
const NAME_BYTES: usize = 512;

/// What a file in the archive says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its name.
    pub name: String,
    /// The checksum of its bytes.
    pub crc: u32,
    /// How many bytes.
    pub size: u32,
}

/// Writes an archive: [`Zip::file`] before each file's bytes, [`Zip::close`] at the end.
#[derive(Debug, Default)]
pub struct Zip {
    written: Vec<(Head, u32)>,
    at: u32,
}

impl Zip {
    /// Bytes of the archive so far.
    pub const fn size(&self) -> u32 {
        self.at
    }

    /// What stands before the bytes of a file. `None` if the archive would grow beyond 4 GiB or
    /// 65,535 files.
    pub fn file(&mut self, head: Head) -> Option<Vec<u8>> {
        let name = u16::try_from(head.name.len()).ok()?;
        let before = u32::try_from(HEAD_BYTES).ok()? + u32::from(name);
        let at = self.at.checked_add(before)?.checked_add(head.size)?;
        if self.written.len() >= usize::from(u16::MAX) {
            return None;
        }
        let mut out = Vec::with_capacity(HEAD_BYTES + head.name.len());
        out.extend(LOCAL.to_le_bytes());
        common(&mut out, &head);
        out.extend(name.to_le_bytes());
        out.extend(0_u16.to_le_bytes());
        out.extend(head.name.as_bytes());
        self.written.push((head, self.at));
        self.at = at;
        Some(out)
    }

    /// The directory at the end, by which other programs open the archive.
    pub fn close(self) -> Vec<u8> {
        let mut out = Vec::new();
        // At most as many as `file` let in.
        let files = u16::try_from(self.written.len()).unwrap_or(u16::MAX);
        for (head, at) in &self.written {
            out.extend(CENTRAL.to_le_bytes());
            out.extend(20_u16.to_le_bytes());
            common(&mut out, head);
            out.extend(u16::try_from(head.name.len()).unwrap_or(0).to_le_bytes());
            // Extra, comment, disk, attributes inside and outside.
            out.extend([0; 12]);
            out.extend(at.to_le_bytes());
            out.extend(head.name.as_bytes());
        }
        let size = u32::try_from(out.len()).unwrap_or(u32::MAX);
        out.extend(END.to_le_bytes());
        out.extend([0; 4]);
        out.extend(files.to_le_bytes());
        out.extend(files.to_le_bytes());
        out.extend(size.to_le_bytes());
        out.extend(self.at.to_le_bytes());
        out.extend([0; 2]);
        out
    }
}

/// What both directories say: version, flags, stored, day, checksum, sizes.
fn common(out: &mut Vec<u8>, head: &Head) {
    out.extend(20_u16.to_le_bytes());
    out.extend(FLAGS.to_le_bytes());
    out.extend(0_u16.to_le_bytes());
    out.extend(0_u16.to_le_bytes());
    out.extend(DAY.to_le_bytes());
    out.extend(head.crc.to_le_bytes());
    out.extend(head.size.to_le_bytes());
    out.extend(head.size.to_le_bytes());
}

/// Why an archive cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadZip {
    /// No file begins here: not an archive, or damaged at this place.
    #[error("no file begins here")]
    NoHead,
    /// A file that is compressed, or whose size stands behind its bytes: packed by another
    /// program.
    #[error("packed by another program")]
    Foreign,
}

/// Reads the head of the next file from [`HEAD_BYTES`] and the name behind them; `need` more
/// bytes are named where the name is not there yet. `None` at the directory behind the last file.
pub fn read_head(bytes: &[u8]) -> Result<Option<Read>, BadZip> {
    let u16_at = |at: usize| {
        let two = bytes.get(at..at + 2).and_then(|b| b.try_into().ok());
        two.map(u16::from_le_bytes).ok_or(BadZip::NoHead)
    };
    let u32_at = |at: usize| {
        let four = bytes.get(at..at + 4).and_then(|b| b.try_into().ok());
        four.map(u32::from_le_bytes).ok_or(BadZip::NoHead)
    };
    match u32_at(0)? {
        LOCAL => {}
        CENTRAL | END => return Ok(None),
        _ => return Err(BadZip::NoHead),
    }
    let (flags, method) = (u16_at(6)?, u16_at(8)?);
    if flags & !FLAGS != 0 || method != 0 {
        return Err(BadZip::Foreign);
    }
    let (crc, size) = (u32_at(14)?, u32_at(18)?);
    let (name, extra) = (usize::from(u16_at(26)?), usize::from(u16_at(28)?));
    if name > NAME_BYTES || extra > NAME_BYTES {
        return Err(BadZip::Foreign);
    }
    let whole = HEAD_BYTES + name + extra;
    let Some(text) = bytes
        .get(HEAD_BYTES..HEAD_BYTES + name)
        .filter(|_| bytes.len() >= whole)
    else {
        return Ok(Some(Read::Need(whole)));
    };
    let name = std::str::from_utf8(text).map_err(|_| BadZip::Foreign)?;
    Ok(Some(Read::Head {
        head: Head {
            name: name.to_owned(),
            crc,
            size,
        },
        len: whole,
    }))
}

/// What [`read_head`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// So many bytes are needed in all.
    Need(usize),
    /// A file whose bytes begin `len` bytes on.
    Head {
        /// What it says of itself.
        head: Head,
        /// Bytes of the head.
        len: usize,
    },
}
