//! Sizes first, then messages: many small ones by one command, large ones in pieces.
//!
//! What was not delivered is said, never guessed: a message that was deleted meanwhile is among the missing.
//! Nothing is marked as read.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use async_imap::imap_proto::AttributeValue;
use async_imap::imap_proto::MessageSection;
use async_imap::imap_proto::Response;
use async_imap::imap_proto::SectionPath;

use crate::clock::Timestamp;
use crate::crash;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::imap::wire;

/// UIDs in one command; keeps the line below the 8 KB that servers take.
pub(crate) const PER_COMMAND: usize = 500;

/// Size of a piece of a large message.
const PIECE: u32 = 1 << 20;

/// Responses that a server may send beside those that were asked for.
const UNASKED: u64 = 100_000;

/// What is known of a message before it is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub uid: u32,
    /// As the server counts, if it says; a few differ from what they send.
    pub size: Option<u32>,
    pub internal_date: Option<Timestamp>,
    /// Flags and keywords in lower case.
    pub flags: Vec<String>,
}

/// A message, or its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    pub uid: u32,
    pub internal_date: Option<Timestamp>,
    pub raw: Vec<u8>,
}

/// How a message came that was fetched in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// As long as the server said, or up to where it surely ends.
    Whole(Fetched),
    /// The server has no such message, or does not hand it over.
    Nothing,
    /// The server stopped before the end, after so many bytes.
    Short(usize),
    /// There is more than is allowed.
    TooLong,
}

impl Session {
    /// Sizes, dates and flags of these messages; one that is gone is not among them.
    pub async fn sizes(&mut self, uids: &[u32]) -> Result<Vec<Listed>, ImapError> {
        let mut found: BTreeMap<u32, Parts> = BTreeMap::new();
        for part in uids.chunks(PER_COMMAND) {
            let command = format!("UID FETCH {} (UID RFC822.SIZE INTERNALDATE FLAGS)", wire::set(part));
            self.fetch_parts(&command, part.len(), |uid, parts| {
                if part.contains(&uid) {
                    found.entry(uid).or_default().take(parts);
                }
            })
            .await?;
        }
        crash::point("imap-sizes-answered");
        let listed = found.into_iter().map(|(uid, parts)| {
            let Parts { size, internal_date, flags, .. } = parts;
            Listed { uid, size, internal_date, flags }
        });
        Ok(listed.collect())
    }

    /// Fetches whole messages and hands on each as it arrives; gives back those that did not come.
    ///
    /// Ask for what [`Session::sizes`] showed to fit into memory together.
    pub async fn fetch(
        &mut self,
        uids: &[u32],
        mut on: impl FnMut(Fetched),
    ) -> Result<BTreeSet<u32>, ImapError> {
        let mut missing: BTreeSet<u32> = uids.iter().copied().collect();
        for part in uids.chunks(PER_COMMAND) {
            let command = format!("UID FETCH {} (UID INTERNALDATE BODY.PEEK[])", wire::set(part));
            self.fetch_parts(&command, part.len(), |uid, parts| {
                // A change of flags is reported alike, without a body.
                if let Some(raw) = parts.body
                    && missing.remove(&uid)
                {
                    on(Fetched { uid, internal_date: parts.internal_date, raw });
                }
            })
            .await?;
        }
        crash::point("imap-fetch-answered");
        Ok(missing)
    }

    /// Fetches one message in pieces, up to `limit` bytes, after those that `begun` has.
    ///
    /// Some servers answer each piece with the whole message, without an offset; some tell a size that is none.
    /// A message is whole when it is as long as told and its last piece is not full, or when the server says of
    /// what follows that there is nothing.
    pub(crate) async fn fetch_large(
        &mut self,
        listed: &Listed,
        begun: Vec<u8>,
        limit: u64,
    ) -> Result<Came, ImapError> {
        let mut internal_date = listed.internal_date;
        let mut raw = begun;
        // An honest server needs one for each full piece, and a few more.
        for _ in 0..limit / u64::from(PIECE) + 16 {
            let offset = u32::try_from(raw.len()).map_err(|_| ImapError::TooLarge)?;
            let Some(piece) = self.piece(listed.uid, offset, PIECE).await? else { return Ok(Came::Nothing) };
            internal_date = piece.message.internal_date.or(internal_date);
            let (before, came) = (raw.len(), piece.message.raw.len());
            match piece.offset {
                Some(at) if at == offset => raw.extend_from_slice(&piece.message.raw),
                Some(_) => return Ok(Came::Short(before)),
                None if came > before => raw = piece.message.raw,
                None => {}
            }
            if raw.len() as u64 > limit {
                return Ok(Came::TooLong);
            }
            let as_told = listed.size.is_some_and(|size| raw.len() >= size as usize);
            let ended = raw.len() == before;
            if ended && raw.is_empty() && listed.size != Some(0) {
                return Ok(Came::Short(0));
            }
            let full_piece = piece.offset.is_some() && came == PIECE as usize;
            if ended || as_told && !full_piece {
                return Ok(Came::Whole(Fetched { uid: listed.uid, internal_date, raw }));
            }
        }
        Ok(Came::Short(raw.len()))
    }

    /// Whether a message is longer than `length`, whatever size was told.
    pub async fn is_longer(&mut self, uid: u32, length: u64) -> Result<bool, ImapError> {
        let offset = u32::try_from(length).unwrap_or(u32::MAX);
        let piece = self.piece(uid, offset, 1).await?;
        Ok(piece.is_none_or(|piece| match piece.offset {
            Some(_) => !piece.message.raw.is_empty(),
            None => piece.message.raw.len() as u64 > length,
        }))
    }

    /// Fetches the headers alone, cut after `limit` bytes; nothing when the message is gone.
    pub(crate) async fn fetch_headers(&mut self, uid: u32, limit: u32) -> Result<Option<Fetched>, ImapError> {
        let command = format!("UID FETCH {uid} (UID INTERNALDATE BODY.PEEK[HEADER]<0.{limit}>)");
        Ok(self.fetch_one(uid, &command).await?.map(|piece| piece.message))
    }

    async fn piece(&mut self, uid: u32, offset: u32, length: u32) -> Result<Option<Piece>, ImapError> {
        let command = format!("UID FETCH {uid} (UID INTERNALDATE BODY.PEEK[]<{offset}.{length}>)");
        self.fetch_one(uid, &command).await
    }

    async fn fetch_one(&mut self, uid: u32, command: &str) -> Result<Option<Piece>, ImapError> {
        let mut found = None;
        self.fetch_parts(command, 1, |of, parts| {
            if let (true, Some(raw)) = (of == uid && found.is_none(), parts.body) {
                let message = Fetched { uid, internal_date: parts.internal_date, raw };
                found = Some(Piece { message, offset: parts.offset });
            }
        })
        .await?;
        crash::point("imap-piece-answered");
        Ok(found)
    }

    async fn fetch_parts(
        &mut self,
        command: &str,
        asked: usize,
        mut on: impl FnMut(u32, Parts),
    ) -> Result<(), ImapError> {
        let most = UNASKED + 10 * asked as u64;
        self.exchange(command, most, |response| {
            if let Response::Fetch(_, attributes) = response {
                let (uid, parts) = Parts::of(attributes);
                if let Some(uid) = uid {
                    on(uid, parts);
                }
            }
        })
        .await
    }
}

/// An answer to a command for a piece.
struct Piece {
    message: Fetched,
    /// Where in the message it begins; none: it is the whole message.
    offset: Option<u32>,
}

/// What one FETCH response holds.
#[derive(Debug, Default)]
struct Parts {
    size: Option<u32>,
    internal_date: Option<Timestamp>,
    flags: Vec<String>,
    body: Option<Vec<u8>>,
    offset: Option<u32>,
}

impl Parts {
    fn of(attributes: &[AttributeValue<'_>]) -> (Option<u32>, Self) {
        let (mut uid, mut parts) = (None, Self::default());
        for attribute in attributes {
            match attribute {
                AttributeValue::Uid(value) => uid = Some(*value),
                AttributeValue::Rfc822Size(size) => parts.size = Some(*size),
                AttributeValue::InternalDate(text) => parts.internal_date = wire::date(text),
                AttributeValue::Flags(flags) => {
                    parts.flags = flags.iter().map(|flag| flag.to_ascii_lowercase()).collect();
                }
                AttributeValue::BodySection {
                    section: None | Some(SectionPath::Full(MessageSection::Header)),
                    data: Some(data),
                    index,
                } => (parts.body, parts.offset) = (Some(data.to_vec()), *index),
                _ => {}
            }
        }
        (uid, parts)
    }

    /// A server may spread one message over several responses.
    fn take(&mut self, other: Self) {
        self.size = other.size.or(self.size);
        self.internal_date = other.internal_date.or(self.internal_date);
        if !other.flags.is_empty() {
            self.flags = other.flags;
        }
    }
}
