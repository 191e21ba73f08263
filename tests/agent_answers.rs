//! What the GnuPG agent may answer, played by a server on a socket: refusals, a
//! card, and everything that does not keep to the protocol.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ninety::pgp::agent::{Agent, AgentKeys, Patience};
use ninety::pgp::compose::{ComposeError, SigningKey, encrypt_signed, sign_detached};
use ninety::pgp::elsewhere::Refusal;
use ninety::pgp::keyring::Nobody;
use ninety::pgp::{Failure, Keyring, Opened, decrypt};
use sequoia_openpgp::crypto::Decryptor as _;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::serialize::MarshalInto as _;
use sequoia_openpgp::{Packet, PacketPile};
use tempfile::TempDir;

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn open(message: &[u8], cert: &[u8], agent: Agent) -> Opened {
    let keys = AgentKeys::new(agent, [cert]);
    decrypt(message, &Keyring::new([cert], &Nobody).with_elsewhere(&keys), now())
}

/// A server on a socket of its own that does `serve` with each connection.
struct Server {
    directory: TempDir,
}

impl Server {
    fn new(serve: impl Fn(UnixStream) -> std::io::Result<()> + Send + 'static) -> Self {
        let directory = tempfile::Builder::new().prefix("n90").tempdir().unwrap();
        let listener = UnixListener::bind(directory.path().join("S")).unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // That the client went away is what the tests are about.
                let _ = serve(stream.unwrap());
            }
        });
        Self { directory }
    }

    /// A server that answers every command with what `answer` says.
    fn answering(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> Self {
        Self::new(move |mut stream| {
            stream.write_all(b"OK at your service\n")?;
            for line in BufReader::new(stream.try_clone()?).lines() {
                stream.write_all(&answer(&line?))?;
            }
            Ok(())
        })
    }

    fn agent(&self, wait: Duration) -> Agent {
        let patience = Patience { machine: wait, person: wait };
        Agent::at(&self.directory.path().join("S")).with_patience(patience)
    }
}

/// A key that is nowhere but in our hands, and a message to it.
fn case() -> (Vec<u8>, Vec<u8>) {
    let key = ninety::pgp::cert::generate("Team", "security@team.example", now()).unwrap();
    let cert = ninety::pgp::cert::public_part(&key).unwrap();
    let message = encrypt_signed(b"text", &[&cert], None, now()).unwrap();
    (cert, message)
}

/// Long enough for a busy machine; nothing is meant to take it.
const LONG: Duration = Duration::from_secs(60);

/// How a server's agent refuses to open and to sign.
fn refusals(server: &Server, wait: Duration) -> (Refusal, Refusal) {
    let (cert, message) = case();
    let opened = open(&message, &cert, server.agent(wait));
    assert_eq!(opened.plaintext, None);
    let Some(Failure::Refused { refusal: opening, .. }) = opened.failure else {
        panic!("{:?}", opened.failure)
    };
    let signer = SigningKey::InAgent { cert: &cert, agent: &server.agent(wait) };
    let Err(ComposeError::Refused(signing)) = sign_detached(b"data", signer, now()) else { panic!() };
    (opening, signing)
}

#[test]
fn a_hostile_agent_is_left_within_bounds() {
    let endless = |piece: &'static [u8]| {
        move |mut stream: UnixStream| -> std::io::Result<()> {
            loop {
                stream.write_all(piece)?;
            }
        }
    };
    let garbage = Server::new(|mut stream| stream.write_all(b"\xff\x00\x1b[2J\n\n\n"));
    for server in [
        Server::new(|_| Ok(())),
        garbage,
        Server::new(endless(b"a")),
        Server::new(endless(b"\n")),
        Server::new(endless(b"S PROGRESS\n")),
        Server::new(endless(b"D aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n")),
        Server::new(endless(b"D %")),
        Server::new(endless(b"INQUIRE CIPHERTEXT\n")),
    ] {
        let (opening, signing) = refusals(&server, LONG);
        assert!(matches!(opening, Refusal::Garbled(_)), "{opening:?}");
        assert!(matches!(signing, Refusal::Garbled(_)), "{signing:?}");
    }
}

#[test]
fn an_agent_that_says_nothing_is_not_waited_for() {
    let silent = Server::new(|stream| BufReader::new(stream).lines().try_for_each(|line| line.map(drop)));
    assert_eq!(refusals(&silent, Duration::from_millis(50)), (Refusal::TimedOut, Refusal::TimedOut));
}

#[test]
fn answers_that_are_none_are_told() {
    let empty = Server::answering(|_| b"OK\n".to_vec());
    assert!(matches!(refusals(&empty, LONG), (Refusal::Garbled(_), Refusal::Garbled(_))));
    let nested = Server::answering(|command| match command {
        "PKSIGN" | "PKDECRYPT" => [b"D ".to_vec(), b"(".repeat(900), b"\nOK\n".to_vec()].concat(),
        _ => b"OK\n".to_vec(),
    });
    assert!(matches!(refusals(&nested, LONG), (Refusal::Garbled(_), Refusal::Garbled(_))));
}

#[test]
fn what_the_agent_refuses_reaches_the_person_in_words() {
    let cases = [
        ("83886179 Operation cancelled <Pinentry>", Refusal::Cancelled, "was cancelled"),
        ("67108875 Bad passphrase <GPG Agent>", Refusal::WrongPassphrase, "was wrong"),
        ("100663408 Card not present <SCD>", Refusal::CardMissing, "insert the card"),
        ("83918950 Inappropriate ioctl for device <Pinentry>", Refusal::NoPrompt, "GPG_TTY"),
    ];
    for (words, refusal, shown) in cases {
        let server = Server::answering(move |command| match command {
            "PKSIGN" | "PKDECRYPT" => format!("ERR {words}\n").into_bytes(),
            _ => b"OK\n".to_vec(),
        });
        assert_eq!(refusals(&server, LONG), (refusal.clone(), refusal.clone()));
        let failure = Failure::Refused { key: "KEY".to_owned(), refusal };
        assert!(failure.to_string().contains(shown), "{failure}");
    }
}

/// As a card answers: without the padding, which it takes off itself.
#[test]
fn a_plaintext_that_comes_without_padding_is_taken_as_it_is() {
    let (key, _) = sequoia_openpgp::cert::CertBuilder::new()
        .set_cipher_suite(sequoia_openpgp::cert::CipherSuite::RSA2k)
        .set_creation_time(std::time::SystemTime::from(now()))
        .add_userid("Team <security@team.example>")
        .add_transport_encryption_subkey()
        .generate()
        .unwrap();
    let cert = key.to_vec().unwrap();
    let message = encrypt_signed(b"text", &[&cert], None, now()).unwrap();
    let pile = PacketPile::from_bytes(&message).unwrap();
    let Some(Packet::PKESK(packet)) = pile.children().next() else { panic!("{pile:?}") };
    let secret = key.keys().subkeys().next().unwrap().key().clone().parts_into_secret().unwrap();
    let plaintext = secret.into_keypair().unwrap().decrypt(packet.esk(), None).unwrap();
    let value = plaintext.iter().map(|byte| match byte {
        b'%' | b'\r' | b'\n' => format!("%{byte:02X}").into_bytes(),
        other => vec![*other],
    });
    let length = format!("S PADDING 0\nD (5:value{}:", plaintext.len()).into_bytes();
    let answer = [length, value.collect::<Vec<_>>().concat(), b")\nOK\n".to_vec()].concat();
    let card = Server::answering(move |command| match command {
        "PKDECRYPT" => answer.clone(),
        _ => b"OK\n".to_vec(),
    });
    assert_eq!(open(&message, &cert, card.agent(LONG)).plaintext.as_deref(), Some(&b"text"[..]));
}
