//! The desk: store, keys and clock brought together. Everything that the
//! console and the commands can do is a method here, once.

pub mod envelope;
