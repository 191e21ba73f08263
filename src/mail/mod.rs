//! Bytes to messages: finding the messages in files and streams, and reading
//! each one's MIME structure. Knows nothing of cases, keys or the database.

pub mod autocrypt;
mod body;
mod clip;
pub mod compose;
mod defects;
pub mod digest;
pub mod entity;
pub mod fields;
mod headers;
mod html;
mod mbox;
mod offer;
mod parse;
mod quote;
mod render;
mod sniff;
pub mod source;
mod stream;

pub use entity::{Content, Entity, Headers, Mail};
pub use html::{HIDDEN_END, HIDDEN_START, to_text as html_to_text};
pub use offer::{MAX_MESSAGE, Offer, Raw, Refused};
pub use parse::{MAX_DEPTH, MAX_PARTS, headers, parse};
pub use quote::quotable;
pub use render::{MAX_TEXT, Readable, attached, render};
