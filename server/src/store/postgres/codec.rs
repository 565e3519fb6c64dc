//! Between columns and the words of the domain.

use crate::store::StoreError;
use domain::hash::Sha256;
use sqlx::postgres::PgRow;
use sqlx::{ColumnIndex, Decode, Postgres, Row, Type};
use std::fmt::Display;
use std::str::FromStr;
use uuid::Uuid;

/// A column as it is stored.
pub(super) fn get<'r, T, I>(row: &'r PgRow, column: I) -> Result<T, StoreError>
where
    T: Decode<'r, Postgres> + Type<Postgres>,
    I: ColumnIndex<PgRow>,
{
    row.try_get(column).map_err(StoreError::from)
}

/// A column of exactly `N` bytes.
pub(super) fn bytes<const N: usize>(
    row: &PgRow,
    column: &'static str,
) -> Result<[u8; N], StoreError> {
    let raw: &[u8] = get(row, column)?;
    raw.try_into()
        .map_err(|_| StoreError::damaged(column, "wrong length"))
}

/// A hash column.
pub(super) fn hash(row: &PgRow, column: &'static str) -> Result<Sha256, StoreError> {
    bytes(row, column).map(Sha256::new)
}

/// A 16-byte column of a UUID.
pub(super) fn uuid(row: &PgRow, column: &'static str) -> Result<Uuid, StoreError> {
    bytes(row, column).map(Uuid::from_bytes)
}

/// A column that is never negative.
pub(super) fn count<T: TryFrom<i64>>(row: &PgRow, column: &'static str) -> Result<T, StoreError> {
    let raw: i64 = get(row, column)?;
    T::try_from(raw).map_err(|_| StoreError::damaged(column, raw))
}

/// A text column that has a type of the domain.
pub(super) fn parse<T>(row: &PgRow, column: &'static str) -> Result<T, StoreError>
where
    T: FromStr,
    T::Err: Display,
{
    let text: &str = get(row, column)?;
    text.parse().map_err(|e| StoreError::damaged(column, e))
}

/// An optional text column that has a type of the domain.
pub(super) fn parse_opt<T>(row: &PgRow, column: &'static str) -> Result<Option<T>, StoreError>
where
    T: FromStr,
    T::Err: Display,
{
    let text: Option<&str> = get(row, column)?;
    text.map(|t| t.parse().map_err(|e| StoreError::damaged(column, e)))
        .transpose()
}

/// Bytes that are text.
pub(super) fn utf8(row: &PgRow, column: &'static str) -> Result<String, StoreError> {
    let raw: Vec<u8> = get(row, column)?;
    String::from_utf8(raw).map_err(|e| StoreError::damaged(column, e))
}

/// A number as the engine stores it.
pub(super) fn int(n: u64) -> Result<i64, StoreError> {
    i64::try_from(n).map_err(|e| StoreError::damaged("number", e))
}

/// A text as the engine takes it: it has no NUL, which phones may send inside of words. Only for
/// what is derived or said by people; texts that are hashed are bytes.
pub(super) fn text(words: &str) -> String {
    words.replace('\0', "\u{fffd}")
}

/// Sixteen bytes of an id, for an array of a statement.
pub(super) fn id(raw: uuid::Uuid) -> Vec<u8> {
    raw.as_bytes().to_vec()
}
