use crate::entry::Fix;
use crate::time::WallMs;

/// A fix as a track keeps it: 1e-7 degrees (about 1 cm) and decimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackFix {
    /// Time of the fix, milliseconds.
    pub at_ms: i64,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Radius of 68 % confidence, metres.
    pub accuracy_m: f64,
    /// The first after a pause.
    pub resumed: bool,
}

/// Metres of one degree of latitude.
const DEGREE_M: f64 = 111_320.0;

impl TrackFix {
    /// From a fix of the device, no finer than a track keeps it: what is counted as it comes is
    /// to the last metre what is counted again from the track.
    pub fn of(fix: &Fix, resumed: bool) -> Self {
        let kept = |value: f64, unit: f64| real(whole(value * unit)) / unit;
        Self {
            at_ms: fix.at_ms.0,
            lat: kept(fix.lat, DEGREE),
            lon: kept(fix.lon, DEGREE),
            accuracy_m: kept(fix.accuracy_m, DECIMETRE),
            resumed,
        }
    }

    /// When.
    pub const fn at(&self) -> WallMs {
        WallMs(self.at_ms)
    }

    /// Metres between two fixes, on a plane touching the Earth between them.
    pub fn metres_to(self, other: Self) -> f64 {
        let shrink = f64::midpoint(self.lat, other.lat).to_radians().cos();
        let north = (other.lat - self.lat) * DEGREE_M;
        let east = (other.lon - self.lon) * DEGREE_M * shrink;
        north.hypot(east)
    }
}

/// Why bytes are no track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTrack {
    /// They do not begin like one.
    #[error("not a track")]
    NotATrack,
    /// They end in the middle of a fix.
    #[error("the track is cut off after {0} fixes")]
    CutOff(usize),
}

const MAGIC: &[u8] = b"XHT1";
const DEGREE: f64 = 1e7;
const DECIMETRE: f64 = 10.0;

/// The bytes of a track segment. **\[wire\]**
///
/// `XHT1`, then per fix five zigzag LEB128 numbers, each but the last two the difference to the
/// fix before: milliseconds, latitude and longitude in 1e-7 degrees, accuracy in decimetres, and
/// 1 for the first fix after a pause. An hour at 1 Hz takes about 30 KB.
pub fn write_track(fixes: &[TrackFix]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    let (mut at, mut lat, mut lon) = (0_i64, 0_i64, 0_i64);
    for fix in fixes {
        let now = (fix.at_ms, whole(fix.lat * DEGREE), whole(fix.lon * DEGREE));
        for difference in [now.0 - at, now.1 - lat, now.2 - lon] {
            put(&mut bytes, difference);
        }
        put(&mut bytes, whole(fix.accuracy_m * DECIMETRE));
        put(&mut bytes, i64::from(fix.resumed));
        (at, lat, lon) = now;
    }
    bytes
}

/// Reads a track segment. What was cut off loses its last fix and says so.
pub fn read_track(bytes: &[u8]) -> Result<Vec<TrackFix>, BadTrack> {
    let mut rest = bytes.strip_prefix(MAGIC).ok_or(BadTrack::NotATrack)?;
    let (mut at, mut lat, mut lon) = (0_i64, 0_i64, 0_i64);
    let mut fixes = Vec::new();
    while !rest.is_empty() {
        let mut next = || take(&mut rest).ok_or(BadTrack::CutOff(fixes.len()));
        let read = [next()?, next()?, next()?, next()?, next()?];
        at = at.wrapping_add(read[0]);
        lat = lat.wrapping_add(read[1]);
        lon = lon.wrapping_add(read[2]);
        fixes.push(TrackFix {
            at_ms: at,
            lat: real(lat) / DEGREE,
            lon: real(lon) / DEGREE,
            accuracy_m: real(read[3]) / DECIMETRE,
            resumed: read[4] == 1,
        });
    }
    Ok(fixes)
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "degrees and metres on Earth; anything else saturates"
)]
fn whole(value: f64) -> i64 {
    value.round() as i64
}

#[allow(
    clippy::cast_precision_loss,
    reason = "below 2^53 for every place on Earth"
)]
fn real(value: i64) -> f64 {
    value as f64
}

fn put(bytes: &mut Vec<u8>, value: i64) {
    let mut rest = (value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned();
    loop {
        let low = (rest & 0x7F) as u8;
        rest >>= 7;
        if rest == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn take(bytes: &mut &[u8]) -> Option<i64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7F) << shift;
        if first & 0x80 == 0 {
            return Some((value >> 1).cast_signed() ^ -((value & 1).cast_signed()));
        }
    }
    None
}
