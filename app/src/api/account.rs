use super::http::{Line, Request};
use domain::access::DeskRegisters;
use domain::register::{PersonId, PhoneRegisters};
use domain::sync::Failure;
use domain::wire::{Me, SignIn};
use serde_json::value::RawValue;

/// `POST /session`: opens a session; the cookie is kept by the browser.
pub async fn sign_in(words: &SignIn) -> Result<Me, Failure> {
    Request::new("POST", "/session")
        .json(words)
        .send()
        .await?
        .read()
        .await
}

/// `GET /session`: who is signed in.
pub async fn me() -> Result<Me, Failure> {
    Request::new("GET", "/session").send().await?.read().await
}

/// `DELETE /session`: ends the session. Nothing on the phone is touched.
pub async fn sign_out() -> Result<(), Failure> {
    Request::new("DELETE", "/session").send().await.map(drop)
}

/// `GET /registers`: what this person's phone needs of posts, reaches, divisions, catalogue; the
/// text that it was read from is what the phone keeps.
pub async fn registers(person: &PersonId) -> Result<(Box<RawValue>, PhoneRegisters), Failure> {
    let line = Line {
        person,
        abort: None,
    };
    let reply = Request::new("GET", "/registers").on(line).send().await?;
    let text: Box<RawValue> = reply.read().await?;
    let registers = domain::json::read_own(text.get()).map_err(|_| Failure::NotOurs)?;
    Ok((text, registers))
}

/// `GET /registers?desk=1`: what this person's desk needs to name and filter what it sees.
pub async fn desk_registers() -> Result<DeskRegisters, Failure> {
    Request::new("GET", "/registers?desk=1")
        .send()
        .await?
        .read()
        .await
}
