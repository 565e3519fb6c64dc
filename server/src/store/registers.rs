/// One registered thing, kept as the JSON of its `domain::register` type: registers are data
/// that is read whole, and a field added by a newer version survives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// `division`, `reach`, `post`, …: see [`crate::registry`].
    pub kind: String,
    /// Unique within its kind.
    pub id: String,
    /// JSON.
    pub body: String,
}
