//! Typing tests: keys in, then what was decided and what the screen shows.

mod bench;
mod bytes;
mod letters;
mod screens;
mod shelf;
mod statistics;
mod typing;
