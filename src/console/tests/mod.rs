//! Typing tests: keys in, then what was decided and what the screen shows.

mod assess;
mod bench;
mod bytes;
mod drill;
mod grooming;
mod lanes;
mod letters;
mod merging;
mod outlook;
mod rehearsal;
mod scene;
mod scores;
mod screens;
mod shelf;
mod statistics;
mod typing;
