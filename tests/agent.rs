//! Secret keys in a real GnuPG agent. Where `gpg` is not installed, the tests say
//! so and return.
#![allow(clippy::unwrap_used)]

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{DateTime, TimeDelta, Utc};
use ninety::pgp::agent::{Agent, AgentKeys};
use ninety::pgp::compose::{ComposeError, SigningKey, encrypt_signed, sign_cleartext, sign_detached};
use ninety::pgp::elsewhere::{Elsewhere as _, Refusal};
use ninety::pgp::keyring::Nobody;
use ninety::pgp::{Failure, Keyring, Opened, Outcome, decrypt, verify_detached};
use tempfile::TempDir;

/// How the agents of the tests are set: the cheap key derivation is for speed.
const SETTINGS: &str = "allow-preset-passphrase\ns2k-count 65536\n";

/// A GnuPG home of its own, with its agent; both end with it.
struct Home(TempDir);

impl Drop for Home {
    fn drop(&mut self) {
        self.run("gpgconf", &["--kill", "all"], b"");
    }
}

impl Home {
    /// A home without keys; `None`, and a word about it, where there is no GnuPG.
    fn new() -> Option<Self> {
        if Command::new("gpg").arg("--version").stdout(Stdio::null()).status().is_err() {
            eprintln!("skipped: gpg is not installed");
            return None;
        }
        let directory = tempfile::Builder::new().prefix("n90").tempdir().unwrap();
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o700)).unwrap();
        std::fs::write(directory.path().join("gpg-agent.conf"), SETTINGS).unwrap();
        Some(Self(directory))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, program: &str, arguments: &[&str], input: &[u8]) -> (bool, Vec<u8>) {
        let mut command = Command::new(program);
        command.args(arguments).env("GNUPGHOME", self.path()).env_remove("GPG_TTY");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let Ok(mut child) = command.spawn() else { return (false, Vec::new()) };
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.success(), output.stdout)
    }

    fn gpg(&self, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
        let fixed = ["--batch", "--quiet", "--trust-model", "always", "--pinentry-mode", "loopback"];
        let (done, output) = self.run("gpg", &[&fixed, arguments].concat(), input);
        done.then_some(output)
    }

    /// Makes a key that signs and a subkey that encrypts; the certificate.
    /// `None` where this GnuPG does not make that kind.
    fn make(&self, signing: &str, encrypting: &str, passphrase: &str) -> Option<Vec<u8>> {
        let email = format!("{signing}@team.example");
        let locked = ["--passphrase", passphrase];
        self.gpg(&[&locked[..], &["--quick-gen-key", &email, signing, "sign", "never"]].concat(), b"")?;
        let listing = self.gpg(&["--with-colons", "--list-keys", &email], b"")?;
        let listing = String::from_utf8(listing).unwrap();
        let fingerprint = listing.lines().find(|line| line.starts_with("fpr:"))?.split(':').nth(9)?;
        self.gpg(
            &[&locked[..], &["--quick-add-key", fingerprint, encrypting, "encr", "never"]].concat(),
            b"",
        )?;
        self.gpg(&["--export", &email], b"")
    }

    /// The agent forgets passphrases, and asks a prompt that answers so.
    fn prompt(&self, answer: &str) {
        let script = self.path().join("prompt");
        let code = format!(
            "#!/bin/sh\necho OK\nwhile read -r line; do\n\
             echo \"$line\" >> {}/told\n\
             case $line in GETPIN) echo '{answer}' ;; *) echo OK ;; esac\ndone\n",
            self.path().display()
        );
        std::fs::write(&script, code.replace("|", "'; echo '")).unwrap();
        std::fs::set_permissions(&script, PermissionsExt::from_mode(0o700)).unwrap();
        let settings = format!("{SETTINGS}pinentry-program {}\n", script.display());
        std::fs::write(self.path().join("gpg-agent.conf"), settings).unwrap();
        assert!(self.run("gpgconf", &["--reload", "gpg-agent"], b"").0);
    }

    fn agent(&self) -> Agent {
        Agent::of_home(self.path())
    }
}

/// Keys are made by gpg now, so the tests look at them a little later than now.
fn now() -> DateTime<Utc> {
    Utc::now() + TimeDelta::seconds(2)
}

fn open(message: &[u8], cert: &[u8], agent: Agent) -> Opened {
    let keys = AgentKeys::new(agent, [cert]);
    decrypt(message, &Keyring::new([cert], &Nobody).with_elsewhere(&keys), now())
}

/// What can be done with one kind of key, all through the agent.
fn exercise(home: &Home, signing: &str, encrypting: &str) {
    let cert = home.make(signing, encrypting, "").unwrap();
    let agent = home.agent();
    assert_eq!(agent.held([&cert[..]]).unwrap().len(), 2, "{signing}");
    let signer = SigningKey::InAgent { cert: &cert, agent: &agent };

    let ours = encrypt_signed(b"by us", &[&cert], Some(signer), now()).unwrap();
    let opened = open(&ours, &cert, agent.clone());
    assert_eq!(opened.failure, None, "{signing}");
    assert_eq!(opened.plaintext.as_deref(), Some(&b"by us"[..]));
    assert_eq!(opened.signatures[0].outcome, Outcome::Good);
    assert_eq!(home.gpg(&["--decrypt"], &ours).as_deref(), Some(&b"by us"[..]));

    let email = format!("{signing}@team.example");
    for to in ["-r", "-R"] {
        let theirs = home.gpg(&["--encrypt", to, &email], b"by gpg").unwrap();
        assert_eq!(open(&theirs, &cert, agent.clone()).plaintext.as_deref(), Some(&b"by gpg"[..]), "{to}");
    }

    let signature = sign_detached(b"data\r\n", signer, now()).unwrap();
    let checked = verify_detached(b"data\r\n", &signature, &Keyring::new([&cert[..]], &Nobody), now());
    assert_eq!(checked.signatures[0].outcome, Outcome::Good);
    let file = home.path().join("data.sig");
    std::fs::write(&file, &signature).unwrap();
    assert!(home.gpg(&["--verify", file.to_str().unwrap(), "-"], b"data\r\n").is_some());
    assert!(home.gpg(&["--verify", file.to_str().unwrap(), "-"], b"other\r\n").is_none());
    let clear = sign_cleartext("- words\n", signer, now()).unwrap();
    assert!(home.gpg(&["--verify"], &clear).is_some());
}

#[test]
fn rsa_keys_open_and_sign_through_the_agent() {
    let Some(home) = Home::new() else { return };
    exercise(&home, "rsa3072", "rsa3072");
    exercise(&home, "rsa4096", "rsa4096");
}

#[test]
fn keys_on_curves_open_and_sign_through_the_agent() {
    let Some(home) = Home::new() else { return };
    exercise(&home, "ed25519", "cv25519");
    exercise(&home, "nistp256", "nistp256");
    exercise(&home, "nistp384", "nistp384");
    exercise(&home, "nistp521", "nistp521");
}

#[test]
fn brainpool_keys_open_and_the_rest_is_refused_in_words() {
    let Some(home) = Home::new() else { return };
    let Some(cert) = home.make("brainpoolP256r1", "brainpoolP256r1", "") else {
        return eprintln!("skipped: this gpg makes no brainpool keys");
    };
    let agent = home.agent();
    let theirs = home.gpg(&["--encrypt", "-r", "brainpoolP256r1@team.example"], b"by gpg").unwrap();
    let imported = ninety::pgp::cert::read(&cert, now()).unwrap().found.remove(0).public;
    assert_eq!(open(&theirs, &imported, agent.clone()).failure, None);
    assert_eq!(open(&theirs, &cert, agent.clone()).plaintext.as_deref(), Some(&b"by gpg"[..]));
    let signer = SigningKey::InAgent { cert: &cert, agent: &agent };
    let errors = [
        sign_detached(b"data", signer, now()).unwrap_err(),
        encrypt_signed(b"text", &[&cert], None, now()).unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().contains("brainpoolP256r1, which ninety cannot write with"), "{error}");
    }
}

#[test]
fn a_locked_key_opens_where_the_agent_has_its_passphrase() {
    let Some(home) = Home::new() else { return };
    let cert = home.make("ed25519", "cv25519", "open sesame").unwrap();
    let theirs = home.gpg(&["--encrypt", "-r", "ed25519@team.example"], b"by gpg").unwrap();
    let secret = ["--passphrase", "open sesame", "--export-secret-keys"];
    let locked = home.gpg(&secret, b"").unwrap();
    let directories = String::from_utf8(home.run("gpgconf", &["--list-dirs", "libexecdir"], b"").1).unwrap();
    let preset = Path::new(directories.trim()).join("gpg-preset-passphrase");
    let usual = Path::new("/usr/lib/gnupg/gpg-preset-passphrase").to_owned();
    let Some(preset) = [preset, usual].into_iter().find(|path| path.exists()) else {
        return eprintln!("skipped: gpg-preset-passphrase is not installed");
    };
    assert!(home.run("gpgconf", &["--reload", "gpg-agent"], b"").0, "it forgets");
    let grips = home.gpg(&["--with-colons", "--with-keygrip", "--list-keys"], b"").unwrap();
    for line in String::from_utf8(grips).unwrap().lines().filter(|line| line.starts_with("grp:")) {
        let grip = line.split(':').nth(9).unwrap();
        assert!(home.run(preset.to_str().unwrap(), &["--preset", grip], b"open sesame").0);
    }
    for key in [&cert, &locked] {
        assert_eq!(open(&theirs, key, home.agent()).plaintext.as_deref(), Some(&b"by gpg"[..]));
        let signer = SigningKey::InAgent { cert: key, agent: &home.agent() };
        assert!(home.gpg(&["--verify"], &sign_cleartext("words\n", signer, now()).unwrap()).is_some());
    }
    let alone = decrypt(&theirs, &Keyring::new([&locked[..]], &Nobody), now());
    assert!(matches!(alone.failure, Some(Failure::Locked { .. })), "{:?}", alone.failure);
}

#[test]
fn the_agents_prompt_says_what_for_and_its_answer_counts() {
    let Some(home) = Home::new() else { return };
    let cert = home.make("ed25519", "cv25519", "open sesame").unwrap();
    let message = encrypt_signed(b"text", &[&cert], None, now()).unwrap();
    let failure = |answer| {
        home.prompt(answer);
        match open(&message, &cert, home.agent()).failure {
            Some(Failure::Refused { refusal, .. }) => refusal,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(failure("ERR 83886179 Operation cancelled"), Refusal::Cancelled);
    assert_eq!(failure("D wrong|OK"), Refusal::WrongPassphrase);
    home.prompt("D open sesame|OK");
    assert_eq!(open(&message, &cert, home.agent()).plaintext.as_deref(), Some(&b"text"[..]));
    let told = std::fs::read_to_string(home.path().join("told")).unwrap();
    assert!(told.contains("SETDESC ninety opens a message with the OpenPGP key%0A"), "{told}");
}

#[test]
fn a_key_that_the_agent_does_not_hold_is_named() {
    let Some((home, other)) = Home::new().zip(Home::new()) else { return };
    let cert = home.make("ed25519", "cv25519", "").unwrap();
    other.make("nistp256", "nistp256", "").unwrap();
    let message = encrypt_signed(b"text", &[&cert], None, now()).unwrap();
    assert_eq!(other.agent().held([&cert[..]]), Ok(Vec::new()));
    let opened = open(&message, &cert, other.agent());
    assert!(matches!(opened.failure, Some(Failure::NoKey { .. })), "{:?}", opened.failure);
    let signer = SigningKey::InAgent { cert: &cert, agent: &other.agent() };
    let error = sign_detached(b"data", signer, now()).unwrap_err();
    assert!(matches!(error, ComposeError::NotInAgent(_)), "{error}");
    let nobody = AgentKeys::new(home.agent(), []);
    assert_eq!(nobody.session_key("00", b"", None).err(), Some(Refusal::NotHeld));
}

#[test]
fn an_agent_that_is_gone_is_named_with_its_mend() {
    let Some(home) = Home::new() else { return };
    let cert = home.make("ed25519", "cv25519", "").unwrap();
    let message = encrypt_signed(b"text", &[&cert], None, now()).unwrap();
    assert!(home.run("gpgconf", &["--kill", "gpg-agent"], b"").0);
    let opened = open(&message, &cert, home.agent());
    let failure = opened.failure.unwrap();
    assert!(matches!(&failure, Failure::Refused { refusal: Refusal::NotRunning, .. }), "{failure:?}");
    assert!(failure.to_string().contains("gpg-connect-agent /bye"), "{failure}");
    let signer = SigningKey::InAgent { cert: &cert, agent: &home.agent() };
    assert_eq!(sign_detached(b"data", signer, now()), Err(ComposeError::Refused(Refusal::NotRunning)));
}
