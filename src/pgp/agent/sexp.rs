//! Canonical S-expressions, in which the agent takes and gives numbers: lists in
//! brackets and atoms as `LENGTH:BYTES`. Knows no cryptography.

/// Depth of lists in lists that is read. What an agent sends has three.
const MAX_DEPTH: usize = 8;

/// An atom or a list. Borrows, so that secrets are not copied.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sexp<'a> {
    Atom(&'a [u8]),
    List(Vec<Sexp<'a>>),
}

impl<'a> Sexp<'a> {
    /// Reads one expression. Zero bytes may follow it, as GnuPG sends one.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (sexp, rest) = Self::read(bytes, MAX_DEPTH)?;
        rest.iter().all(|byte| *byte == 0).then_some(sexp)
    }

    fn read(bytes: &'a [u8], depth: usize) -> Option<(Self, &'a [u8])> {
        let Some(mut rest) = bytes.strip_prefix(b"(") else {
            let colon = bytes.iter().take(8).position(|byte| *byte == b':')?;
            let digits = bytes.get(..colon).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
            let length: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
            let (atom, rest) = bytes.get(colon + 1..)?.split_at_checked(length)?;
            return Some((Self::Atom(atom), rest));
        };
        let depth = depth.checked_sub(1)?;
        let mut items = Vec::new();
        loop {
            if let Some(rest) = rest.strip_prefix(b")") {
                return Some((Self::List(items), rest));
            }
            let (item, after) = Self::read(rest, depth)?;
            items.push(item);
            rest = after;
        }
    }

    /// The items after the name, where this is a list that starts with `name`.
    pub(super) fn named(&self, name: &str) -> Option<&[Self]> {
        match self {
            Self::List(items) => match items.split_first()? {
                (Self::Atom(first), rest) if *first == name.as_bytes() => Some(rest),
                _ => None,
            },
            Self::Atom(_) => None,
        }
    }

    /// The bytes in `(name bytes)`, where this is such a list.
    pub(super) fn value(&self, name: &str) -> Option<&'a [u8]> {
        match self.named(name)? {
            [Self::Atom(bytes)] => Some(*bytes),
            _ => None,
        }
    }
}

/// Writes `(name item item ...)`.
pub(super) fn list(name: &str, items: &[Vec<u8>]) -> Vec<u8> {
    [b"(".to_vec(), atom(name.as_bytes()), items.concat(), b")".to_vec()].concat()
}

/// Writes `(name value)`.
pub(super) fn pair(name: &str, value: &[u8]) -> Vec<u8> {
    list(name, &[atom(value)])
}

fn atom(bytes: &[u8]) -> Vec<u8> {
    [format!("{}:", bytes.len()).as_bytes(), bytes].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let bytes = list("enc-val", &[list("ecdh", &[pair("s", b"(x)"), pair("e", b"\0\n%")])]);
        assert_eq!(&bytes[..24], b"(7:enc-val(4:ecdh(1:s3:(");
        let sexp = Sexp::parse(&bytes).unwrap();
        let [ecdh] = sexp.named("enc-val").unwrap() else { panic!("{sexp:?}") };
        let [s, e] = ecdh.named("ecdh").unwrap() else { panic!("{ecdh:?}") };
        assert_eq!((s.value("s"), e.value("e")), (Some(&b"(x)"[..]), Some(&b"\0\n%"[..])));
        assert_eq!((s.value("e"), e.named("s")), (None, None));
    }

    #[test]
    fn nothing_else_is_read() {
        let deep = |depth| [b"(".repeat(depth), b")".repeat(depth)].concat();
        assert!(Sexp::parse(&deep(MAX_DEPTH)).is_some());
        let long = b"(5:value18446744073709551615:x)";
        let cases: [&[u8]; 9] =
            [b"", b"(", b"()x", b"(3:ab)", b"(-1:a)", b"(+1:a)", b"(99999999999:a)", long, b"(1:a))"];
        for case in cases {
            assert_eq!(Sexp::parse(case), None, "{case:?}");
        }
        assert_eq!(Sexp::parse(&deep(MAX_DEPTH + 1)), None);
        assert_eq!(Sexp::parse(&deep(100_000)), None);
        assert!(Sexp::parse(b"(5:value1:x)\0").is_some());
    }
}
