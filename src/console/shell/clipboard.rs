//! Text to the clipboard of the terminal in front of the person (OSC 52): it
//! works over SSH and needs no display server.

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;

/// Longest text that terminals take, in bytes: xterm and tmux stop near 100 kB of base64.
const MAX: usize = 70_000;

/// The sequence that copies `text`.
///
/// # Errors
/// In words, where the text is too long.
pub fn sequence(text: &str) -> Result<String, String> {
    if text.len() > MAX {
        return Err(format!("copying takes at most {} kB; 'ninety show' prints all of it", MAX / 1000));
    }
    let mut sequence = String::new();
    CopyToClipboard::to_clipboard_from(text)
        .write_ansi(&mut sequence)
        .map_err(|_| "the text cannot be copied".to_owned())?;
    Ok(sequence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_travels_encoded_and_only_so_much_of_it() {
        assert_eq!(sequence("SEC-1").unwrap(), "\x1b]52;c;U0VDLTE=\x1b\\");
        assert!(sequence(&"x".repeat(MAX + 1)).is_err());
    }
}
