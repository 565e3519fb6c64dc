use super::PgStore;
use super::codec::{bytes, get, parse, text};
use crate::auth::TokenHash;
use crate::store::{Account, NewSession, Session, StoreError};
use domain::ids::DeviceId;
use domain::register::PersonId;
use domain::time::WallMs;
use sqlx::postgres::PgRow;

pub(super) async fn put(store: &PgStore, accounts: &[Account]) -> Result<(), StoreError> {
    let mut tx = store.pool.begin().await?;
    for account in accounts {
        sqlx::query(
            "INSERT INTO account (account, person, password, disabled_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (account) DO UPDATE SET person = excluded.person,
                password = excluded.password, disabled_ms = excluded.disabled_ms",
        )
        .bind(&account.account)
        .bind(account.person.as_str())
        .bind(&account.password)
        .bind(account.disabled_ms.map(|at| at.0))
        .execute(&mut *tx)
        .await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn by_name(store: &PgStore, name: &str) -> Result<Option<Account>, StoreError> {
    sqlx::query("SELECT * FROM account WHERE account = $1")
        .bind(text(name))
        .fetch_optional(&store.pool)
        .await?
        .map(|row| account(&row))
        .transpose()
}

pub(super) async fn of(store: &PgStore, person: &PersonId) -> Result<Option<Account>, StoreError> {
    sqlx::query("SELECT * FROM account WHERE person = $1")
        .bind(person.as_str())
        .fetch_optional(&store.pool)
        .await?
        .map(|row| account(&row))
        .transpose()
}

fn account(row: &PgRow) -> Result<Account, StoreError> {
    Ok(Account {
        account: get(row, "account")?,
        person: parse(row, "person")?,
        password: get(row, "password")?,
        disabled_ms: get::<Option<i64>, _>(row, "disabled_ms")?.map(WallMs),
    })
}

pub(super) async fn disable(
    store: &PgStore,
    person: &PersonId,
    now: WallMs,
) -> Result<(), StoreError> {
    let mut tx = store.pool.begin().await?;
    sqlx::query("UPDATE account SET disabled_ms = $1 WHERE person = $2 AND disabled_ms IS NULL")
        .bind(now.0)
        .bind(person.as_str())
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM session WHERE person = $1")
        .bind(person.as_str())
        .execute(&mut *tx)
        .await?;
    super::devices::forget(&mut tx, person).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn open_session(store: &PgStore, session: &NewSession) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO session (token_hash, person, device, class, opened_ms, seen_ms)
         VALUES ($1, $2, $3, $4, $5, $5)",
    )
    .bind(session.token.bytes().as_slice())
    .bind(session.person.as_str())
    .bind(session.device.raw().to_vec())
    .bind(session.class.as_str())
    .bind(session.opened_ms.0)
    .execute(&store.pool)
    .await?;
    Ok(())
}

pub(super) async fn session(
    store: &PgStore,
    token: &TokenHash,
) -> Result<Option<Session>, StoreError> {
    let row = sqlx::query(
        "SELECT s.person, s.device, s.class, s.opened_ms, s.seen_ms
         FROM session s JOIN account a USING (person)
         WHERE s.token_hash = $1 AND a.disabled_ms IS NULL",
    )
    .bind(token.bytes().as_slice())
    .fetch_optional(&store.pool)
    .await?;
    row.map(|row| {
        Ok(Session {
            person: parse(&row, "person")?,
            device: DeviceId::new(bytes(&row, "device")?),
            class: parse(&row, "class")?,
            opened_ms: WallMs(get(&row, "opened_ms")?),
            seen_ms: WallMs(get(&row, "seen_ms")?),
        })
    })
    .transpose()
}

pub(super) async fn touch_session(
    store: &PgStore,
    token: &TokenHash,
    now: WallMs,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE session SET seen_ms = greatest(seen_ms, $1) WHERE token_hash = $2")
        .bind(now.0)
        .bind(token.bytes().as_slice())
        .execute(&store.pool)
        .await?;
    Ok(())
}

pub(super) async fn close_session(store: &PgStore, token: &TokenHash) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE token_hash = $1")
        .bind(token.bytes().as_slice())
        .execute(&store.pool)
        .await?;
    Ok(())
}
