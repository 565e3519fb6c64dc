use crate::app::Shared;
use crate::auth::{SessionClass, Token};
use crate::clock;
use crate::http::address::Address;
use crate::http::{Caller, Failure, Json};
use crate::registry::name_of;
use crate::store::{Account, NewSession};
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::AppendHeaders;
use domain::access::{Object, opens_desk};
use domain::register::Day;
use domain::wire::{Me, SignIn};

/// The longest account name or password that is looked at, bytes.
const TEXT_BYTES: usize = 1024;
/// Browsers keep a cookie for at most 400 days.
const COOKIE_SECONDS: i64 = 400 * 24 * 3600;

type WithCookie<T> = (AppendHeaders<Vec<(axum::http::HeaderName, HeaderValue)>>, T);

/// Signing in with a password.
#[utoipa::path(post, path = "/session", tag = "session",
    request_body(content = serde_json::Value, description = "wire::SignIn"),
    responses(
        (status = 200, description = "wire::Me", body = serde_json::Value),
        (status = 401, description = "wrong_credentials"),
        (status = 429, description = "too_many_tries, with retry_after_s")))]
pub(super) async fn sign_in(
    caller: Caller,
    address: Address,
    State(app): State<Shared>,
    Json(sign_in): Json<SignIn>,
) -> Result<WithCookie<axum::Json<Me>>, Failure> {
    caller.may(&Object::Nothing)?;
    let now = clock::now();
    let name = sign_in.account.trim();
    if name.len() > TEXT_BYTES || sign_in.password.len() > TEXT_BYTES {
        return Err(wrong());
    }
    app.throttle
        .try_sign_in(name, address.0, now)
        .map_err(|seconds| {
            Failure::new(StatusCode::TOO_MANY_REQUESTS, "too_many_tries").retry_after(seconds)
        })?;
    let account = app
        .store
        .account(name)
        .await?
        .filter(|a| a.disabled_ms.is_none());
    let stored = account.as_ref().map(|a| a.password.clone());
    let matches = app.passwords.matches(sign_in.password, stored).await;
    let Some(account) = account.filter(|_| matches) else {
        app.throttle.failed(name, now);
        tracing::warn!(account = name, address = %address.0, "wrong password");
        return Err(wrong());
    };
    app.throttle.succeeded(name);
    let registers = app.registry.current();
    let day = Day::in_china(now).ok_or_else(wrong)?;
    // Who left the registers has an account and nothing to do here.
    registers.person(&account.person).ok_or_else(wrong)?;
    let token = Token::draw();
    let session = NewSession {
        token: token.hash(),
        person: account.person.clone(),
        device: sign_in.device_id,
        class: SessionClass::of(&registers, &account.person, day),
        opened_ms: now,
    };
    if let Some(key) = &sign_in.device_key {
        app.store
            .bind_device(session.device, &session.person, key, now)
            .await?;
    }
    app.store.open_session(&session).await?;
    tracing::info!(person = %account.person, device = %session.device, "signed in");
    let cookie = app.cookies.set(&token, COOKIE_SECONDS);
    Ok((with(cookie), axum::Json(me(&app, account, day))))
}

/// One answer for every reason, so that it does not tell which accounts exist.
fn wrong() -> Failure {
    Failure::new(StatusCode::UNAUTHORIZED, "wrong_credentials")
}

fn me(app: &Shared, account: Account, day: Day) -> Me {
    let registers = app.registry.current();
    Me {
        name: name_of(&registers, &account.person),
        desk: opens_desk(&registers, &account.person, day),
        person: account.person,
        account: account.account,
    }
}

fn with(cookie: Option<HeaderValue>) -> AppendHeaders<Vec<(axum::http::HeaderName, HeaderValue)>> {
    AppendHeaders(cookie.map(|c| (SET_COOKIE, c)).into_iter().collect())
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session",
    responses((status = 200, description = "wire::Me", body = serde_json::Value)))]
pub(super) async fn who(
    caller: Caller,
    State(app): State<Shared>,
) -> Result<axum::Json<Me>, Failure> {
    caller.may(&Object::Nothing)?;
    let person = &caller.signed_in()?.person;
    let account = app
        .store
        .account_of(person)
        .await?
        .ok_or_else(Failure::not_found)?;
    let day = Day::in_china(clock::now()).ok_or_else(Failure::not_found)?;
    Ok(axum::Json(me(&app, account, day)))
}

/// Signing out. What lies on the phone stays there.
#[utoipa::path(delete, path = "/session", tag = "session",
    responses((status = 204, description = "signed out")))]
pub(super) async fn sign_out(
    caller: Caller,
    State(app): State<Shared>,
) -> Result<WithCookie<StatusCode>, Failure> {
    caller.may(&Object::Nothing)?;
    app.store.close_session(&caller.signed_in()?.token).await?;
    app.news.look_up();
    Ok((with(app.cookies.clear()), StatusCode::NO_CONTENT))
}
