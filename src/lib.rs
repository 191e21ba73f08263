//! ninety: a console for the people who answer security@.
#![allow(missing_docs)]

pub mod cli;
pub mod console;
pub mod demo;
pub mod desk;
pub mod mail;
pub mod pgp;
pub mod store;
pub mod text;
pub mod triage;
