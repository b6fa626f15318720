//! A mail that an SMTP server took.

/// One mail that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub sender: String,
    pub recipients: Vec<String>,
    pub data: Vec<u8>,
    /// Whether the client was told that it was taken.
    pub answered: bool,
}

impl Taken {
    /// The Message-ID in its headers, without its angle brackets.
    pub fn message_id(&self) -> String {
        self.header("message-id").trim_matches(['<', '>']).to_owned()
    }

    /// The first line of a header field; nothing when there is none.
    pub fn header(&self, name: &str) -> String {
        let text = String::from_utf8_lossy(&self.data);
        let is_it = |line: &&str| line.split(':').next().is_some_and(|key| key.eq_ignore_ascii_case(name));
        let line = text.lines().take_while(|line| !line.is_empty()).find(is_it);
        line.and_then(|line| line.split_once(':'))
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    }
}
