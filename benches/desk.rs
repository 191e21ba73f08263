//! What a triager waits for, measured on the real code and a real encrypted
//! store: `cargo bench`.

mod material;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use divan::Bencher;
use divan::counter::ItemsCount;
use ninety::console::{Look, Rehearsal};
use ninety::desk::wall::Limits;
use ninety::desk::{AtHand, Clock, Desk, Order, Place, Readers, Team};
use ninety::pgp::make::{Suite, make};
use ninety::pgp::{KnownCerts, Password, Protected, cert, compose};
use ninety::triage::lane::LaneStep;
use ninety::triage::{CaseKey, Decision, Lane, Priority, Query, Resolution, State};

fn main() {
    divan::main();
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_780)
}

/// A new store in a directory that goes with it.
fn store(readers: Readers) -> (tempfile::TempDir, Desk) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let team = Team { name: "Bench".into(), address: "security@example.org".into(), prefix: "SEC".into() };
    let place = Place::new(directory.path().join("store"));
    let desk =
        place.create(&Password::from("bench"), &team, "ann", Clock::Frozen(now()), readers).expect("a store");
    (directory, desk)
}

/// Where mail is read.
#[derive(Debug, Clone, Copy)]
enum Wall {
    /// In this process.
    None,
    /// In children, as in the product.
    Children,
}

impl Wall {
    fn readers(self) -> Readers {
        match self {
            Self::None => Readers::in_this_process(),
            Self::Children => Readers::children(env!("CARGO_BIN_EXE_ninety"), Limits::default()),
        }
    }
}

/// One plain mail of 8 kB read: the difference is what the pool costs.
#[divan::bench(args = [Wall::None, Wall::Children])]
fn read_a_plain_mail(bencher: Bencher, wall: Wall) {
    let raw = material::mail(7, 8_000).into_bytes();
    let keys = AtHand::of(Vec::new(), One(Vec::new()));
    let readers = wall.readers();
    let mut reader = readers.reader(&keys);
    bencher.bench_local(|| reader.read(&raw, now()).expect("a reading").content.text.len());
}

/// A team key and a reporter's, of one kind, and what the reporter writes.
struct Correspondence {
    team: Protected,
    mara: Protected,
}

impl Correspondence {
    fn of(kind: Suite) -> Self {
        let year = std::time::Duration::from_secs(365 * 86_400);
        let key = |name: &str, email: &str| make(name, email, kind, year, now()).expect("a key").key;
        Self { team: key("Team", "security@example.org"), mara: key("Mara", "mara@example.net") }
    }

    fn public(key: &[u8]) -> Vec<u8> {
        cert::public_part(key).expect("a certificate")
    }

    /// An encrypted and signed text of 4 kB, armored.
    fn message(&self, number: u64) -> Vec<u8> {
        let text = material::mail(number, 4_000);
        let (team, signer) = (Self::public(&self.team), compose::SigningKey::Here(&self.mara));
        compose::encrypt_signed(text.as_bytes(), &[&team], Some(signer), now()).expect("a message")
    }

    fn mail(&self, number: u64) -> Vec<u8> {
        let head =
            format!("From: Mara <mara@example.net>\nSubject: ...\nMessage-ID: <{number}@example.net>\n\n");
        [head.as_bytes(), &self.message(number)].concat()
    }
}

/// Who opens a message.
#[derive(Debug, Clone, Copy)]
enum Opener {
    /// The library, as its guide uses it.
    Library,
    /// ninety, in this process.
    Here,
    /// ninety, in a child.
    Child,
}

/// One encrypted and signed mail of 4 kB opened: the library, then ninety's whole reading of it.
#[divan::bench(consts = [CV25519, RSA4096], args = [Opener::Library, Opener::Here, Opener::Child])]
fn open_an_encrypted_mail<const KIND: usize>(bencher: Bencher, opener: Opener) {
    let both = Correspondence::of(Suite::ALL[KIND]);
    if matches!(opener, Opener::Library) {
        let pair = material::library::Pair::new(&both.team, &both.mara);
        let message = both.message(7);
        return bencher.bench_local(|| pair.open(&message, now().into()));
    }
    let wall = if matches!(opener, Opener::Here) { Wall::None } else { Wall::Children };
    let raw = both.mail(7);
    let keys = AtHand::of(vec![both.team.to_vec()], One(Correspondence::public(&both.mara)));
    let readers = wall.readers();
    let mut reader = readers.reader(&keys);
    bencher.bench_local(|| {
        let content = reader.read(&raw, now()).expect("a reading").content;
        assert_eq!(content.verdict.encryption, ninety::triage::message::Encryption::Whole);
        content.text.len()
    });
}

/// Places in [`Suite::ALL`].
const CV25519: usize = 0;
const RSA4096: usize = 1;

/// Encrypted and signed mails of 4 kB into the encrypted store, on all cores.
#[divan::bench(consts = [CV25519, RSA4096], sample_count = 3, sample_size = 1)]
fn intake_of_encrypted_mails<const KIND: usize>(bencher: Bencher) {
    let both = Correspondence::of(Suite::ALL[KIND]);
    let count: u64 = if KIND == RSA4096 { 500 } else { 4_000 };
    let mut mbox = Vec::new();
    for number in 0..count {
        mbox.extend_from_slice(b"From mara@example.net Mon Nov 23 12:00:00 2026\n");
        mbox.extend_from_slice(&both.mail(number));
        mbox.push(b'\n');
    }
    let inputs = || {
        let (directory, mut desk) = store(Wall::Children.readers());
        desk.take_key(&both.team).expect("the team's key");
        desk.take_key(&Correspondence::public(&both.mara)).expect("the reporter's certificate");
        (directory, desk)
    };
    bencher.counter(ItemsCount::new(count)).with_inputs(inputs).bench_values(|(directory, mut desk)| {
        import(&mut desk, &mbox);
        (directory, desk)
    });
}

/// Knows one certificate, whoever is asked for.
struct One(Vec<u8>);

impl KnownCerts for One {
    fn find(&self, _: &str) -> Vec<Vec<u8>> {
        vec![self.0.clone()]
    }
}

fn import(desk: &mut Desk, mut mbox: &[u8]) {
    desk.import(&[PathBuf::from("-")], &mut mbox, &mut |_| ()).expect("an intake");
}

/// 10,000 plain mails of 4.4 kB of text each, with full text, into the encrypted store.
#[divan::bench(args = [Wall::None, Wall::Children], sample_count = 3, sample_size = 1)]
fn intake_of_10_000_plain_mails(bencher: Bencher, wall: Wall) {
    let mbox = material::mbox(10_000, 4_400);
    let inputs = || store(wall.readers());
    bencher.counter(ItemsCount::new(10_000_u32)).with_inputs(inputs).bench_values(|(directory, mut desk)| {
        import(&mut desk, &mbox);
        (directory, desk)
    });
}

/// A desk on a store of so many cases, each store made once: short mails, a case each.
fn desk_on(cases: u64) -> Desk {
    type Stores = HashMap<u64, (tempfile::TempDir, Desk)>;
    static STORES: Mutex<Option<Stores>> = Mutex::new(None);
    let mut stores = STORES.lock().expect("the stores");
    let (_, desk) = stores.get_or_insert_default().entry(cases).or_insert_with(|| {
        let (directory, mut desk) = store(Readers::in_this_process());
        import(&mut desk, &material::mbox(cases, 1_500));
        (directory, desk)
    });
    desk.second().expect("a second desk")
}

/// The sizes that the figures are about.
const SIZES: [u64; 2] = [10_000, 100_000];

/// From the key to the rows of the first frame.
#[divan::bench(args = SIZES, sample_count = 50, sample_size = 1)]
fn open_and_read_the_first_page(bencher: Bencher, cases: u64) {
    let desk = desk_on(cases);
    bencher.bench_local(|| desk.second().expect("a desk").first_rows(24).expect("rows").len());
}

/// The order of the whole queue: ids only.
#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn order_of_the_whole_queue(bencher: Bencher, cases: u64) {
    let mut desk = desk_on(cases);
    bencher.bench_local(|| desk.order(&Query::default()).expect("an order").len());
}

/// The commonest word, a middling one, a rare one, a phrase, and one that is nowhere.
fn words() -> Vec<String> {
    let found = [material::word(0), material::word(500)];
    let planted = ["zyxomorphic", "\"zyxomorphic finding\"", "nothinglikeit"];
    found.into_iter().chain(planted.map(str::to_owned)).collect()
}

/// The cases that have the words, in the order of the queue.
#[divan::bench(args = words(), sample_count = 20, sample_size = 1)]
fn search(bencher: Bencher, words: &str) {
    let mut desk = desk_on(100_000);
    let query = Query::read(words, "ann").expect("a query");
    bencher.bench_local(|| desk.order(&query).expect("an order").len());
}

/// Queries of every shape: the fields alone, in groups, by lists and patterns, in
/// other orders, over closed cases too, and with words in and beside them.
fn shapes() -> Vec<(u64, String)> {
    let word = material::word(500);
    let shapes = [
        "is:unread".to_owned(),
        "state:new prio:<=1 due:<7d assignee:me product:web* exploited:yes -tag:noise".to_owned(),
        "is:all -tag:noise,dup* (prio:0..1 or due:<0h or assignee:none)".to_owned(),
        "reporter:*7@reporters.example or title:ba".to_owned(),
        "sort:-received,title".to_owned(),
        format!("{word} state:new -tag:noise"),
        format!("is:all (prio:0 or {word} or -{}) sort:reporter", material::word(0)),
    ];
    SIZES.into_iter().flat_map(|size| shapes.clone().map(|shape| (size, shape))).collect()
}

/// The cases of a query, in its order.
#[divan::bench(args = shapes(), sample_count = 20, sample_size = 1)]
fn filter(bencher: Bencher, (cases, shape): &(u64, String)) {
    let mut desk = desk_on(*cases);
    let query = Query::read(shape, "ann").expect("a query");
    bencher.bench_local(|| desk.order(&query).expect("an order").len());
}

/// One case with its messages and timeline.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn open_a_case(bencher: Bencher) {
    let mut desk = desk_on(100_000);
    let order = desk.order(&Query::default()).expect("an order");
    let mut cases = order.iter().cycle();
    bencher.bench_local(|| cases.next().map(|key| desk.dossier(*key).expect("a dossier").messages.len()));
}

/// From the key to the bytes of the first frame.
#[divan::bench(args = SIZES, sample_count = 50, sample_size = 1)]
fn first_frame(bencher: Bencher, cases: u64) {
    let desk = desk_on(cases);
    bencher.bench_local(|| {
        let opened = desk.second().expect("a desk");
        Rehearsal::open(opened, Look::from_environment(), 80, 24).expect("a frame").1
    });
}

/// One `j`: the model, the cells and the bytes.
#[divan::bench(args = [(80, 24), (200, 50)], sample_count = 200, sample_size = 1)]
fn cursor_move(bencher: Bencher, (width, height): (u16, u16)) {
    let opened = Rehearsal::open(desk_on(100_000), Look::from_environment(), width, height);
    let (mut rehearsal, _) = opened.expect("a frame");
    rehearsal.settle();
    let mut keys = "jjjjjkkkkk".chars().cycle();
    let bytes: usize = "jjjjjkkkkk".chars().map(|key| rehearsal.press(key)).sum();
    println!("{} bytes for a cursor move at {width}x{height}", bytes / 10);
    bencher.bench_local(|| keys.next().map(|key| rehearsal.press(key)));
}

/// Decisions that every second case got, every third of all of them.
fn decided(desk: &mut Desk) {
    let keys = desk.order(&Query::default()).expect("an order");
    let order = |(number, case): (usize, &CaseKey)| {
        let of = |decision| Order { case: *case, seen: None, decision };
        let ask = LaneStep::Ask { owner: Some("ben".to_owned()), note: None };
        let mut orders = vec![
            of(Decision::Priority(Priority::new((number % 5) as u8))),
            of(Decision::Product(Some(format!("product {}", number % 7)))),
            of(Decision::Component(Some(format!("component {}", number % 40)))),
            of(Decision::State(State::Triaged, None)),
            of(Decision::Lane(Lane::Development, ask)),
        ];
        if number.is_multiple_of(3) {
            orders.push(of(Decision::State(State::Closed, Some(Resolution::WontFix))));
        }
        orders
    };
    let orders: Vec<Order> = keys.iter().enumerate().step_by(2).flat_map(order).collect();
    assert_eq!(desk.decide(&orders).expect("decisions").refused, []);
}

/// All figures over all cases, half of them decided on.
#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn statistics(bencher: Bencher, cases: u64) {
    let (_directory, mut desk) = store(Readers::in_this_process());
    import(&mut desk, &material::mbox(cases, 100));
    decided(&mut desk);
    let since = Some(DateTime::UNIX_EPOCH);
    bencher.bench_local(|| {
        let figures = desk.statistics(since, None, &Query::default()).expect("figures");
        assert_eq!(figures.received.cases as u64, cases);
    });
}
