//! What a triager waits for, measured on the real code and a real encrypted
//! store: `cargo bench`. `NINETY_BENCH_CASES` sets the size of the large store.

mod material;

use std::path::PathBuf;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use divan::Bencher;
use divan::counter::ItemsCount;
use ninety::desk::{Clock, Desk, Place, Team};
use ninety::pgp::Password;
use ninety::triage::Query;

fn main() {
    divan::main();
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_780)
}

/// A new store in a directory that goes with it.
fn store() -> (tempfile::TempDir, Desk) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let team = Team { name: "Bench".into(), address: "security@example.org".into(), prefix: "SEC".into() };
    let place = Place::new(directory.path().join("store"));
    let desk = place.create(&Password::from("bench"), &team, "ann", Clock::Frozen(now())).expect("a store");
    (directory, desk)
}

fn import(desk: &mut Desk, mut mbox: &[u8]) {
    desk.import(&[PathBuf::from("-")], &mut mbox, &mut |_| ()).expect("an intake");
}

/// 10,000 plain mails of 4.4 kB of text each, with full text, into the encrypted store.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn intake_of_10_000_plain_mails(bencher: Bencher) {
    let mbox = material::mbox(10_000, 4_400);
    bencher.counter(ItemsCount::new(10_000_u32)).with_inputs(store).bench_values(|(directory, mut desk)| {
        import(&mut desk, &mbox);
        (directory, desk)
    });
}

/// The large store, made once: short mails, each a case.
fn large() -> &'static (tempfile::TempDir, std::sync::Mutex<Desk>) {
    static LARGE: OnceLock<(tempfile::TempDir, std::sync::Mutex<Desk>)> = OnceLock::new();
    LARGE.get_or_init(|| {
        let cases = std::env::var("NINETY_BENCH_CASES").ok().and_then(|count| count.parse().ok());
        let (directory, mut desk) = store();
        import(&mut desk, &material::mbox(cases.unwrap_or(100_000), 1_500));
        (directory, std::sync::Mutex::new(desk))
    })
}

fn second_desk() -> Desk {
    let (_, desk) = large();
    desk.lock().expect("the large store").second().expect("a second desk")
}

/// From the key to the rows of the first frame.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn open_and_read_the_first_page(bencher: Bencher) {
    let desk = second_desk();
    bencher.bench_local(|| desk.second().expect("a desk").first_rows(24).expect("rows").len());
}

/// The order of the whole queue: ids only.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn order_of_the_whole_queue(bencher: Bencher) {
    let mut desk = second_desk();
    bencher.bench_local(|| desk.order(&Query::default()).expect("an order").len());
}

/// A word, a common word, a prefix: the cases that have it, in the order of the queue.
#[divan::bench(args = ["zyxomorphic", "ba", "\"finding zyx\"", "nothinglikeit"], sample_count = 20, sample_size = 1)]
fn search(bencher: Bencher, words: &str) {
    let mut desk = second_desk();
    let query = Query::read(words, "ann").expect("a query");
    bencher.bench_local(|| desk.order(&query).expect("an order").len());
}

/// One case with its messages and timeline.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn open_a_case(bencher: Bencher) {
    let mut desk = second_desk();
    let order = desk.order(&Query::default()).expect("an order");
    let mut cases = order.iter().cycle();
    bencher.bench_local(|| cases.next().map(|key| desk.dossier(*key).expect("a dossier").messages.len()));
}
