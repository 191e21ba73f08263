//! The certificates known at one moment, so that several threads can ask at once.

use std::collections::HashMap;

use crate::desk::{Desk, Result};
use crate::pgp::KnownCerts;

/// The certificates known when it was made.
#[derive(Debug, Default)]
pub(in crate::desk) struct KnownSnapshot {
    certs: Vec<Vec<u8>>,
    by_handle: HashMap<String, Vec<usize>>,
}

impl KnownSnapshot {
    /// Everything that the store knows.
    pub(in crate::desk) fn of(desk: &Desk) -> Result<Self> {
        let mut snapshot = Self { certs: desk.store.known_certs()?, by_handle: HashMap::new() };
        for (handle, fingerprint) in desk.store.known_handles()? {
            snapshot.by_handle.entry(handle).or_default().push(fingerprint);
        }
        Ok(snapshot)
    }
}

impl KnownCerts for KnownSnapshot {
    fn find(&self, handle: &str) -> Vec<Vec<u8>> {
        let numbers = self.by_handle.get(handle).into_iter().flatten();
        numbers.filter_map(|&number| self.certs.get(number)).cloned().collect()
    }
}
