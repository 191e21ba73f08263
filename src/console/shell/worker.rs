//! A worker: a thread with a desk of its own, so that no key ever waits for the
//! disk. There are two of one shape: the store's, where decisions run in the
//! order in which they were made, and the mail's, which decrypts and signs.

use std::collections::VecDeque;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use crate::console::msg::{Reply, Task, Urgent};
use crate::desk::{self, Desk, Undone};
use crate::drill::{Attend, Control};
use crate::triage::Query;
use crate::triage::query::Misread;

use super::terminal::WORKER;

/// The thread, what it is asked and what it answers.
#[derive(Debug)]
pub struct Worker {
    tasks: Option<Sender<Task>>,
    replies: Receiver<Reply>,
    wake: UnixStream,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts a worker that owns `desk`, and the drill's session if there is one.
    ///
    /// # Errors
    /// The system has no pipe or thread left.
    pub fn start(mut desk: Desk, mut session: Session) -> io::Result<Self> {
        let (wake, woken) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let (tasks, waiting) = mpsc::channel();
        let (answer, replies) = mpsc::channel();
        let work = move || {
            while let Some(batch) = next_batch(&waiting) {
                for task in batch {
                    let Some(reply) = answer_safely(&mut desk, &mut session, task) else { continue };
                    if answer.send(reply).is_err() {
                        // The console is gone; what is queued is still done.
                        continue;
                    }
                    // A full pipe wakes just as well.
                    let _ = io::Write::write(&mut &woken, &[1]);
                }
            }
        };
        let thread = std::thread::Builder::new().name(WORKER.to_owned()).spawn(work)?;
        Ok(Self { tasks: Some(tasks), replies, wake, thread: Some(thread) })
    }

    /// Queues a task; an answer if the worker is no longer there to give one.
    pub fn ask(&self, task: Task) -> Option<Reply> {
        let (label, writes) = (task.label(), task.writes());
        let sent = self.tasks.as_ref().is_some_and(|tasks| tasks.send(task).is_ok());
        (!sent).then(|| Reply::Failed {
            label,
            why: "the store's worker has ended; leave and start again".to_owned(),
            writes,
        })
    }

    /// What becomes readable when an answer is there.
    pub fn wake(&self) -> impl AsFd + '_ {
        &self.wake
    }

    /// The answers that are there.
    pub fn replies(&self) -> Vec<Reply> {
        super::drain(&self.wake);
        self.replies.try_iter().collect()
    }

    /// Finishes what is queued: nothing that was decided is lost.
    pub fn finish(&mut self) {
        self.tasks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.finish();
    }
}

/// All tasks that wait, without those that a later one makes needless; `None` at the end.
fn next_batch(waiting: &Receiver<Task>) -> Option<VecDeque<Task>> {
    let first = waiting.recv().ok()?;
    let mut batch: VecDeque<Task> = VecDeque::from([first]);
    batch.extend(waiting.try_iter());
    Some(without_stale(batch))
}

/// Of several questions of one kind only the last is still asked; every write
/// stays, in order. Looks at the drill are asked for once in a row.
fn without_stale(batch: VecDeque<Task>) -> VecDeque<Task> {
    let is_stale = |index: usize, task: &Task| {
        if *task == Task::Drill(Control::Look) {
            let mut writes = batch.iter().skip(index + 1).filter(|later| later.writes());
            return writes.next() == Some(task);
        }
        let kind = std::mem::discriminant(task);
        !task.writes() && batch.iter().skip(index + 1).any(|later| std::mem::discriminant(later) == kind)
    };
    let kept: Vec<bool> = batch.iter().enumerate().map(|(index, task)| !is_stale(index, task)).collect();
    batch.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(task, _)| task).collect()
}

/// What is asked about the drill, where there is one.
type Session = Option<Box<dyn Attend>>;

/// A panic in one task is an answer, not the end: the transaction rolls back.
fn answer_safely(desk: &mut Desk, session: &mut Session, task: Task) -> Option<Reply> {
    let (label, writes) = (task.label(), task.writes());
    catch_unwind(AssertUnwindSafe(|| answer(desk, session, task))).unwrap_or_else(|_| {
        let why = "an internal error; nothing was changed".to_owned();
        Some(Reply::Failed { label, why, writes })
    })
}

/// Does one task; `None` where there is nothing to say.
pub fn answer(desk: &mut Desk, session: &mut Session, task: Task) -> Option<Reply> {
    if let Task::Drill(control) = task {
        return Some(drilled(session, &control));
    }
    let (label, writes) = (task.label(), task.writes());
    let opened = match &task {
        Task::Open(key) => Some(*key),
        _ => None,
    };
    match attempt(desk, task) {
        Ok(reply) => reply,
        Err(error) => Some(match opened {
            Some(key) => Reply::NotOpened(key, error.to_string()),
            None => Reply::Failed { label, why: crate::text::line(&error.to_string()), writes },
        }),
    }
}

fn drilled(session: &mut Session, control: &Control) -> Reply {
    let asked = match session {
        Some(session) => session.attend(control),
        None => Err("this is no drill".to_owned()),
    };
    match asked {
        Ok(bulletin) => Reply::Drilled(Box::new(bulletin)),
        // The model does not count what it asks of a drill among its decisions.
        Err(why) => Reply::Failed { label: "drill", why, writes: false },
    }
}

fn attempt(desk: &mut Desk, task: Task) -> Result<Option<Reply>, desk::Error> {
    Ok(Some(match task {
        Task::Order { generation, query } => Reply::Ordered { generation, keys: desk.order(&query)? },
        Task::Count => Reply::Counted(urgent(desk)?),
        Task::Preview(orders) => {
            let outcome = desk.preview(&orders)?;
            Reply::Previewed(orders, outcome)
        }
        Task::Tally(queries) => {
            let counts = queries.iter().map(|query| Ok(desk.order(query)?.len()));
            Reply::Tallied(counts.collect::<Result<_, desk::Error>>()?)
        }
        Task::Open(key) => Reply::Opened(Box::new(desk.dossier(key)?)),
        Task::Decide(orders) => Reply::Decided(desk.decide(&orders)?),
        Task::MarkRead(key) => {
            desk.mark_read(key)?;
            Reply::Read(key)
        }
        Task::Undo(since) => match desk.undo_since(since)? {
            Undone::Done(outcome) => Reply::Undone(outcome),
            Undone::Older(earlier) => Reply::UndoAsks(earlier),
        },
        Task::UndoBatch(batch) => Reply::Undone(desk.undo_batch(batch)?),
        Task::Redo => Reply::Decided(desk.redo()?),
        Task::PlanMerge(cases) => {
            let plan = desk.merge_plan(&cases)?;
            Reply::Asked(format!("merge {}?", plan.in_words()), Task::Merge(cases))
        }
        Task::Merge(cases) => Reply::Decided(desk.merge(&cases)?),
        Task::LookForNews => return Ok(desk.has_changed()?.then_some(Reply::Moved)),
        Task::People => Reply::People(desk.people()?),
        Task::Statistics(query) => {
            let statistics = desk.statistics(None, None, &query)?;
            Reply::Statistics(query, Box::new(statistics))
        }
        other => return super::postroom::attempt(desk, other),
    }))
}

/// What should not wait, each by a query.
fn urgent(desk: &mut Desk) -> Result<Urgent, desk::Error> {
    let mut found = |query: &str| {
        let query = Query::read(query, desk.actor());
        let query = query.map_err(|misread: Misread| desk::Error::Misread(misread.to_string()))?;
        desk.order(&query)
    };
    let (overdue, unread) = (found("is:open is:overdue")?, found("is:unread")?);
    let next = found("is:open due:>=0h sort:due")?.first().copied();
    let rows = desk.rows(next.as_slice())?;
    let next_due = rows.first().and_then(|row| row.due).map(|due| due.at);
    Ok(Urgent { overdue, unread, next_due })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::CaseKey;

    #[test]
    fn what_is_urgent_is_counted_on_a_real_store_and_when_the_next_case_is_due() {
        use crate::desk::{Clock, Password, Place, Readers, Team};
        let directory = tempfile::tempdir().unwrap();
        let at = |time: &str| -> chrono::DateTime<chrono::Utc> { time.parse().unwrap() };
        let team = Team { name: "T".into(), address: "s@example.org".into(), prefix: "SEC".into() };
        let place = Place::new(directory.path().join("store"));
        let clock = Clock::Frozen(at("2026-11-23T12:00:00Z"));
        let readers = Readers::in_this_process();
        let mut desk = place.create(&Password::from("x"), &team, "ann", clock, readers).unwrap();
        // A first answer is due after 24 hours: one is late, two are not yet.
        for (number, day) in [(1, "22 Nov 2026 10:00"), (2, "23 Nov 2026 09:00"), (3, "23 Nov 2026 11:00")] {
            let mail = format!(
                "From: r{number}@x.example\nSubject: report\nDate: {day}:00 +0000\nMessage-ID: <{number}@x>\n\nx\n"
            );
            desk.receive("test", mail.as_bytes()).unwrap();
        }
        let Some(Reply::Counted(urgent)) = answer(&mut desk, &mut None, Task::Count) else {
            panic!("not counted")
        };
        assert_eq!((urgent.overdue.len(), urgent.unread.len()), (1, 3));
        assert_eq!(urgent.next_due, Some(at("2026-11-24T09:00:00Z")));
        let mut desk = desk.handed_to("ann", Clock::Frozen(at("2026-11-24T09:00:01Z")));
        let Some(Reply::Counted(urgent)) = answer(&mut desk, &mut None, Task::Count) else {
            panic!("not counted")
        };
        assert_eq!(urgent.overdue.len(), 2, "a second after it was due");
    }

    #[test]
    fn only_the_last_question_of_a_kind_is_answered_and_every_write() {
        let order = |generation| Task::Order { generation, query: Query::default() };
        let batch = VecDeque::from([
            order(1),
            Task::Open(CaseKey(1)),
            Task::Decide(Vec::new()),
            order(2),
            Task::Open(CaseKey(2)),
            Task::Decide(Vec::new()),
            Task::UndoBatch(1),
        ]);
        let kept: Vec<Task> = without_stale(batch).into();
        assert_eq!(
            kept,
            [
                Task::Decide(Vec::new()),
                order(2),
                Task::Open(CaseKey(2)),
                Task::Decide(Vec::new()),
                Task::UndoBatch(1)
            ]
        );
    }

    #[test]
    fn what_is_asked_of_a_drill_stays_but_looks_in_a_row_are_one() {
        let ask = Task::Drill;
        let batch = VecDeque::from([
            ask(Control::Look),
            Task::Count,
            ask(Control::Look),
            Task::UndoBatch(1),
            ask(Control::Look),
            ask(Control::Step),
            ask(Control::Step),
        ]);
        let kept: Vec<Task> = without_stale(batch).into();
        let (look, step) = (ask(Control::Look), ask(Control::Step));
        assert_eq!(kept, [Task::Count, look.clone(), Task::UndoBatch(1), look, step.clone(), step]);
    }
}
