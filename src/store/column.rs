//! How values of `triage` stand in columns, and back.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use rusqlite::Row;
use rusqlite::types::FromSql;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, Result};

/// An instant as seconds since 1970, rounded down.
pub(super) fn seconds(at: DateTime<Utc>) -> i64 {
    at.timestamp()
}

/// The instant of a column in seconds.
pub(super) fn instant(seconds: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| Error::Unreadable(format!("instant {seconds}")))
}

/// A word of a vocabulary.
pub(super) fn word<T: FromStr>(row: &Row<'_>, column: &str) -> Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| Error::Unreadable(format!("{column} '{}'", crate::text::line(&text))))
}

/// A word of a vocabulary, or none.
pub(super) fn optional_word<T: FromStr>(row: &Row<'_>, column: &str) -> Result<Option<T>> {
    match row.get::<_, Option<String>>(column)? {
        None => Ok(None),
        Some(_) => word(row, column).map(Some),
    }
}

/// A value kept as JSON, or none.
pub(super) fn optional_json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<Option<T>> {
    match row.get::<_, Option<String>>(column)? {
        None => Ok(None),
        Some(_) => json(row, column).map(Some),
    }
}

/// A value kept as JSON.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| Error::Unreadable(format!("{column}: {error}")))
}

/// A value as JSON for a column.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Unreadable(error.to_string()))
}

/// Collects rows whose mapping can fail in our own ways, not only in SQLite's.
pub(super) fn collect<T>(
    mut rows: rusqlite::Rows<'_>,
    map: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(map(row)?);
    }
    Ok(all)
}

/// The first column of a row.
pub(super) fn first<T: FromSql>(row: &Row<'_>) -> Result<T> {
    Ok(row.get(0)?)
}
