use crate::app::Shared;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address a call came from. Behind a proxy the last hop that the proxy wrote counts; what
/// a client writes there itself does not.
#[derive(Debug, Clone, Copy)]
pub struct Address(pub IpAddr);

impl FromRequestParts<Shared> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Infallible> {
        let forwarded = || {
            let line = parts
                .headers
                .get_all("x-forwarded-for")
                .iter()
                .next_back()?;
            line.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        };
        let direct = || {
            parts
                .extensions
                .get::<ConnectInfo<SocketAddr>>()
                .map(|c| c.0.ip())
        };
        let found = if app.behind_proxy {
            forwarded().or_else(direct)
        } else {
            direct()
        };
        Ok(Self(found.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}
