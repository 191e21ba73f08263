//! The end of the pipes that reads mail: confines itself before its first
//! byte, then answers until nobody asks any more. It knows no file, no database
//! and no terminal, and what goes wrong in it is told by its end alone.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, BufReader, Read, Write};
use std::process::ExitCode;
use std::time::Duration;

use super::protocol::{self, Kind, Question};
use super::{Limits, confine};
use crate::age::read_identities;
use crate::desk::envelope::{self, Keys};
use crate::mail;
use crate::pgp::elsewhere::SessionKey;
use crate::pgp::{Elsewhere, Keyring, KnownCerts, Refusal};

/// First argument of a child: not a command of ninety, and in no help.
pub const MARK: &str = "--read-foreign-mail";

/// Bytes that are read from the pipe at once.
const BUFFER: usize = 64 << 10;

/// The arguments of a child with these limits.
pub(super) fn arguments(limits: Limits) -> [String; 3] {
    [MARK.to_owned(), limits.memory.to_string(), limits.cpu.as_secs().to_string()]
}

/// Runs as a child where the arguments of the program say so; `None` where
/// they do not. Comes before everything else in the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.into_iter().skip(1);
    if arguments.next()? != MARK {
        return None;
    }
    let mut number = || arguments.next()?.to_str()?.parse::<u64>().ok();
    let (Some(memory), Some(seconds)) = (number(), number()) else { return Some(ExitCode::FAILURE) };
    // A panic's message may quote the mail.
    std::panic::set_hook(Box::new(|_| ()));
    let walls = confine::enter(memory);
    // A margin, so that the desk is the first to give up, and can say why.
    let most = Duration::from_secs(seconds + 1);
    Some(match serve(&walls, most) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

/// Answers until the desk closes the pipe.
fn serve(walls: &confine::Walls, most: Duration) -> io::Result<()> {
    let wire = RefCell::new(BufReader::with_capacity(BUFFER, Standard));
    let send = |kind, value: &_| protocol::send_json(wire.borrow_mut().get_mut(), kind, value);
    send(Kind::Hello, &serde_json::to_value(walls)?)?;
    let known = Asked { wire: &wire };
    let mut keyring = Keyring::new([], &known);
    let mut age = Vec::new();
    loop {
        let expected = [Kind::Keys, Kind::Open, Kind::Quote, Kind::File, Kind::Outline];
        let received = protocol::receive(&mut *wire.borrow_mut(), &expected);
        let (kind, payload) = match received {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            other => other?,
        };
        confine::end_after(most);
        match kind {
            Kind::Keys => {
                let own = protocol::split_byte_strings(&payload)?;
                // The generation is only there to make every set of keys a new one.
                let [pgp, identities, _generation] = own[..] else { return Err(protocol::nonsense()) };
                keyring = Keyring::new(protocol::split_byte_strings(pgp)?, &known).with_elsewhere(&known);
                let lines = protocol::split_byte_strings(identities)?;
                age = lines.into_iter().filter_map(|line| read_identities(line).ok()).flatten().collect();
            }
            Kind::Open | Kind::Quote => {
                let (now, raw) = protocol::split_instant(&payload)?;
                let keys = Keys { pgp: &keyring, age: &age };
                let reading = match kind {
                    Kind::Quote => serde_json::to_value(envelope::quotable(raw, keys, now))?,
                    _ => serde_json::to_value(envelope::read(raw, keys, now))?,
                };
                protocol::send_json(wire.borrow_mut().get_mut(), Kind::Reading, &reading)?;
            }
            Kind::File => {
                let (now, rest) = protocol::split_instant(&payload)?;
                let (number, raw) = protocol::split_number(rest)?;
                let file = envelope::attachment(raw, Keys { pgp: &keyring, age: &age }, now, number);
                let bytes = protocol::byte_strings(file.iter().map(Vec::as_slice));
                protocol::send(wire.borrow_mut().get_mut(), Kind::Bytes, &[&bytes])?;
            }
            _ => {
                let headers = mail::headers(&payload);
                protocol::send_json(wire.borrow_mut().get_mut(), Kind::Headers, &headers)?;
            }
        }
    }
}

type Wire = BufReader<Standard>;

/// Asks the desk for what only the desk has.
struct Asked<'a> {
    wire: &'a RefCell<Wire>,
}

impl Asked<'_> {
    /// The desk's answer. Without a desk there is nothing left to do.
    fn ask(&self, question: &Question) -> Vec<Vec<u8>> {
        let mut wire = self.wire.borrow_mut();
        let answer = protocol::send_json(wire.get_mut(), Kind::Question, question)
            .and_then(|()| protocol::receive(&mut *wire, &[Kind::Answer]))
            .and_then(|(_, payload)| {
                Ok(protocol::split_byte_strings(&payload)?.into_iter().map(<[u8]>::to_vec).collect())
            });
        answer.unwrap_or_else(|_| std::process::exit(1))
    }
}

impl KnownCerts for Asked<'_> {
    fn find(&self, handle: &str) -> Vec<Vec<u8>> {
        self.ask(&Question::Find(handle.to_owned()))
    }
}

impl Elsewhere for Asked<'_> {
    fn session_key(
        &self,
        fingerprint: &str,
        packet: &[u8],
        cipher: Option<u8>,
    ) -> Result<Option<SessionKey>, Refusal> {
        let (fingerprint, packet) = (fingerprint.to_owned(), packet.to_vec());
        protocol::session_key(self.ask(&Question::SessionKey { fingerprint, packet, cipher }))
    }
}

/// Standard input and output, without the buffers of the library.
struct Standard;

impl Read for Standard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(rustix::stdio::stdin(), buffer)?)
    }
}

impl Write for Standard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(rustix::stdio::stdout(), bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
