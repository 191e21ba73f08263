//! Cutting foreign text to a number of bytes.

/// The longest start of `text` that has at most `limit` bytes.
pub(super) fn clip(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::clip;

    #[test]
    fn characters_stay_whole() {
        assert_eq!((clip("aé€", 2), clip("aé€", 3), clip("aé€", 99)), ("a", "aé", "aé€"));
        assert_eq!(clip("€", 0), "");
    }
}
