//! Somebody with a mail address.

use serde::{Deserialize, Serialize};

/// Somebody with a mail address. Both fields are foreign text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Person {
    /// Display name; empty where there is none.
    pub name: String,
    /// Address as it was written; compared without regard to case.
    pub email: String,
}

impl Person {
    /// The name where there is one, else the address. Foreign text.
    pub fn short(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}
