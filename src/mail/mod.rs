//! Bytes to messages: finding the messages in files and streams, and reading
//! each one's MIME structure. Knows nothing of cases, keys or the database.

pub mod entity;

pub use entity::{Content, Entity, Headers, Mail};
