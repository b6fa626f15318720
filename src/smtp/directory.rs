//! Mail as files: one `.eml` for each recipient, whole or not there at all, and for the owner's eyes.
//!
//! The same mail to the same recipient has the same name, so that a repetition replaces it.

use std::io;
use std::path::Path;

use sha2::Digest;
use sha2::Sha256;

use crate::private;
use crate::private::Existing;
use crate::smtp::mail::Mail;
use crate::smtp::outcome::Outcome;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;

/// Bytes of a name that come from the mail; the rest tells apart what looks alike.
const LONGEST: usize = 120;

/// Writes the message for each recipient.
pub async fn write(directory: &Path, mail: &Mail<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(mail.recipients.len());
    for recipient in mail.recipients {
        let path = directory.join(name(mail.message_id, recipient));
        let text = content(mail, recipient);
        let answer = format!("written to {}", path.display());
        let written = tokio::task::spawn_blocking(move || write_whole(&path, &text)).await;
        outcomes.push(match written.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(()) => Outcome::Sent { answer },
            Err(error) => {
                Outcome::Deferred(Refusal::of(Stage::Data, format!("cannot write the file: {error}")))
            }
        });
    }
    outcomes
}

/// The message below the lines that a delivering server would add.
fn content(mail: &Mail<'_>, recipient: &str) -> Vec<u8> {
    let plain = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    let sender = plain(mail.sender.unwrap_or_default());
    let mut text = format!("Return-Path: <{sender}>\r\nDelivered-To: {}\r\n", plain(recipient)).into_bytes();
    text.extend_from_slice(mail.raw);
    text
}

fn write_whole(path: &Path, text: &[u8]) -> io::Result<()> {
    private::make_directory(path.parent().unwrap_or(Path::new(".")))?;
    private::write(path, text, Existing::Replaced)
}

fn name(message_id: &str, recipient: &str) -> String {
    let whole = format!("{}_{recipient}", message_id.trim_matches(['<', '>']));
    let plain = |c: char| if c.is_ascii_alphanumeric() || "@.+-=_".contains(c) { c } else { '_' };
    let shown: String = whole.chars().map(plain).take(LONGEST).collect();
    let digest = Sha256::digest(whole.as_bytes());
    format!(
        "{}-{:02x}{:02x}{:02x}{:02x}.eml",
        shown.trim_start_matches('.'),
        digest[0],
        digest[1],
        digest[2],
        digest[3]
    )
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mail(recipients: &[String]) -> Mail<'_> {
        Mail { message_id: "1.x@desk", sender: None, recipients, raw: b"Subject: hi\r\n\r\nbody\r\n" }
    }

    #[tokio::test]
    async fn a_repeated_mail_replaces_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("made/when/needed");
        let to = ["a@b.example".to_owned(), "../../etc/x@y".to_owned()];
        for _ in 0..2 {
            let outcomes = write(&out, &mail(&to)).await;
            assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Sent { .. })), "{outcomes:?}");
        }
        let mut names: Vec<_> =
            std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names.len(), 2);
        assert!(
            names[0].starts_with("1.x@desk_..") && names[1].starts_with("1.x@desk_a@b.example-"),
            "{names:?}"
        );
        let text = std::fs::read_to_string(out.join(&names[1])).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&out), mode(&out.join(&names[1]))), (0o700, 0o600));
        assert_eq!(text, "Return-Path: <>\r\nDelivered-To: a@b.example\r\nSubject: hi\r\n\r\nbody\r\n");
    }

    #[tokio::test]
    async fn a_directory_that_cannot_be_written_defers_the_mail() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("file"), "").unwrap();
        let to = ["a@b.example".to_owned()];
        let outcomes = write(&dir.path().join("file/below"), &mail(&to)).await;
        assert!(matches!(&outcomes[..], [Outcome::Deferred(_)]), "{outcomes:?}");
    }
}
