//! The agent's error numbers (libgpg-error) as refusals.

use crate::pgp::elsewhere::Refusal;
use crate::text;

/// The lower half of a number is the error, the upper half says who found it.
const CODE: u32 = 0xffff;

/// Bytes of the agent's own words that are kept.
const MAX_WORDS: usize = 200;

/// What `ERR number words` means; `rest` is what follows `ERR`.
pub(super) fn refusal(rest: &[u8]) -> Refusal {
    let rest = String::from_utf8_lossy(rest);
    let (number, words) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    let Ok(number) = number.parse::<u32>() else {
        return Refusal::Garbled("an error without a number".into());
    };
    match number & CODE {
        // BAD_PASSPHRASE, BAD_PIN
        11 | 87 => Refusal::WrongPassphrase,
        // NO_SECKEY
        17 => Refusal::NotHeld,
        // TIMEOUT (nobody answered the prompt), CANCELED, FULLY_CANCELED
        62 | 99 | 198 => Refusal::Cancelled,
        // NO_PIN_ENTRY, PIN_ENTRY; ENOTTY and ENXIO, when it has no terminal
        85 | 86 | 0x8066 | 0x8068 => Refusal::NoPrompt,
        // WRONG_CARD, CARD_RESET, CARD_REMOVED, INV_CARD, CARD_NOT_PRESENT, NO_SCDAEMON, ENODEV
        91 | 109..=112 | 119 | 0x8050 => Refusal::CardMissing,
        // PIN_BLOCKED
        130 => Refusal::PinBlocked,
        _ => Refusal::Failed(text::line(&words.chars().take(MAX_WORDS).collect::<String>())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_words_with_their_mend() {
        // As gpg-agent 2.2.40 and its scdaemon send them.
        assert_eq!(refusal(b"67108881 No secret key <GPG Agent>"), Refusal::NotHeld);
        assert_eq!(refusal(b"83886179 Operation cancelled <Pinentry>"), Refusal::Cancelled);
        assert_eq!(refusal(b"67108875 Bad passphrase <GPG Agent>"), Refusal::WrongPassphrase);
        assert_eq!(refusal(b"100663408 Card not present <SCD>"), Refusal::CardMissing);
        assert_eq!(refusal(b"67108949 No pinentry <GPG Agent>"), Refusal::NoPrompt);
        assert_eq!(refusal(b"83918950 Inappropriate ioctl for device <Pinentry>"), Refusal::NoPrompt);
        assert!(refusal(b"100663408").to_string().contains("insert the card"));
    }

    #[test]
    fn foreign_words_are_made_safe() {
        let Refusal::Failed(words) = refusal(b"1 \x1b]0;owned\x07 \xff") else { panic!() };
        assert!(!words.contains(char::is_control), "{words}");
        assert_eq!(refusal(b"none"), Refusal::Garbled("an error without a number".into()));
        let long = [b"1 ".to_vec(), vec![b'x'; 900]].concat();
        assert!(refusal(&long).to_string().len() < 400);
    }
}
