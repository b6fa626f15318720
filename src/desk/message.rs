//! What somebody wrote, as it came: text, HTML and files.
//!
//! Nothing is cleaned or judged here; what is said is made ready of it in `prepared`.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::OnceLock;

use crate::clock::Timestamp;
use crate::desk::fold::Older;
use crate::mail;
use crate::mail::internal::Quoted;
use crate::sharing::policy::Mark;
use crate::store::attachments::Attachment;
use crate::store::blobs;
use crate::ticket::id::FollowupId;

/// Files of fewer bytes cost nobody time.
const SMALL: usize = 16 * 1024;

/// What somebody wrote.
#[derive(Clone, Debug, Default)]
pub struct Message {
    pub text: String,
    /// Without quoted reply and signature; none where that is the same.
    pub new_text: Option<String>,
    /// As it was sent, or sanitised where it came by mail; whoever shows it sanitises it first.
    pub html: Option<String>,
    pub(crate) reading: Reading,
    pub attachments: Vec<File>,
    /// An entry whose files are these words' too: they were kept with it before.
    pub(crate) files_of: Option<FollowupId>,
    /// Names and sizes of attachments that were too large to take.
    pub left_out: Vec<String>,
    /// Attachments of an earlier entry that this one repeats.
    pub(crate) kept: Vec<Attachment>,
    /// Whether a private word goes to the partners of a shared ticket as well.
    pub mark: Mark,
    /// When it was written, where that is long before it came: at a partner, or before it was forwarded.
    pub written_at: Option<Timestamp>,
}

/// How much of the words is shown at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reading {
    /// What is new in them: the rest is known to whoever reads it.
    #[default]
    New,
    /// All: nobody here has seen what an opening mail answers. What is old stands below what is new.
    Whole,
}

/// An attachment with what is known of its bytes. Copies share them.
#[derive(Clone, Debug)]
pub struct File {
    /// SHA-256.
    pub digest: [u8; 32],
    part: Arc<mail::Attachment>,
    /// Looked at beforehand where that takes long, else when an agent sends it.
    quoted: Arc<OnceLock<Vec<Quoted>>>,
}

impl Message {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// What is new in them.
    pub fn newest(&self) -> &str {
        self.new_text.as_deref().unwrap_or(&self.text)
    }

    /// How many lines that say something are not among what is new in them.
    pub(crate) fn left_out(&self) -> usize {
        self.new_text.as_deref().map_or(0, |new| lines_left_out(&self.text, new))
    }

    /// How many lines that say something a mail to staff does not show.
    pub(crate) fn unseen(&self) -> usize {
        match self.reading {
            Reading::New => self.left_out(),
            Reading::Whole => self.older().map_or(0, |older| older.more),
        }
    }

    /// What is old in words that are shown whole.
    pub(crate) fn older(&self) -> Option<Older> {
        let new = self.new_text.as_deref().filter(|_| self.reading == Reading::Whole)?;
        Older::of(&self.text, new)
    }
}

/// How many lines of a text that say something are not in its new part, which only leaves lines out.
pub(crate) fn lines_left_out(text: &str, new: &str) -> usize {
    let told = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    told(text).saturating_sub(told(new))
}

impl File {
    /// What it may have of our own mails.
    pub(crate) fn quoted(&self) -> &[Quoted] {
        self.quoted.get_or_init(|| Quoted::in_file(&self.part.content_type, &self.part.data))
    }
}

impl From<mail::Attachment> for File {
    fn from(part: mail::Attachment) -> Self {
        let file = Self { digest: blobs::digest(&part.data), part: Arc::new(part), quoted: Arc::default() };
        if file.part.data.len() > SMALL {
            file.quoted();
        }
        file
    }
}

impl Deref for File {
    type Target = mail::Attachment;

    fn deref(&self) -> &mail::Attachment {
        &self.part
    }
}
