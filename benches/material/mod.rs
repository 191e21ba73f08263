//! Made-up mail, the same at every run: 40,000 words whose frequencies fall
//! like those of a language, bodies of 2 to 6 kB.

pub mod library;

use std::fmt::Write as _;

const WORDS: u64 = 40_000;

/// A small generator of numbers, the same at every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end` (Knuth's MMIX constants; the high bits are the good ones).
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0) * u128::from(end)) >> 64) as u64
    }

    /// A word number: low ones are common.
    fn word(&mut self) -> u64 {
        let uniform = self.below(1 << 32) as f64 / (1_u64 << 32) as f64;
        ((WORDS as f64).powf(uniform) - 1.0) as u64
    }
}

/// The n-th word of the made-up language.
pub fn word(number: u64) -> String {
    const ONSETS: [&str; 12] = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t"];
    const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
    let mut rest = number + 60;
    let mut word = String::new();
    while rest > 0 {
        word.push_str(ONSETS[(rest % 12) as usize]);
        word.push_str(VOWELS[(rest / 12 % 5) as usize]);
        rest /= 60;
    }
    word
}

/// One plain mail of about `length` bytes of text.
pub fn mail(number: u64, length: usize) -> String {
    let mut dice = Dice::new(number + 1);
    let mut body = String::with_capacity(length + 80);
    let mut column = 0;
    while body.len() < length {
        let word = word(dice.word());
        column += word.len() + 1;
        body.push_str(&word);
        body.push(if column > 70 { '\n' } else { ' ' });
        if column > 70 {
            column = 0;
        }
    }
    if number.is_multiple_of(100) {
        body.push_str("\nzyxomorphic finding\n");
    }
    let sender = number % 20_000;
    let mut mail = String::with_capacity(body.len() + 400);
    let _ = write!(
        mail,
        "From: Reporter {sender} <r{sender}@reporters.example>\nTo: security@example.org\n\
         Subject: {} {} {}\nDate: {}\nMessage-ID: <m{number}@reporters.example>\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{body}\n",
        word(dice.word()),
        word(dice.word()),
        word(dice.word()),
        (chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(29_000_000 + number as i64)).to_rfc2822(),
    );
    mail
}

/// An mbox of mails `0..count`.
pub fn mbox(count: u64, length: usize) -> Vec<u8> {
    let mut mbox = Vec::new();
    for number in 0..count {
        mbox.extend_from_slice(b"From reporter@reporters.example Mon Nov 23 12:00:00 2026\n");
        mbox.extend_from_slice(mail(number, length).as_bytes());
        mbox.push(b'\n');
    }
    mbox
}
