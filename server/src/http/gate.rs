//! The gate before every route: finds out who calls, and sees to it that the route asks
//! [`domain::access::may`]. A route that answers success without having asked is an error, in
//! every build.

use super::Failure;
use crate::app::Shared;
use crate::auth::TokenHash;
use crate::clock;
use crate::store::Session;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::access::{Action, Actor, Decision, Object, Refusal, may};
use domain::entry::DeviceKey;
use domain::ids::DeviceId;
use domain::register::{Day, PersonId};
use domain::wire::AS_PERSON;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Who calls, and for what.
#[derive(Debug, Clone)]
pub struct Caller {
    /// With the rights of today.
    pub actor: Actor,
    session: Option<SignedIn>,
    action: Action,
    asked: Arc<AtomicBool>,
}

/// A valid session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Whose; of a lent one, for whom it is lent.
    pub person: PersonId,
    /// On which installation.
    pub device: DeviceId,
    /// Its token's hash.
    pub token: TokenHash,
    /// It is somebody else's, and the device vouches for the caller.
    pub lent: Option<Lent>,
}

/// That the session of one person serves to submit what another one made on the same device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lent {
    /// Who is signed in.
    pub by: PersonId,
    /// The device's keys that both have shown when they signed in there.
    pub keys: Vec<DeviceKey>,
}

impl Caller {
    /// Asks whether the route's action may be done to `object`.
    pub fn may(&self, object: &Object<'_>) -> Result<(), Failure> {
        self.asked.store(true, Ordering::Relaxed);
        match may(&self.actor, self.action, object) {
            Decision::Allow => Ok(()),
            Decision::Hidden => Err(Failure::not_found()),
            Decision::Denied(refusal) => Err(denied(refusal)),
        }
    }

    /// The session, if there is one.
    pub const fn session(&self) -> Option<&SignedIn> {
        self.session.as_ref()
    }

    /// The session; `sign_in_required` without one.
    pub fn signed_in(&self) -> Result<&SignedIn, Failure> {
        self.session.as_ref().ok_or_else(Failure::sign_in_required)
    }
}

impl Failure {
    /// There is no session, or none that serves.
    pub(crate) fn sign_in_required() -> Self {
        denied(Refusal::SignInRequired)
    }
}

fn denied(refusal: Refusal) -> Failure {
    let status = match refusal {
        Refusal::SignInRequired => StatusCode::UNAUTHORIZED,
        _ => StatusCode::FORBIDDEN,
    };
    Failure::new(status, refusal.code())
}

/// Puts a [`Caller`] before the route and checks afterwards that it was asked.
pub async fn gate(
    State((app, action)): State<(Shared, Action)>,
    mut request: Request,
    next: Next,
) -> Response {
    let session = match session(&app, request.headers()).await {
        Ok(session) => session,
        Err(failure) => return failure.into_response(),
    };
    let asked = Arc::new(AtomicBool::new(false));
    let actor = actor(&app, session.as_ref());
    let caller = Caller {
        actor,
        session,
        action,
        asked: Arc::clone(&asked),
    };
    request.extensions_mut().insert(caller);
    let response = next.run(request).await;
    if response.status().is_success() && !asked.load(Ordering::Relaxed) {
        tracing::error!(
            action = action.as_str(),
            "a route answered without asking may()"
        );
        return Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "unguarded").into_response();
    }
    response
}

async fn session(app: &Shared, headers: &HeaderMap) -> Result<Option<SignedIn>, Failure> {
    let Some(token) = app.cookies.read(headers).map(|t| t.hash()) else {
        return Ok(None);
    };
    let Some(session) = app.store.session(&token).await? else {
        return Ok(None);
    };
    let now = clock::now();
    if session.is_over(now) {
        app.store.close_session(&token).await?;
        return Ok(None);
    }
    let touch = session.wants_touch(now);
    let device = session.device;
    let other = |asks: &&HeaderValue| asks.as_bytes() != session.person.as_str().as_bytes();
    let (person, lent) = match headers.get(AS_PERSON).filter(other) {
        None => (session.person, None),
        Some(asks) => match lend(app, &session, asks).await? {
            Some((person, lent)) => (person, Some(lent)),
            None => return Ok(None),
        },
    };
    if touch {
        app.store.touch_session(&token, now).await?;
    }
    Ok(Some(SignedIn {
        person,
        device,
        token,
        lent,
    }))
}

/// Who asks while another person is signed in is vouched for by the device, if both have signed
/// in on it with the same key.
async fn lend(
    app: &Shared,
    session: &Session,
    asks: &HeaderValue,
) -> Result<Option<(PersonId, Lent)>, Failure> {
    let asks: Option<PersonId> = asks.to_str().ok().and_then(|id| id.parse().ok());
    let registers = app.registry.current();
    let Some(asks) = asks.filter(|id| registers.person(id).is_some()) else {
        return Ok(None);
    };
    let keys = app
        .store
        .device_keys(session.device, [&asks, &session.person])
        .await?;
    let by = session.person.clone();
    Ok((!keys.is_empty()).then_some((asks, Lent { by, keys })))
}

/// A person who left the registers has a session and no rights.
fn actor(app: &Shared, session: Option<&SignedIn>) -> Actor {
    if let Some(SignedIn {
        person: author,
        lent: Some(_),
        ..
    }) = session
    {
        let author = author.clone();
        return Actor::Device { author };
    }
    let day = Day::in_china(clock::now());
    session
        .zip(day)
        .and_then(|(s, day)| Actor::of(&app.registry.current(), &s.person, day, false))
        .unwrap_or(Actor::Anonymous)
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "unguarded"))
    }
}
