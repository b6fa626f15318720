//! One message as every way out takes it.
//!
//! Borrows all of it: who hands it over keeps it for another try.

/// One message on its way.
#[derive(Clone, Copy, Debug)]
pub struct Mail<'a> {
    /// Without angle brackets.
    pub message_id: &'a str,
    /// The envelope's sender; `None` is the null path, to which nobody answers.
    pub sender: Option<&'a str>,
    pub recipients: &'a [String],
    /// The message as it is stored; its line ends are made CRLF on the way.
    pub raw: &'a [u8],
}
