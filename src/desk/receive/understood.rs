//! A mail that was read and made ready, before the transaction that decides what becomes of it.
//!
//! Whatever costs time with the size of a mail is here: digests of its files, what mails show of its words, and the
//! mail that it may pass on. Nothing is decided.

use std::sync::Arc;

use crate::desk::message::File;
use crate::desk::message::Message;
use crate::desk::message::Reading;
use crate::desk::prepared::Prepared;
use crate::desk::rules::Fired;
use crate::mail::Mail;
use crate::mail::classify::Verdict;
use crate::mail::forward;
use crate::mail::forward::Original;
use crate::mail::reply;
use crate::mail::reply::turn::Head;

/// A text of more bytes may hold a mail that takes long to read.
const LARGE: usize = 16 * 1024;

/// What a mail is, with its words.
#[derive(Debug)]
pub struct Understood {
    /// Without its attachments, which are with its words.
    pub mail: Mail,
    pub verdict: Verdict,
    pub(super) words: Arc<Prepared>,
    /// To be shown with what they quote, where they quote anything: nobody here has seen what a first mail answers.
    pub(super) whole: Option<Arc<Prepared>>,
    pub(super) passed_on: PassedOn,
    /// The rules that fire for it; none: nobody has looked yet.
    pub fired: Option<Fired>,
}

/// The mail that is passed on with another, if an agent did that: few are, so that only what may take long is read
/// before it is known who wrote.
#[derive(Debug)]
pub(super) enum PassedOn {
    Unread,
    Read(Option<Box<Forwarded>>),
}

#[derive(Debug)]
pub(super) struct Forwarded {
    /// Without its text and attachments, which are with its words.
    pub(super) original: Original,
    pub(super) words: Prepared,
}

impl Understood {
    pub fn of(mut mail: Mail, verdict: Verdict) -> Self {
        let passed_on = PassedOn::of(&mail);
        let attachments = std::mem::take(&mut mail.attachments);
        let words = Prepared::received(Message {
            new_text: (mail.new_text != mail.text).then(|| mail.new_text.clone()),
            text: mail.text.clone(),
            html: mail.html.clone(),
            attachments: attachments.into_iter().map(File::from).collect(),
            ..Message::default()
        });
        let whole = (words.left_out() > 0).then(|| {
            Arc::new(Prepared::received(Message { reading: Reading::Whole, ..Message::clone(&words) }))
        });
        Self { mail, verdict, words: Arc::new(words), whole, passed_on, fired: None }
    }

    /// Whether somebody attached something; pictures within the text are part of it.
    pub(super) fn has_file(&self) -> bool {
        self.words.attachments.iter().any(|file| !file.inline)
    }
}

impl PassedOn {
    fn of(mail: &Mail) -> Self {
        let encloses = mail.attachments.iter().any(|file| file.content_type.starts_with("message/"));
        let takes_long = encloses || mail.text.len() > LARGE;
        if takes_long { Self::Read(Forwarded::find(mail)) } else { Self::Unread }
    }

    /// The mail that this one passes on; what is not read yet stands in its text.
    pub(super) fn take(self, mail: &Mail) -> Option<Box<Forwarded>> {
        match self {
            Self::Unread => Forwarded::find(mail),
            Self::Read(found) => found,
        }
    }
}

impl Forwarded {
    fn find(mail: &Mail) -> Option<Box<Self>> {
        forward::original(mail).map(Self::of).map(Box::new)
    }

    fn of(mut original: Original) -> Self {
        let text = std::mem::take(&mut original.text);
        let attachments = std::mem::take(&mut original.attachments);
        let new = reply::new_part(&text, &Head { subject: &original.subject, answered: None });
        let words = Prepared::received(Message {
            new_text: (new != text).then_some(new),
            text,
            reading: Reading::Whole,
            attachments: attachments.into_iter().map(File::from).collect(),
            written_at: original.date,
            ..Message::default()
        });
        Self { original, words }
    }
}
