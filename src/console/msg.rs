//! What reaches the model and what it asks for in return.

use chrono::{DateTime, Utc};

use crate::desk::answer::{Draft, Farewell, Leave, Plan, Wish};
use crate::desk::{Earlier, KeyListing, Order, Outcome, Password};
use crate::drill::{Bulletin, Control};
use crate::triage::statistics::Statistics;
use crate::triage::{CaseKey, Dossier, Query, Row};

use super::key::Key;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted. Foreign text.
    Pasted(String),
    /// The screen has another size: columns, rows.
    Resized(u16, u16),
    /// It is now this late.
    Clock(DateTime<Utc>),
    /// No key came for a moment: the panes may follow the cursor.
    Rested,
    /// The store's files changed, maybe by our own hand.
    StoreTouched,
    /// Rows that were asked for; those of cases that are gone are missing.
    Rows(Vec<Row>),
    /// An answer from a worker.
    Reply(Reply),
    /// The editor closed with this text, or did not start.
    Edited(Result<String, String>),
    /// Text was handed to the terminal's clipboard, or was not.
    Copied(Result<String, String>),
}

/// What a worker answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The order of the queue, as of this generation of the question.
    Ordered {
        /// The generation that it answers.
        generation: u64,
        /// The cases, due first.
        keys: Vec<CaseKey>,
    },
    /// What the header counts.
    Counted(Urgent),
    /// A case with all that belongs to it.
    Opened(Box<Dossier>),
    /// A case is gone or cannot be read.
    NotOpened(CaseKey, String),
    /// Decisions were committed.
    Decided(Outcome),
    /// The last batch was taken back.
    Undone(Outcome),
    /// The last batch is old: nothing was done yet.
    UndoAsks(Earlier),
    /// What these would do.
    Previewed(Vec<Order>, Outcome),
    /// How many cases each of the queries that were asked shows.
    Tallied(Vec<usize>),
    /// The names of the templates.
    Templates(Vec<String>),
    /// What closing cases with an answer would do.
    FarewellPlanned(Box<Leave>),
    /// This case was marked as read, and that is committed.
    Read(CaseKey),
    /// What a person is asked before it is done. Safe text.
    Asked(String, Task),
    /// Somebody else changed the store.
    Moved,
    /// The known assignees.
    People(Vec<String>),
    /// How an answer would travel, and the text to begin with.
    Planned(Box<Plan>, String),
    /// An answer is refused as it was wanted: the case, why, and another way that is not.
    NotPlanned {
        /// The case.
        case: CaseKey,
        /// Why not, in words with the mend. Safe text.
        why: String,
        /// What could be done instead.
        instead: Option<Wish>,
    },
    /// An answer was written and kept.
    Answered {
        /// The case.
        case: CaseKey,
        /// Its identifier.
        id: String,
        /// What was done. Safe text.
        told: String,
        /// The message as it is to be sent.
        bytes: Vec<u8>,
    },
    /// What was being written is kept.
    Kept,
    /// Keys of the team were opened, or not; in words. Messages may have opened with them.
    Unlocked(Result<String, String>),
    /// All keys.
    Keys(Vec<KeyListing>),
    /// One key in full, as lines. Safe text.
    Card(Box<Card>),
    /// What the team has to know of its own keys. Safe text.
    Warned(Vec<String>),
    /// Figures over the cases of a query.
    Statistics(Query, Box<Statistics>),
    /// How the drill stands.
    Drilled(Box<Bulletin>),
    /// Something was done that changed what cases look like. Safe text.
    Done(String),
    /// A job failed; its label and why.
    Failed {
        /// What was to be done, such as `undo`.
        label: &'static str,
        /// Why not, in words.
        why: String,
        /// Whether it was to write.
        writes: bool,
    },
}

/// One key in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// Its user ID or address. Safe text.
    pub name: String,
    /// Whether it is one of the team's own.
    pub is_ours: bool,
    /// All that is known of it. Safe text.
    pub lines: Vec<String>,
}

/// What the header counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Open cases that are overdue.
    pub overdue: usize,
    /// Open cases with something new in them.
    pub unread: usize,
}

/// The cases that should not wait.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Urgent {
    /// Open cases that are overdue.
    pub overdue: Vec<CaseKey>,
    /// Cases with something new in them.
    pub unread: Vec<CaseKey>,
    /// When the next open case is due, shown or not.
    pub next_due: Option<DateTime<Utc>>,
}

impl Urgent {
    /// How many there are.
    pub fn counts(&self) -> Counts {
        Counts { overdue: self.overdue.len(), unread: self.unread.len() }
    }

    /// When another case becomes overdue without anybody's doing: a case is
    /// overdue in the second after it was due.
    pub fn changes_at(&self) -> Option<DateTime<Utc>> {
        self.next_due?.checked_add_signed(chrono::TimeDelta::seconds(1))
    }
}

/// Something to be done outside the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Read these rows at once: it takes microseconds.
    ReadRows(Vec<CaseKey>),
    /// Have the worker do it.
    Work(Task),
    /// Hand text to the terminal's clipboard; what it is, for the notice. Safe text.
    Copy {
        /// The text.
        text: String,
        /// What it is: `SEC-2026-0042`, `the text of ...`.
        what: String,
    },
    /// Write something in the editor: the name of its file, and the text to begin with.
    Edit(&'static str, String),
    /// Ring the terminal's bell: something became urgent.
    Ring,
    /// Stop, as Ctrl-Z does.
    Suspend,
    /// Draw everything anew.
    Repaint,
    /// Finish what is queued and leave.
    Quit,
}

/// A job for the store's worker.
#[derive(Debug, Clone, PartialEq)]
pub enum Task {
    /// Find the order of the queue.
    Order {
        /// Which question this is; an answer to an older one is dropped.
        generation: u64,
        /// Which cases.
        query: Query,
    },
    /// Count for the header.
    Count,
    /// Read one case.
    Open(CaseKey),
    /// Commit decisions.
    Decide(Vec<Order>),
    /// See what these decisions would do.
    Preview(Vec<Order>),
    /// Count what each of these shows.
    Tally(Vec<Query>),
    /// Read the names of the templates.
    Templates,
    /// Plan how cases are closed with an answer.
    PlanFarewell(Farewell),
    /// Answer and close; also in the clear, if a person said so.
    SayFarewell(Box<Leave>, bool),
    /// Mark a case as read.
    MarkRead(CaseKey),
    /// Take back the last batch, if it was made since then; about an older one is asked.
    Undo(DateTime<Utc>),
    /// Take back this batch, about which was asked.
    UndoBatch(i64),
    /// Do it again.
    Redo,
    /// Say what a merge of these cases would do.
    PlanMerge(Vec<CaseKey>),
    /// Merge these cases into the oldest of them.
    Merge(Vec<CaseKey>),
    /// Take a duplicate out again, or these messages out of a case.
    Split(CaseKey, Vec<i64>),
    /// See whether somebody else changed the store.
    LookForNews,
    /// Read the known assignees.
    People,
    /// Compute figures over the cases of a query, closed ones among them.
    Statistics(Query),
    /// Plan an answer.
    Plan(CaseKey, Wish),
    /// Keep what somebody wrote so far.
    KeepDraft(CaseKey, String),
    /// Write an answer and keep it.
    Answer(Box<Plan>, Draft),
    /// Write bytes to a new file.
    Save {
        /// Its path.
        path: String,
        /// What goes into it.
        bytes: Vec<u8>,
    },
    /// Write an attachment to a new file.
    WriteFile {
        /// The case.
        case: CaseKey,
        /// The message.
        message: i64,
        /// Its number in the list of the message, from 1.
        number: usize,
        /// The file.
        path: String,
    },
    /// Open locked keys of the team.
    Unlock(Password),
    /// See whether a key of the team ends soon.
    LookAtOwnKeys,
    /// Read all keys.
    Keys,
    /// Read one key in full.
    Card(String),
    /// Note that a person compared the fingerprint: the key, and how.
    Verify(String, String),
    /// Note that a key is no longer to be used.
    Retire(String),
    /// Take keys in from this file.
    ImportKeys(String),
    /// Write the certificate of this key to this new file.
    ExportKey(String, String),
    /// Ask this of the drill.
    Drill(Control),
}

impl Task {
    /// What it is, for notices.
    pub fn label(&self) -> &'static str {
        match self {
            Task::Order { .. } => "reading the queue",
            Task::Count => "counting",
            Task::Open(_) => "opening the case",
            Task::Decide(_) | Task::Preview(_) => "the decision",
            Task::Tally(_) => "counting",
            Task::Templates => "reading the templates",
            Task::PlanFarewell(_) | Task::SayFarewell(..) => "close with answer",
            Task::MarkRead(_) => "marking as read",
            Task::Undo(_) | Task::UndoBatch(_) => "undo",
            Task::Redo => "redo",
            Task::PlanMerge(_) | Task::Merge(_) => "merge",
            Task::Split(..) => "split",
            Task::LookForNews => "looking for changes",
            Task::People => "reading the assignees",
            Task::Statistics(_) => "statistics",
            Task::Plan(..) => "reply",
            Task::KeepDraft(..) => "keeping the draft",
            Task::Answer(..) => "the answer",
            Task::Save { .. } | Task::WriteFile { .. } => "writing the file",
            Task::Unlock(_) => "opening the key",
            Task::Keys | Task::Card(_) | Task::LookAtOwnKeys => "reading the keys",
            Task::Verify(..) | Task::Retire(_) => "the decision about the key",
            Task::ImportKeys(_) => "taking keys in",
            Task::ExportKey(..) => "writing the certificate",
            Task::Drill(_) => "drill",
        }
    }

    /// Whether it writes: such a job is finished even when the terminal is gone.
    pub fn writes(&self) -> bool {
        matches!(
            self,
            Task::Decide(_)
                | Task::MarkRead(_)
                | Task::Undo(_)
                | Task::UndoBatch(_)
                | Task::Redo
                | Task::Merge(_)
                | Task::Split(..)
                | Task::Drill(_)
        ) || self.is_for_mail()
            && !matches!(
                self,
                Task::Plan(..)
                    | Task::Keys
                    | Task::Card(_)
                    | Task::LookAtOwnKeys
                    | Task::Templates
                    | Task::PlanFarewell(_)
            )
    }

    /// Whether it reads mail, decrypts or signs, and so may take its time.
    pub fn is_for_mail(&self) -> bool {
        !matches!(
            self,
            Task::Order { .. }
                | Task::Count
                | Task::Open(_)
                | Task::Decide(_)
                | Task::Preview(_)
                | Task::Tally(_)
                | Task::MarkRead(_)
                | Task::Undo(_)
                | Task::UndoBatch(_)
                | Task::Redo
                | Task::PlanMerge(_)
                | Task::Merge(_)
                | Task::LookForNews
                | Task::People
                | Task::Statistics(_)
                | Task::Drill(_)
        )
    }
}
