use crate::auth::Token;
use axum::http::{HeaderMap, HeaderValue, header};

/// How the session cookie is named and guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookiePolicy {
    /// Over TLS, also at a proxy in front: `__Host-sid`, Secure.
    Secure,
    /// Plain http on loopback, where `WebKit` drops Secure cookies: `sid`.
    Loopback,
}

impl CookiePolicy {
    const fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-sid",
            Self::Loopback => "sid",
        }
    }

    /// The token in a request.
    pub fn read(self, headers: &HeaderMap) -> Option<Token> {
        let cookies = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok());
        let mut pairs = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|p| p.split_once('='));
        pairs
            .find(|(name, _)| name.trim() == self.name())
            .map(|(_, token)| Token::from_cookie(token.trim()))
    }

    /// Sets the token for `seconds`.
    pub fn set(self, token: &Token, seconds: i64) -> Option<HeaderValue> {
        self.header(token.as_str(), seconds)
    }

    /// Takes it away.
    pub fn clear(self) -> Option<HeaderValue> {
        self.header("", 0)
    }

    fn header(self, value: &str, seconds: i64) -> Option<HeaderValue> {
        let secure = if self == Self::Secure { "; Secure" } else { "" };
        let name = self.name();
        let text =
            format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_cookie_of_its_own_policy_is_read() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; sid=plain"));
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("__Host-sid=secure"),
        );
        let read = |policy: CookiePolicy| policy.read(&headers).map(|t| t.as_str().to_owned());
        assert_eq!(read(CookiePolicy::Loopback).as_deref(), Some("plain"));
        assert_eq!(read(CookiePolicy::Secure).as_deref(), Some("secure"));
    }

    #[test]
    fn a_secure_cookie_says_so() {
        let text = |p: CookiePolicy| p.clear().unwrap().to_str().unwrap().to_owned();
        assert!(text(CookiePolicy::Secure).ends_with("; Secure"));
        assert!(!text(CookiePolicy::Loopback).contains("Secure"));
        assert!(text(CookiePolicy::Loopback).contains("HttpOnly; SameSite=Lax"));
    }
}
