//! A window that moves over a file or stream of any length.

use std::io::{self, Read};

/// Bytes asked for at once.
const CHUNK: usize = 256 << 10;

/// The bytes of a source from the present place on, read as they are asked for.
pub(super) struct Stream<'r> {
    reader: &'r mut dyn Read,
    buffer: Vec<u8>,
    /// Where the window begins in `buffer`.
    start: usize,
    has_ended: bool,
    /// What stopped the reading, if it was no proper end.
    pub error: Option<io::Error>,
    /// Bytes that the window has moved over.
    pub consumed: u64,
}

impl<'r> Stream<'r> {
    /// A window at the start of `reader`.
    pub fn new(reader: &'r mut dyn Read) -> Self {
        Self { reader, buffer: Vec::new(), start: 0, has_ended: false, error: None, consumed: 0 }
    }

    /// What has been read and not been consumed yet.
    pub fn window(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads until the window holds `length` bytes; false where the source ends before.
    /// A failure to read is an end, and is kept in `error`.
    pub fn fill(&mut self, length: usize) -> bool {
        while self.window().len() < length && !self.has_ended {
            self.read_chunk();
        }
        self.window().len() >= length
    }

    /// Moves the window on by `length` bytes.
    pub fn consume(&mut self, length: usize) {
        let length = length.min(self.window().len());
        self.start += length;
        self.consumed += length as u64;
    }

    /// Whether everything is in the window.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    fn read_chunk(&mut self) {
        if self.start >= CHUNK || self.start == self.buffer.len() {
            self.buffer.drain(..self.start);
            self.start = 0;
            // A long message has come and gone: give its room back.
            if self.buffer.capacity() > 16 * CHUNK && self.buffer.len() < CHUNK {
                self.buffer.shrink_to(2 * CHUNK);
            }
        }
        let old = self.buffer.len();
        self.buffer.resize(old + CHUNK, 0);
        let read = loop {
            match self.reader.read(self.buffer.get_mut(old..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let count = match read {
            Ok(count) => count,
            Err(error) => {
                self.error = Some(error);
                0
            }
        };
        self.has_ended = count == 0;
        self.buffer.truncate(old + count);
    }
}
