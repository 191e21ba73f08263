//! Whose key a certificate is taken to be: where it came from, and what that
//! is worth.

use super::words::words;

words! {
    /// Where a certificate came from.
    pub enum Origin ("origin") {
        /// Made here.
        Made = "made here",
        /// A person took it in from a file.
        File = "file",
        /// Attached to a mail.
        Attached = "attached",
        /// In the text of a mail.
        Inline = "inline",
        /// The Autocrypt header of a mail (Autocrypt level 1).
        Autocrypt = "autocrypt",
        /// An Autocrypt-Gossip header inside an encrypted mail.
        Gossip = "gossip",
        /// The certificate directory that OpenPGP programs share.
        Directory = "certificate directory",
        /// The web key directory of the address.
        Wkd = "web key directory",
    }
}
