use crate::random;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::hash::Sha256;

/// 256 random bits in a cookie. Only their hash is stored, so a stolen database opens nothing.
#[derive(Clone)]
pub struct Token(String);

/// SHA-256 of a token.
pub type TokenHash = Sha256;

impl Token {
    /// A new one.
    pub fn draw() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::bytes::<32>()))
    }
    /// What came in a cookie.
    pub fn from_cookie(text: &str) -> Self {
        Self(text.to_owned())
    }
    /// As it goes into a cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// As it is stored and looked up.
    pub fn hash(&self) -> TokenHash {
        Sha256::of(self.0.as_bytes())
    }
}
