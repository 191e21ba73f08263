//! The console without a terminal, on a real store.

use std::sync::{Arc, Mutex};

use super::bench::LOOK;
use super::scene::{Fake, bulletin};
use crate::console::Rehearsal;
use crate::desk::{Clock, Desk, Password, Place, Readers, Team};
use crate::drill::{Bulletin, Control};

const MAIL: &str = "From: m@x.example
Subject: overflow
Message-ID: <1@x>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

see the file
--b
Content-Type: text/plain
Content-Disposition: attachment; filename=ninety-rehearsal.txt

crash
--b--
";

fn desk(directory: &std::path::Path) -> Desk {
    let team = Team { name: "T".into(), address: "s@example.org".into(), prefix: "SEC".into() };
    let clock = Clock::Frozen(super::shelf::now());
    let place = Place::new(directory.join("store"));
    let readers = Readers::in_this_process();
    let mut desk = place.create(&Password::from("x"), &team, "ann", clock, readers).unwrap();
    desk.receive("test", MAIL.as_bytes()).unwrap();
    desk
}

fn press(console: &mut Rehearsal, keys: &str) {
    keys.split_whitespace().for_each(|name| console.key(name.parse().unwrap()));
}

#[test]
fn a_script_plays_a_drill_as_a_person_would() {
    let directory = tempfile::tempdir().unwrap();
    let session = Fake::of(&Arc::new(Mutex::new(Bulletin { is_paused: true, ..bulletin() })));
    let asked = Arc::clone(&session.asked);
    let mut console = Rehearsal::attend(desk(directory.path()), Box::new(session), LOOK, 80, 24).unwrap();
    assert!(console.screen().contains("You are on call") && console.screen().contains("TEST DRILL"));
    press(&mut console, "Esc a N");
    assert_eq!(console.pending_edit(), Some(("note.txt", "")));
    console.edited(Ok("seen it\n".to_owned()));
    assert_eq!(console.pending_edit(), None);
    let (told, is_complaint) = console.notice().unwrap();
    assert!(!is_complaint && told.contains("note"), "{told}");
    press(&mut console, "n");
    console.type_in("one ");
    console.paste("two");
    assert!(console.screen().contains(": one two"), "{}", console.screen());
    press(&mut console, "Enter z");
    assert!(!console.has_quit());
    // Nobody ends a drill by a key too many.
    press(&mut console, "q");
    assert!(!console.has_quit() && console.screen().contains("end the drill now"));
    press(&mut console, "n Ctrl-c");
    assert!(console.has_quit());
    let asked = asked.lock().unwrap();
    // The start, an owner and two notes; then the clock.
    let (last, looks) = asked.split_last().unwrap();
    assert!(looks.iter().all(|control| *control == Control::Look), "{asked:?}");
    assert_eq!((looks.len(), last), (4, &Control::Resume));
}

#[test]
fn a_rehearsal_writes_no_file_that_a_person_names() {
    let directory = tempfile::tempdir().unwrap();
    let (mut console, _) = Rehearsal::open(desk(directory.path()), LOOK, 80, 24).unwrap();
    console.settle();
    let path = directory.path().join("crash.txt");
    press(&mut console, "O Enter");
    console.type_in(path.to_str().unwrap());
    press(&mut console, "Enter");
    assert_eq!(console.notice(), Some(("not written: this is a rehearsal".to_owned(), false)));
    assert!(!path.exists());
}
