//! The schema: numbered migrations, applied in order, each in one transaction.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::{Error, Result};

/// Every migration there ever was; the number of a schema is its position, from 1.
/// A landed one is never edited: stores made by it exist.
const MIGRATIONS: [&str; 4] = [
    include_str!("../../assets/migrations/0001_desk.sql"),
    include_str!("../../assets/migrations/0002_keys.sql"),
    include_str!("../../assets/migrations/0003_triage.sql"),
    include_str!("../../assets/migrations/0004_drills.sql"),
];

/// The schema of this program.
const KNOWN: i64 = MIGRATIONS.len() as i64;

/// The schema that the database has; 0 for an empty one.
pub(super) fn version(connection: &Connection) -> Result<i64> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Brings the database to the schema of this program.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let found = version(connection)?;
    if found > KNOWN {
        return Err(Error::Newer { found, known: KNOWN });
    }
    if found == KNOWN {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have migrated while this one waited for the lock.
    let found = version(&transaction)?;
    let first = usize::try_from(found).map_err(|_| Error::Unreadable(format!("user_version {found}")))?;
    for migration in MIGRATIONS.iter().skip(first) {
        transaction.execute_batch(migration)?;
    }
    super::cases::derive_all(&transaction)?;
    super::likeness::sign_all(&transaction)?;
    transaction.pragma_update(None, "user_version", KNOWN)?;
    Ok(transaction.commit()?)
}

/// The write-ahead log lives in shared memory, which network filesystems do not share.
/// <https://sqlite.org/wal.html>
#[cfg(target_os = "linux")]
pub(super) fn refuse_network_filesystem(path: &Path) -> Result<()> {
    // statfs(2): NFS, SMB in its three numbers, AFS, Ceph.
    const NETWORK: [u64; 6] = [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x5346_414F, 0x00C3_6400];
    let directory = path.parent().unwrap_or(path);
    match rustix::fs::statfs(directory) {
        Ok(status) if NETWORK.contains(&(status.f_type as u64 & 0xFFFF_FFFF)) => {
            Err(Error::Network(directory.to_owned()))
        }
        _ => Ok(()),
    }
}

/// Other systems do not say which filesystem it is in one portable call.
#[cfg(not(target_os = "linux"))]
pub(super) fn refuse_network_filesystem(_path: &Path) -> Result<()> {
    Ok(())
}
