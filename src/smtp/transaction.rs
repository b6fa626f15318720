//! One message over one connection: sender, recipients, content, each with its answer.
//!
//! Until the content was asked for, every failure is clear; afterwards only an answer is.

use std::borrow::Cow;
use std::time::Duration;

use tokio::time::Instant;
use tokio::time::timeout_at;

use crate::crash;
use crate::smtp::address;
use crate::smtp::connection::Connection;
use crate::smtp::connection::State;
use crate::smtp::mail::Mail;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;

/// How long a server that stopped listening may take to say why.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Bytes that are escaped and written at once.
const PIECE: usize = 64 * 1024;

impl Connection {
    /// See [`crate::smtp::OpenTransport::send`].
    pub async fn send<E>(
        &mut self,
        mail: &Mail<'_>,
        before_data: impl AsyncFnOnce() -> Result<(), E>,
        deadline: Instant,
    ) -> Result<Vec<Outcome>, E> {
        let outcomes = match self.envelope(mail, deadline).await {
            Ok(outcomes) => outcomes,
            Err(refusal) => return Ok(vec![refusal.outcome(); mail.recipients.len()]),
        };
        if outcomes.iter().all(Option::is_some) {
            return Ok(outcomes.into_iter().flatten().collect());
        }
        if let Err(error) = before_data().await {
            self.state = State::Broken;
            return Err(error);
        }
        let content = self.content(mail.raw, deadline).await;
        crash::point("smtp-content-answered");
        Ok(outcomes.into_iter().map(|refused| refused.unwrap_or_else(|| content.clone())).collect())
    }

    /// Whether a mail from `sender` to `recipient` would be taken; none is sent. Empty is the null sender.
    pub async fn would_take(
        &mut self,
        sender: &str,
        recipient: &str,
        deadline: Instant,
    ) -> Result<(), Refusal> {
        if !self.ready(deadline).await {
            return Err(Refusal::of(Stage::Connect, "the connection to the server is gone"));
        }
        self.state = State::Dirty;
        for (stage, command) in [
            (Stage::Sender, format!("MAIL FROM:<{sender}>\r\n")),
            (Stage::Recipient, format!("RCPT TO:<{recipient}>\r\n")),
        ] {
            let reply = self.ask(stage, &command, deadline).await?;
            if !reply.is_positive() {
                return Err(Refusal::answered(stage, &reply));
            }
        }
        Ok(())
    }

    /// Names sender and recipients; gives back the refusals, with `None` for who was accepted.
    async fn envelope(
        &mut self,
        mail: &Mail<'_>,
        deadline: Instant,
    ) -> Result<Vec<Option<Outcome>>, Refusal> {
        if !self.ready(deadline).await {
            return Err(Refusal::of(Stage::Connect, "the connection to the server is gone"));
        }
        let command = self.sender_command(mail)?;
        self.state = State::Dirty;
        let reply = self.ask(Stage::Sender, &command, deadline).await?;
        crash::point("smtp-sender-answered");
        if !reply.is_positive() {
            return Err(Refusal::answered(Stage::Sender, &reply));
        }
        let mut outcomes = Vec::with_capacity(mail.recipients.len());
        for recipient in mail.recipients {
            outcomes.push(self.recipient(recipient, deadline).await.err().map(Refusal::outcome));
            crash::point("smtp-recipient-answered");
        }
        Ok(outcomes)
    }

    /// `MAIL FROM`, with what this message needs and this server offers.
    fn sender_command(&self, mail: &Mail<'_>) -> Result<String, Refusal> {
        let size = mail.raw.len() as u64;
        if self.offer.size.is_some_and(|largest| largest > 0 && size > largest) {
            let text = format!("the message of {size} bytes is larger than the server takes");
            return Err(Refusal::own(Stage::Sender, "5.3.4", text));
        }
        let sender = match mail.sender {
            Some(sender) => address::on_the_wire(sender).ok_or_else(|| {
                Refusal::own(Stage::Sender, "5.1.7", "the sender's address cannot be written")
            })?,
            None => String::new(),
        };
        let size = self.offer.size.map(|_| format!(" SIZE={size}")).unwrap_or_default();
        let mut command = format!("MAIL FROM:<{sender}>{size}");
        let needs_utf8 = !sender.is_ascii() || needs_utf8(mail);
        if !needs_utf8 && mail.raw.is_ascii() {
            return Ok(command + "\r\n");
        }
        if !self.offer.eight_bit {
            return Err(Refusal::own(Stage::Sender, "5.6.7", "the server takes 7-bit mail only"));
        }
        command.push_str(" BODY=8BITMIME");
        if needs_utf8 {
            if !self.offer.utf8 {
                return Err(Refusal::own(
                    Stage::Sender,
                    "5.6.7",
                    "the server takes no addresses beyond ASCII",
                ));
            }
            command.push_str(" SMTPUTF8");
        }
        Ok(command + "\r\n")
    }

    async fn recipient(&mut self, recipient: &str, deadline: Instant) -> Result<(), Refusal> {
        if self.state == State::Broken {
            return Err(Refusal::of(Stage::Connect, "the connection to the server is gone"));
        }
        let Some(address) = address::on_the_wire(recipient) else {
            // As final as a server's word, and it needs none.
            let text = "the address cannot be written".to_owned();
            let enhanced = Some("5.1.3".to_owned());
            return Err(Refusal { stage: Stage::Recipient, code: Some(501), enhanced, text });
        };
        let reply = self.ask(Stage::Recipient, &format!("RCPT TO:<{address}>\r\n"), deadline).await?;
        if reply.is_positive() { Ok(()) } else { Err(Refusal::answered(Stage::Recipient, &reply)) }
    }

    /// `DATA` and the message: the outcome for everybody who was accepted.
    async fn content(&mut self, raw: &[u8], deadline: Instant) -> Outcome {
        if self.state == State::Broken {
            return Refusal::of(Stage::Connect, "the connection to the server is gone").outcome();
        }
        let reply = match self.ask(Stage::Data, "DATA\r\n", deadline).await {
            Ok(reply) => reply,
            Err(refusal) => return refusal.outcome(),
        };
        crash::point("smtp-data-answered");
        if reply.code != 354 {
            return Refusal::answered(Stage::Data, &reply).outcome();
        }
        self.begin();
        let message = with_line_ends(raw);
        // Piece by piece, so that others get their turn between them.
        let sending = self.inner.message_iter(message.chunks(PIECE));
        let Ok(mut read) = timeout_at(deadline, sending).await else {
            return self.unanswered();
        };
        if self.said.copy().is_empty() {
            // The server may have stopped listening, and have said why.
            let late = deadline.min(Instant::now() + LAST_WORDS);
            match timeout_at(late, self.inner.read_response()).await {
                Ok(late) => read = late,
                Err(_) => return self.unanswered(),
            }
        }
        match self.heard(read, State::Ready).await {
            Some(reply) if reply.is_positive() => Outcome::Sent { answer: reply.text },
            Some(reply) if reply.code >= 400 => Refusal::answered(Stage::Data, &reply).outcome(),
            _ => self.unanswered(),
        }
    }

    /// No answer came to the text: nobody can have taken what never left whole.
    fn unanswered(&self) -> Outcome {
        if self.said.is_end_sent() {
            return Outcome::Unclear;
        }
        let text = "the connection was lost before the whole message had left";
        Refusal::own(Stage::Data, "4.4.2", text).outcome()
    }
}

/// Whether an address, or a header field, has letters beyond ASCII that no encoding hides.
fn needs_utf8(mail: &Mail<'_>) -> bool {
    let local = |address: &String| address.rsplit_once('@').is_some_and(|(local, _)| !local.is_ascii());
    let end =
        mail.raw.windows(2).position(|pair| pair == b"\n\n" || pair == b"\n\r").unwrap_or(mail.raw.len());
    mail.recipients.iter().any(local) || !mail.raw[..end].is_ascii()
}

/// The message with CRLF at each line end and none at its own end, where the protocol adds one.
///
/// A bare LF or CR would let a line be seen by one server and not by the next.
fn with_line_ends(raw: &[u8]) -> Cow<'_, [u8]> {
    let bare = memchr::memchr2_iter(b'\r', b'\n', raw).any(|at| match raw[at] {
        b'\n' => at == 0 || raw[at - 1] != b'\r',
        _ => raw.get(at + 1) != Some(&b'\n'),
    });
    let without_end = |raw: &[u8]| raw.strip_suffix(b"\r\n").unwrap_or(raw).len();
    if !bare {
        return Cow::Borrowed(&raw[..without_end(raw)]);
    }
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 16);
    let mut bytes = raw.iter().peekable();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if_eq(&&b'\n');
                out.extend_from_slice(b"\r\n");
            }
            b'\n' => out.extend_from_slice(b"\r\n"),
            _ => out.push(byte),
        }
    }
    out.truncate(without_end(&out));
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_ends_with_crlf_and_the_last_is_left_to_the_protocol() {
        for (raw, sent) in [
            ("a\r\nb\r\n", "a\r\nb"),
            ("a\nb", "a\r\nb"),
            ("a\n.\nb\r\n", "a\r\n.\r\nb"),
            ("a\rb\r\n", "a\r\nb"),
            ("a\r\r\nb", "a\r\n\r\nb"),
            ("\r\n\r\n", "\r\n"),
            ("", ""),
            ("\n", ""),
        ] {
            assert_eq!(with_line_ends(raw.as_bytes()), sent.as_bytes(), "{raw:?}");
        }
    }
}
