//! The stages of an intake: one thread reads, all cores have the mail
//! parsed and opened, the calling thread keeps. Memory is bounded by a budget of bytes under way.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::{Intake, Prepared, Progress, prepared};
use crate::desk::{Desk, Result};
use crate::mail::{Offer, source};

/// Bytes of messages under way at once; one larger message may pass alone.
const MAX_UNDER_WAY: usize = 96 << 20;

/// A transaction is committed when it holds this many messages or bytes: large
/// enough to be fast, small enough that others on the store do not wait.
const BATCH_MESSAGES: usize = 2_000;
const BATCH_BYTES: usize = 16 << 20;

/// Messages waiting between two stages: while one batch is kept, the next is
/// made ready. Their bytes are bounded by the budget.
const QUEUE: usize = 2 * BATCH_MESSAGES;

/// Runs an intake to its end.
pub(super) fn run(
    desk: &mut Desk,
    paths: &[PathBuf],
    input: &mut (dyn Read + Send),
    progress: &mut dyn FnMut(Progress),
) -> Result<Intake> {
    let keys = desk.at_hand()?;
    let (now, readers, rules) = (desk.now(), desk.readers.clone(), desk.rules());
    let is_drill = desk.is_drill;
    let total = source::total_bytes(paths);
    let budget = Budget::default();
    let (offer_to, offers) = sync_channel::<(u64, Offer)>(QUEUE);
    let (mail_to, mails) = sync_channel::<(u64, Result<Prepared>)>(QUEUE);
    let offers = Mutex::new(offers);
    thread::scope(|scope| {
        let (budget, offers, keys) = (&budget, &offers, &keys);
        let (readers, rules) = (&readers, &rules);
        scope.spawn(move || read_offers(paths, input, budget, &offer_to));
        let cores = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..cores {
            let mail_to = mail_to.clone();
            scope.spawn(move || {
                let mut reader = readers.reader(keys);
                while let Some((number, offer)) = next(offers) {
                    let one = prepared(offer, rules, is_drill, now, |raw| reader.read(&raw.bytes, now));
                    if mail_to.send((number, one)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(mail_to);
        let kept = keep_all(desk, &mails, budget, total, progress);
        // Whoever still waits for room or for work must see that nobody keeps any more.
        budget.close();
        drop(mails);
        while next(offers).is_some() {}
        kept
    })
}

fn read_offers(paths: &[PathBuf], input: &mut dyn Read, budget: &Budget, to: &SyncSender<(u64, Offer)>) {
    let mut number = 0;
    source::offers(paths, input, &mut |offer| {
        let size = offer.taken.as_ref().map_or(0, |raw| raw.bytes.len());
        if !budget.take(size) || to.send((number, offer)).is_err() {
            return ControlFlow::Break(());
        }
        number += 1;
        ControlFlow::Continue(())
    });
}

fn next<T>(from: &Mutex<Receiver<T>>) -> Option<T> {
    lock(from).recv().ok()
}

/// Puts the messages back in their order and keeps them, some at a time.
fn keep_all(
    desk: &mut Desk,
    mails: &Receiver<(u64, Result<Prepared>)>,
    budget: &Budget,
    total: u64,
    progress: &mut dyn FnMut(Progress),
) -> Result<Intake> {
    let mut intake = Intake::default();
    let mut waiting = BTreeMap::new();
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut next_number = 0;
    let mut done = Progress { total, ..Progress::default() };
    for (number, one) in mails {
        waiting.insert(number, one?);
        while let Some(one) = waiting.remove(&next_number) {
            next_number += 1;
            done.messages += 1;
            done.bytes = done.bytes.max(one.bytes_read);
            bytes += one.size;
            batch.push(one);
            if batch.len() >= BATCH_MESSAGES || bytes >= BATCH_BYTES {
                intake.taken.extend(desk.keep(std::mem::take(&mut batch))?);
                budget.give_back(std::mem::take(&mut bytes));
                progress(done);
            }
        }
    }
    if !batch.is_empty() {
        intake.taken.extend(desk.keep(batch)?);
    }
    progress(done);
    Ok(intake)
}

/// Bytes that may be under way between reading and keeping.
#[derive(Default)]
struct Budget {
    state: Mutex<(usize, bool)>,
    changed: Condvar,
}

impl Budget {
    /// Waits until `size` more bytes fit; `false` when nobody keeps any more.
    fn take(&self, size: usize) -> bool {
        let mut state = lock(&self.state);
        while !state.1 && state.0 > 0 && state.0 + size > MAX_UNDER_WAY {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.0 += size;
        !state.1
    }

    fn give_back(&self, size: usize) {
        lock(&self.state).0 -= size;
        self.changed.notify_all();
    }

    fn close(&self) {
        lock(&self.state).1 = true;
        self.changed.notify_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
