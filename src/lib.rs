//! ninety: a full-screen terminal console for the people who answer security@.
//!
//! Every report that reaches a company starts a clock. ninety makes sure that
//! the people on call never lose a report, a day, or a secret.
//!
//! # The rooms, and which way the doors open
//!
//! ```text
//! main.rs      parses the command line and runs
//! cli/         one file a command: plain text or --json, one complaint with its mend
//! console/     the full-screen console: model, update, commands, view, shell
//! demo/        a throw-away store that plays assets/demo.toml through the desk
//! drill/       fire drills on a throw-away store: scenarios, made-up people and their mail, scoring, report
//!   scenario/    the TOML file, and every mistake in it
//!   record, judge/, plot, score   what happened, whether something is so, what is due, what it is worth
//!   stage/       a drill while it runs; report/ what is told afterwards; library the scenarios
//! desk/        the desk: store + keys + clock. What the console and the commands can do, once
//!   decide       decisions: one transaction each
//!   undo/        taken back, or made again, and what that is in words
//!   preview      what decisions would do, told before they are made
//!   intake/      offered bytes to cases: read, have parsed and opened on all cores, keep
//!   noise        how likely a report is noise, as it comes and when it opens
//!   envelope/    a message to its reading and the one verdict over it (RFC 9787)
//!   keys/        keys in, whose they are taken to be, waiting mail opened, the team's own
//!   answer/      answers: planned, drafted, signed and encrypted, kept
//!   explain      why a case stands where it stands in the queue
//!   remind, rota what became due and was not told; who is on call, shifts handed over
//!   duties       reports by law: their instants, filings and drafts
//!   merging/     duplicates into one case and out again, messages taken out of a case
//!   similar      what a case is like, and where bugs cluster
//!   config       the file with the team's rules, found and read
//!   wall/        the processes that foreign mail is read in, and what holds them back
//!   statistics   figures over the cases, gathered in one pass (triage/statistics says what they are)
//!   vault        the directory of a store and the lock on it
//!   clock/       the one clock: real, held, or that of a drill; chronicle, drills what drills are judged by, and leave
//! store/       the encrypted database. The only room with SQL
//! mail/        bytes to messages: sources, MIME, readable text; and composing
//! pgp/         OpenPGP: certificates, opening, checking, sealing, composing; keys made and renewed
//!   agent/       the GnuPG agent over its socket, for keys that are there or on a card
//! age.rs       age files: identities, and opening
//! triage/      what a case is. Pure: no I/O, no clock of its own
//!   case, event/ what is known of a case; decisions, the changes they make, the timeline
//!   clocks/      the nine clocks of a case; regulation/ those of the law
//!   policy/, calendar/, rules   what was promised, when people work, the configuration's text
//!   cvss/, ssvc/, proposal, order   scores, the priority they speak for, the place in the queue
//!   query/, view the language that asks for cases
//!   demand/, noise, similar/, weakness, evidence   what is read out of a report's text
//! text.rs      the one way in which foreign text becomes safe to show
//! ```
//!
//! `triage`, `text` <- `store`, `mail`, `pgp`, `age` <- `desk` <- `drill` <- `demo` <- `cli`, `console` <- `main`.
//! Never backwards, and never sideways between `store`, `mail`, `pgp` and
//! `age`: the desk brings them together. `tests/doors.rs` holds this.
//!
//! # The vocabulary
//!
//! - A **case** is one report on its way from mail to advisory, known by its
//!   identifier (`SEC-2026-0042`); a **row** is what the queue shows of it, a
//!   **dossier** all that belongs to it.
//! - A **decision** is what a person wants of a case; a **change** is a field
//!   set to a value; an **event** records it in the **timeline**. Events made
//!   together are a **batch**, and are undone together by a further batch.
//! - A reporter has a **promise**: a policy by its name, with the spans that it
//!   had then. **Clocks** count from what happened (**milestones**) by it; the
//!   one that is due first, the priority and exploitation make the **rank**, the
//!   place in the queue, which does not hang on the present.
//! - A **lane** is whose work it is; a case runs in several at once.
//! - A **message** has one **verdict**: how much was encrypted, and what its
//!   signature is worth. Parts do not have verdicts. A **reading** is what the
//!   arithmetic says; the **standing** of a key with an address, which people
//!   decide, says what a good signature is worth.
//! - A **drill** is played by a **scenario**: its **injects** happen at a time,
//!   or when something did or did not; its **marks** are held against the
//!   **record** of what people did. What stands in both, and in its hints, is a
//!   **check**.
//! - An **offer** is anything that intake came upon; the **ledger** knows what
//!   became of each.
//!
//! # Where secrets are
//!
//! Everything foreign or decrypted lives in the encrypted database and in
//! memory, nowhere else: the desk's, and that of the children that it reads mail
//! in (`desk/wall`), which have no files and no network. `key.pgp` beside it
//! holds its random key, sealed by Argon2id under a passphrase. SQLite keeps its temporary data in memory, core
//! dumps are off, drafts for `$EDITOR` lie in a memory-backed directory.

pub mod age;
pub mod cli;
pub mod console;
pub mod demo;
pub mod desk;
pub mod drill;
pub mod mail;
pub mod pgp;
pub mod store;
pub mod text;
pub mod triage;

/// Property tests run on the same values at every run, and write nothing.
#[cfg(test)]
fn seeded() -> proptest::test_runner::Config {
    proptest::test_runner::Config {
        rng_seed: proptest::test_runner::RngSeed::Fixed(90),
        failure_persistence: None,
        ..Default::default()
    }
}
