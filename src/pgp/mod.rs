//! OpenPGP: certificates, opening messages, checking signatures, sealing the
//! store's key. Knows nothing of mail, cases or the database.
