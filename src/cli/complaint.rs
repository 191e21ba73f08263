//! What a command says when it cannot: one message, its mend, one exit code.

use std::process::ExitCode;

use crate::desk;
use crate::store;

/// What kind of trouble it is; the exit code says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Something failed or was refused.
    Failed = 1,
    /// The command line or a value on it was not understood.
    Misread = 2,
    /// The store could not be made or opened.
    NoStore = 3,
    /// Something could not be told, where 1 says that something was.
    Untold = 4,
}

/// A complaint, already safe to print.
#[derive(Debug)]
pub(super) struct Complaint {
    kind: Kind,
    message: String,
    hint: Option<String>,
}

impl Complaint {
    /// Something failed.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self { kind: Kind::Failed, message: message.into(), hint: None }
    }

    /// Something was not understood.
    pub(super) fn misread(message: impl Into<String>) -> Self {
        Self { kind: Kind::Misread, message: message.into(), hint: None }
    }

    /// With its mend.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The same complaint as one of kind `to`, where it is one of kind `from`.
    pub(super) fn instead_of(self, from: Kind, to: Kind) -> Self {
        Self { kind: if self.kind == from { to } else { self.kind }, ..self }
    }

    /// Any other error.
    pub(super) fn of(error: impl std::error::Error) -> Self {
        Self::failed(crate::text::line(&error.to_string()))
    }

    /// The message and its mend in one line.
    pub(super) fn into_message(self) -> String {
        match self.hint {
            Some(hint) => format!("{}; {hint}", self.message),
            None => self.message,
        }
    }

    /// Prints it to standard error.
    pub(super) fn print(&self) -> ExitCode {
        eprintln!("ninety: {}", self.message);
        if let Some(hint) = &self.hint {
            eprintln!("  hint: {hint}");
        }
        ExitCode::from(self.kind as u8)
    }
}

impl From<desk::Error> for Complaint {
    fn from(error: desk::Error) -> Self {
        use desk::Error as E;
        let kind = match &error {
            E::NoStore(_) | E::StoreExists(_) | E::NoDrill(_) | E::Sealed { .. } | E::Passphrase(_) => {
                Kind::NoStore
            }
            E::Store(store::Error::NoCase(_)) | E::Refused(_) | E::Restricted(_) => Kind::Failed,
            E::Store(_) => Kind::NoStore,
            E::Misread(_) => Kind::Misread,
            E::File { .. } | E::Key { .. } | E::Reader(_) => Kind::Failed,
        };
        Self { kind, message: crate::text::line(&error.to_string()), hint: error.hint() }
    }
}
