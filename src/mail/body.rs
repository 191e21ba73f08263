//! Undoing transfer encodings (RFC 2045, section 6) and charsets. Damaged
//! encodings give what can be read of them, never nothing.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;

use super::defects::Defects;

/// Bytes of text in a charset other than UTF-8 that are converted; the
/// conversion can triple them.
const MAX_CONVERTED: usize = 8 << 20;

/// `encoded` without its transfer encoding.
pub(super) fn decode<'a>(encoded: &'a [u8], encoding: &str, defects: &mut Defects) -> Cow<'a, [u8]> {
    match encoding {
        "" | "7bit" | "8bit" | "binary" => Cow::Borrowed(encoded),
        "base64" => Cow::Owned(base64_decode(encoded).unwrap_or_else(|| {
            defects.add("a part is damaged base64; what could be read of it was");
            readable_base64(encoded)
        })),
        "quoted-printable" if has_bare_checksum(encoded) => {
            defects.add("a part says quoted-printable and is not; it was taken as it is");
            Cow::Borrowed(encoded)
        }
        "quoted-printable" => {
            let (decoded, sound) = quoted_printable(encoded);
            if !sound {
                defects.add("a part is damaged quoted-printable; what could be read of it was");
            }
            Cow::Owned(decoded)
        }
        _ => {
            defects.add("a part has a transfer encoding that is not known; it was taken as it is");
            Cow::Borrowed(encoded)
        }
    }
}

/// Decodes up to the padding and past everything that is no base64. A footer
/// that a list server wrote behind the padding is no base64 but stays readable.
fn readable_base64(encoded: &[u8]) -> Vec<u8> {
    let padding = memchr::memchr(b'=', encoded).unwrap_or(encoded.len());
    let (data, rest) = encoded.split_at_checked(padding).unwrap_or((encoded, &[]));
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let digits: Vec<u8> = data.iter().copied().filter(is_digit).collect();
    let mut decoded = base64_decode(&digits).unwrap_or_default();
    let footer = rest.trim_ascii_start();
    let footer = footer.get(footer.iter().take_while(|&&byte| byte == b'=').count()..).unwrap_or_default();
    decoded.extend_from_slice(footer.trim_ascii());
    decoded
}

/// Whether OpenPGP armor in it ends with its checksum as it is written without
/// any transfer encoding: `=` and four digits (RFC 9580, section 6.1). Encoded
/// it would begin with `=3D`. Decoding would spoil the armor.
fn has_bare_checksum(encoded: &[u8]) -> bool {
    const END: &[u8] = b"\n-----END PGP ";
    memchr::memmem::find_iter(encoded, END).any(|at| {
        let before = encoded.get(..at).unwrap_or_default().trim_ascii_end();
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let line = before.get(start..).unwrap_or_default().trim_ascii();
        line.len() == 5 && line.first() == Some(&b'=')
    })
}

/// Decodes quoted-printable and tells whether it was sound; what is not stays
/// as it is (RFC 2045, section 6.7, note 1 of the decoding rules).
fn quoted_printable(encoded: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(encoded.len());
    let mut sound = true;
    let mut rest = encoded;
    while !rest.is_empty() {
        let line = super::fields::first_line(rest);
        rest = rest.get(line.len()..).unwrap_or_default();
        let text = line.trim_ascii_end();
        let ending = match line {
            [.., b'\r', b'\n'] => b"\r\n".as_slice(),
            [.., b'\n'] => b"\n",
            _ => b"",
        };
        let (text, soft) = match text.strip_suffix(b"=") {
            Some(text) => (text, true),
            None => (text, false),
        };
        sound &= unescape(text, &mut out);
        if !soft {
            out.extend_from_slice(ending);
        }
    }
    (out, sound)
}

/// Appends one line with its `=XX` decoded.
fn unescape(line: &[u8], out: &mut Vec<u8>) -> bool {
    let mut sound = true;
    let mut rest = line;
    while let Some(at) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        let digit = |offset: usize| {
            rest.get(at + offset)
                .and_then(|&byte| char::from(byte).to_digit(16))
                .and_then(|d| u8::try_from(d).ok())
        };
        let taken = match (digit(1), digit(2)) {
            (Some(high), Some(low)) => {
                out.push(high << 4 | low);
                3
            }
            _ => {
                sound = false;
                out.push(b'=');
                1
            }
        };
        rest = rest.get(at + taken..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    sound
}

/// `bytes` as text: UTF-8 as it is, other charsets converted. Text without a
/// charset that is not UTF-8 is taken as windows-1252, which reads every byte.
pub(super) fn text<'a>(bytes: Cow<'a, [u8]>, charset: Option<&str>, defects: &mut Defects) -> Cow<'a, str> {
    let charset = charset.unwrap_or("us-ascii").trim().to_ascii_lowercase();
    let plain = matches!(charset.as_str(), "utf-8" | "utf8" | "us-ascii" | "ascii" | "");
    if !plain {
        return converted(&bytes, &charset, defects).into();
    }
    let bytes = match utf8(bytes) {
        Ok(text) => return text,
        Err(bytes) => bytes,
    };
    defects.add("a text has bytes that its charset does not have");
    let fallback = if charset.starts_with("utf") { "utf-8" } else { "windows-1252" };
    converted(&bytes, fallback, defects).into()
}

fn utf8(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Cow<'_, [u8]>> {
    match bytes {
        Cow::Borrowed(bytes) => {
            std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| Cow::Borrowed(bytes))
        }
        Cow::Owned(bytes) => {
            String::from_utf8(bytes).map(Cow::Owned).map_err(|error| Cow::Owned(error.into_bytes()))
        }
    }
}

fn converted(bytes: &[u8], charset: &str, defects: &mut Defects) -> String {
    let head = bytes.get(..MAX_CONVERTED).unwrap_or(bytes);
    if head.len() < bytes.len() {
        defects.add("a text is so long that only its first 8 MiB were converted to Unicode");
    }
    match charset_decoder(charset.as_bytes()) {
        Some(decode) => decode(head),
        None => {
            if charset != "utf-8" {
                defects.add("a text has a charset that is not known");
            }
            String::from_utf8_lossy(head).into_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(encoded: &str, encoding: &str) -> (String, Vec<String>) {
        let mut defects = Defects::default();
        let bytes = decode(encoded.as_bytes(), encoding, &mut defects).into_owned();
        (String::from_utf8(bytes).unwrap(), defects.into_words())
    }

    #[test]
    fn quoted_printable_keeps_the_line_ends_it_came_with() {
        let (text, defects) = decoded("caf=C3=A9 =\r\nau lait  \r\nend=", "quoted-printable");
        assert_eq!(text, "café au lait\r\nend");
        assert!(defects.is_empty());
    }

    #[test]
    fn armor_that_was_never_encoded_is_not_decoded() {
        let armor = "-----BEGIN PGP MESSAGE-----\n\nwcBM2uhugpp2wQ==\n=i/Pl\n-----END PGP MESSAGE-----\n";
        assert_eq!(decoded(armor, "quoted-printable").0, armor);
        let encoded = armor.replace('=', "=3D");
        assert_eq!(decoded(&encoded, "quoted-printable").0, armor);
    }

    #[test]
    fn damaged_quoted_printable_is_kept_literally() {
        let (text, defects) = decoded("a=ZZb=4", "quoted-printable");
        assert_eq!(text, "a=ZZb=4");
        assert_eq!(defects.len(), 1);
    }

    #[test]
    fn damaged_base64_gives_what_is_left_of_it_and_the_footer() {
        assert_eq!(decoded("aGVsbG8gd29ybGQ=\r\n", "base64"), ("hello world".to_owned(), vec![]));
        let (text, defects) = decoded("aGVs*bG8gd29ybGQ=\n___ list footer", "base64");
        assert_eq!(text, "hello world___ list footer");
        assert_eq!(defects.len(), 1);
    }

    #[test]
    fn charsets_become_unicode() {
        let mut defects = Defects::default();
        let mut read = |bytes: &'static [u8], charset| text(bytes.into(), charset, &mut defects).into_owned();
        assert_eq!(read(b"caf\xe9", Some("ISO-8859-1")), "café");
        assert_eq!(read(b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("windows-1251")), "Привет");
        assert_eq!(read(b"\x83n", Some("Shift_JIS")), "ハ");
        assert_eq!(read(b"caf\xe9", None), "café");
        assert_eq!(read(b"caf\xe9!", Some("utf-8")), "caf\u{fffd}!");
        assert_eq!(read(b"plain", Some("x-unheard-of")), "plain");
        assert_eq!(defects.into_words().len(), 2);
    }
}
