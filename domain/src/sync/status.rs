use super::BlobKey;
use crate::time::WallMs;

/// What the phone may say about itself, read from the outbox and never from the last run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Entries whose text the server does not hold: 待上传.
    pub unsent: u32,
    /// Entries whose text is held while photos are still on the way.
    pub incomplete: u32,
    /// Blobs that the server does not hold.
    pub unsent_blobs: u32,
    /// Their bytes.
    pub unsent_bytes: u64,
    /// Entries in the 平台未收 tray, themselves or by a blob.
    pub parked: u32,
    /// Entries held with everything they bring: 平台已收.
    pub received: u32,
    /// When everything was last in order, by the server's clock.
    pub last_sync: Option<WallMs>,
    /// The connection.
    pub link: LinkState,
    /// The session.
    pub session: SessionState,
    /// The server's number for the state of the registers, once it was heard.
    pub registers: Option<u64>,
    /// Uploads under way.
    pub uploads: Vec<UploadProgress>,
    /// Something waits for the person's word before it leaves the phone.
    pub removal: Option<Removal>,
}

/// What would leave the phone, more than goes without a word: mistaken rights once emptied the
/// phones of another product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removal {
    /// Why.
    pub why: RemovalWhy,
    /// How many entries, or photos.
    pub count: u32,
}

/// Why something would leave the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemovalWhy {
    /// Entries of others are no longer in the person's scope.
    Scope,
    /// Photos that the server holds, and has a backup of.
    Room,
}

/// The connection as last seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LinkState {
    /// Not tried yet.
    #[default]
    Unknown,
    /// The server answers.
    Up,
    /// Nothing answers.
    Down,
    /// Something answers that is not our server (a captive portal).
    NotOurs,
}

/// The session as last seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SessionState {
    /// The server did not say otherwise.
    #[default]
    Good,
    /// Somebody else is signed in, and the device vouches for this person: sending goes on under
    /// the device's signature, news wait.
    Lent,
    /// Over: saving goes on, sending waits for signing in.
    Expired,
}

/// How far one upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadProgress {
    /// Which blob.
    pub key: BlobKey,
    /// Bytes that the server holds.
    pub sent: u64,
    /// Bytes of the whole.
    pub size: u64,
}
