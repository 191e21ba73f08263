//! The second wall: foreign mail is read in children that are held back,
//! timed, killed and replaced, and no message is lost by that.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

mod support;

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ninety::desk::wall::Limits;
use ninety::desk::{Clock, Desk, Intake, Place, Readers, Taken, Team};
use ninety::pgp::{Password, cert, compose};
use ninety::store::Offered;
use ninety::triage::message::{Encryption, Message};
use sequoia_openpgp::armor;
use sequoia_openpgp::serialize::stream::{Compressor, Message as Stream};
use sequoia_openpgp::types::CompressionAlgorithm;

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// A desk whose mail is read by `program`, and a certificate to encrypt to it.
struct Office {
    desk: Desk,
    certificate: Vec<u8>,
    directory: tempfile::TempDir,
}

impl Office {
    fn with(readers: Readers) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let place = Place::new(directory.path().join("store"));
        let team = Team { name: "T".into(), address: "security@example.org".into(), prefix: "SEC".into() };
        let passphrase = Password::from("test");
        let mut desk = place.create(&passphrase, &team, "ann", Clock::Frozen(now()), readers).unwrap();
        let key = cert::generate("Team", "security@example.org", now()).unwrap();
        desk.take_key(&key).unwrap();
        let certificate = cert::read(&key, now()).unwrap().found.remove(0).public;
        Self { desk, certificate, directory }
    }

    fn new(limits: Limits) -> Self {
        Self::with(Readers::children(env!("CARGO_BIN_EXE_ninety"), limits))
    }

    /// Mail with this text, encrypted to the team.
    fn encrypted(&self, id: &str, text: &[u8]) -> Vec<u8> {
        let armored = compose::encrypt_signed(text, &[&self.certificate], None, now()).unwrap();
        mail(id, &armored)
    }

    fn import(&mut self, mails: &[Vec<u8>]) -> Intake {
        let directory = self.directory.path().join("mail");
        std::fs::create_dir(&directory).unwrap();
        let paths: Vec<PathBuf> = (0..mails.len()).map(|n| directory.join(format!("{n}.eml"))).collect();
        mails.iter().zip(&paths).for_each(|(mail, path)| std::fs::write(path, mail).unwrap());
        self.desk.import(&paths, &mut std::io::empty(), &mut |_| ()).unwrap()
    }

    /// What the store has of a message that was taken in.
    fn kept(&self, taken: &Taken) -> (Message, Vec<u8>) {
        let Offered::New(case, message) = taken.offered else { panic!("not new: {taken:?}") };
        let dossier = self.desk.dossier(case).unwrap();
        let kept = dossier.messages.into_iter().find(|kept| kept.id == message).unwrap();
        (kept, self.desk.raw(message).unwrap().unwrap())
    }
}

fn mail(id: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "From: Mara <mara@example.net>\nTo: security@example.org\nSubject: {id}\n\
         Date: Sun, 22 Nov 2026 10:00:00 +0000\nMessage-ID: <{id}@example.net>\n\n"
    );
    [head.as_bytes(), body].concat()
}

/// Children of this process with these limits: each test has its own.
fn children(limits: Limits) -> Vec<u32> {
    children_of(std::process::id(), &limits.memory.to_string())
}

/// Children of a process with this text in their command line.
fn children_of(parent: u32, argument: &str) -> Vec<u32> {
    let of =
        |pid: u32, file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let parent = format!("PPid:\t{}\n", parent);
    let pids = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    let ours = pids.filter(|pid| of(*pid, "status").contains(&parent));
    ours.filter(|pid| of(*pid, "cmdline").contains(argument)).collect()
}

/// Whether a process has ended; one that nobody has collected yet is a zombie.
fn is_over(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status.is_empty() || status.contains("State:\tZ")
}

/// A small message within all budgets that takes seconds to read: one text of
/// 60 MiB, compressed to nothing, to be hashed with 32 different salts.
fn slow_message() -> Vec<u8> {
    const TEXT: usize = 60 << 20;
    let mut packets = Vec::new();
    for number in 0..32 {
        // One-pass signature, version 6: type, SHA3-512, Ed25519, salt, issuer, whether it is the last.
        let salt = [number; 32];
        packets.extend(
            [&[0xc4, 70, 6, 0, 14, 27, 32][..], &salt, &[number; 32], &[u8::from(number == 31)]].concat(),
        );
    }
    let length = u32::try_from(TEXT + 6).unwrap().to_be_bytes();
    packets.extend([&[0xcb, 255][..], &length, b"b\0\0\0\0\0"].concat());
    packets.resize(packets.len() + TEXT, b' ');
    let mut message = armor::Writer::new(Vec::new(), armor::Kind::Message).unwrap();
    let mut stream =
        Compressor::new(Stream::new(&mut message)).algo(CompressionAlgorithm::Zip).build().unwrap();
    stream.write_all(&packets).unwrap();
    stream.finalize().unwrap();
    message.finalize().unwrap()
}

fn limits(memory: u64, cpu: u64, wall: u64) -> Limits {
    Limits { memory, cpu: Duration::from_secs(cpu), wall: Duration::from_secs(wall) }
}

#[test]
fn a_reader_is_held_back_and_goes_with_its_desk() {
    let limits = limits((512 << 20) + 1, 2, 20);
    let mut office = Office::new(limits);
    office.desk.receive("first", &mail("first", b"plain")).unwrap();
    office.desk.receive("second", &mail("second", b"plain")).unwrap();
    let pids = children(limits);
    let [pid] = pids[..] else { panic!("one child for both: {pids:?}") };
    let walls = office.desk.readers().walls().unwrap().unwrap();
    let file = |name: &str| std::fs::read_to_string(format!("/proc/{pid}/{name}")).unwrap();
    let status = file("status");
    assert!(status.contains("NoNewPrivs:\t1\n"), "{status}");
    assert!(status.contains("Seccomp:\t2\n") || !walls.filtered, "{status}");
    let most = file("limits");
    for (what, bound) in [
        ("Max address space", limits.memory.to_string()),
        ("Max open files", "0".to_owned()),
        ("Max processes", "0".to_owned()),
        ("Max file size", "0".to_owned()),
        ("Max core file size", "0".to_owned()),
    ] {
        let line = most.lines().find_map(|line| line.strip_prefix(what)).unwrap();
        assert_eq!(line.split_whitespace().next().unwrap(), bound, "{what}");
    }
    drop(office);
    assert!(!PathBuf::from(format!("/proc/{pid}")).exists(), "a child or its zombie is left");
}

#[test]
fn a_message_that_overruns_is_kept_and_named_and_the_next_is_read() {
    let limits = limits((512 << 20) + 2, 2, 60);
    let mut office = Office::new(limits);
    let slow = mail("slow", &slow_message());
    assert!(slow.len() < 200 << 10, "it takes {} bytes", slow.len());
    let before = office.encrypted("before", b"honest");
    let after = office.encrypted("after", b"honest as well");
    let taken = office.import(&[before, slow.clone(), after]).taken;
    let why =
        "built to exhaust its reader: it was given up after 2 s; open it with another program and with care";
    assert_eq!(taken[1].remarks, [format!("it is {why}")]);
    let (message, raw) = office.kept(&taken[1]);
    assert_eq!((message.content.subject.as_str(), raw), ("slow", slow));
    assert_eq!(message.content.from.email, "mara@example.net");
    assert_eq!(message.content.verdict.encryption, Encryption::Failed);
    assert_eq!(message.content.verdict.encryption_detail.as_deref(), Some(why));
    for (number, text) in [(0, "honest"), (2, "honest as well")] {
        let content = office.kept(&taken[number]).0.content;
        assert_eq!((content.verdict.encryption, content.text.trim()), (Encryption::Whole, text));
    }
    drop(office);
    assert_eq!(children(limits), Vec::<u32>::new());
}

#[test]
fn a_message_that_needs_too_much_memory_is_kept() {
    let mut office = Office::new(limits((128 << 20) + 3, 20, 60));
    let large = office.encrypted("large", &vec![b'x'; 40 << 20]);
    let small = office.encrypted("small", b"honest");
    let taken = office.import(&[large, small]).taken;
    let why = "it is not opened, because its reader ran out of memory or found a fault in itself; \
               open it with another program and with care";
    assert_eq!(taken[0].remarks, [why]);
    let content = office.kept(&taken[0]).0.content;
    assert_eq!((content.verdict.encryption, content.subject.as_str()), (Encryption::Failed, "large"));
    assert_eq!(office.kept(&taken[1]).0.content.text.trim(), "honest");
}

#[test]
fn a_reader_killed_from_outside_costs_only_its_message_the_opening() {
    let limits = limits((512 << 20) + 4, 300, 300);
    let mut office = Office::new(limits);
    let slow = mail("slow", &slow_message());
    let killer = std::thread::spawn(move || {
        let busy = |pid: &u32| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let ticks = stat.split_whitespace().nth(13).and_then(|ticks| ticks.parse::<u64>().ok());
            ticks.is_some_and(|ticks| ticks > 10)
        };
        let pid =
            std::iter::repeat_with(|| children(limits).into_iter().find(busy)).flatten().next().unwrap();
        let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    });
    let taken = office.desk.receive("slow", &slow).unwrap();
    killer.join().unwrap();
    let why =
        "not opened, because its reader was ended by signal 9; open it with another program and with care";
    assert_eq!(taken.remarks, [format!("it is {why}")]);
    assert_eq!(office.kept(&taken).0.content.subject, "slow");
    let next = office.encrypted("next", b"honest");
    let taken = office.desk.receive("next", &next).unwrap();
    assert_eq!(taken.encryption, Some(Encryption::Whole));
    // An idle one that is gone is replaced before it is asked.
    let pid = rustix::process::Pid::from_raw(i32::try_from(children(limits)[0]).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    while !is_over(pid.as_raw_nonzero().get().unsigned_abs()) {
        std::thread::yield_now();
    }
    let last = office.encrypted("last", b"honest");
    assert_eq!(office.desk.receive("last", &last).unwrap().encryption, Some(Encryption::Whole));
}

/// A program that says that it is a confined child, and then does `then`.
fn impostor(directory: &std::path::Path, then: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let hello = r#"{"memory":null,"landlock":null,"no_tcp":false,"filtered":false}"#;
    let path = directory.join("impostor");
    let script = format!("#!/bin/sh\nprintf 'H\\000\\000\\000\\{:03o}%s' '{hello}'\n{then}\n", hello.len());
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path
}

#[test]
fn a_child_that_was_taken_over_cannot_harm_the_desk() {
    let nonsense = "it is built to take over its reader, which answered nonsense; \
                    do not open it outside a sealed machine";
    let given_up = "it is built to exhaust its reader: it was given up after 0.4 s; \
                    open it with another program and with care";
    let ended = "it is not opened, because its reader ended; open it with another program and with care";
    // Each is a head that promises too much, a wrong type, an endless stream of questions, silence, an end.
    let question = r#"Q\000\000\000\013{"Find":""}"#;
    for (then, why) in [
        (r"printf 'R\377\377\377\377'; exec cat >/dev/null".to_owned(), nonsense),
        (r"printf 'R\000\000\000\002{}'; exec cat >/dev/null".to_owned(), nonsense),
        (r"printf 'H\000\000\000\002{}'; exec cat >/dev/null".to_owned(), nonsense),
        (format!("cat >/dev/null & while :; do printf '{question}'; done"), given_up),
        ("exec sleep 1000".to_owned(), given_up),
        ("head -c 100 >/dev/null; exit 1".to_owned(), ended),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let limits = Limits { wall: Duration::from_millis(400), ..Limits::default() };
        let mut office = Office::with(Readers::children(impostor(directory.path(), &then), limits));
        let taken = office.desk.receive("bad", &mail("bad", b"text")).unwrap();
        assert_eq!(taken.remarks, [why, "its headers could not be read either"], "{then}");
    }
}

#[test]
fn without_a_reader_nothing_is_read_and_the_mend_is_named() {
    for program in ["/nonexistent/ninety", "/bin/true", "/bin/yes"] {
        let mut office = Office::with(Readers::children(program, Limits::default()));
        let error = office.desk.receive("mail", &mail("mail", b"text")).unwrap_err();
        assert!(
            error.to_string().starts_with("no mail can be read, because its reader does not start: "),
            "{error}"
        );
        assert!(error.hint().unwrap().contains("make sure that ninety may start processes"));
        let input = &mut &mail("mail", b"text")[..];
        assert!(office.desk.import(&[PathBuf::from("-")], input, &mut |_| ()).is_err());
        assert_eq!(office.desk.first_rows(1).unwrap(), []);
    }
}

#[test]
fn a_child_outlives_a_killed_ninety_by_no_more_than_its_time() {
    let bench = support::Bench::new();
    let slow = bench.file("slow.eml", mail("slow", &slow_message()));
    let mut ninety = bench.command(&["import".as_ref(), slow.as_os_str()]).spawn().unwrap();
    let child = || children_of(ninety.id(), "--read-foreign-mail").into_iter().next();
    let child = std::iter::repeat_with(child).flatten().next().unwrap();
    ninety.kill().unwrap();
    ninety.wait().unwrap();
    let started = std::time::Instant::now();
    while !is_over(child) {
        assert!(started.elapsed() < Duration::from_secs(120), "it still computes");
        std::thread::yield_now();
    }
}
