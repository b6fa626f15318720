//! The connection below lettre, with a copy of what the server says.
//!
//! Replies are read from the copy; bytes that are no ASCII, which lettre takes for a broken connection, are
//! replaced on the way.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;

use crate::smtp::reply::Reply;
use crate::tls::Io;

/// Longest reply that is kept; lettre gives up earlier.
const LONGEST: usize = 128 * 1024;

/// What ends a message: no text has it within, since dots at the beginning of a line are doubled.
const END: &[u8] = b"\r\n.\r\n";

/// What the server said since it was last asked, and the end of what it was told.
#[derive(Clone, Debug, Default)]
pub struct Said(Arc<Mutex<Heard>>);

#[derive(Debug, Default)]
struct Heard {
    bytes: Vec<u8>,
    /// The last bytes that left, as many as [`END`] has.
    left: Vec<u8>,
}

impl Said {
    pub fn forget(&self) {
        *self.heard() = Heard::default();
    }

    /// Whether the end of a message is the last thing that left.
    pub fn is_end_sent(&self) -> bool {
        self.heard().left == END
    }

    /// All complete replies, and whether something is left over.
    pub fn replies(&self) -> (Vec<Reply>, bool) {
        let bytes = &self.heard().bytes;
        let (mut replies, mut at) = (Vec::new(), 0);
        while let Some((reply, used)) = Reply::parse(&bytes[at..]) {
            replies.push(reply);
            at += used;
        }
        (replies, at < bytes.len())
    }

    /// The bytes themselves.
    pub fn copy(&self) -> Vec<u8> {
        self.heard().bytes.clone()
    }

    fn sent(&self, bytes: &[u8]) {
        let mut heard = self.heard();
        heard.left.extend_from_slice(&bytes[bytes.len().saturating_sub(END.len())..]);
        let surplus = heard.left.len().saturating_sub(END.len());
        heard.left.drain(..surplus);
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that keeps a copy of what it reads.
#[derive(Debug)]
pub(crate) struct Tap {
    stream: Box<dyn Io>,
    said: Said,
    /// Read before anything else; stands for a greeting that was heard already.
    first: &'static [u8],
}

impl Tap {
    pub fn new(stream: Box<dyn Io>, first: &'static [u8]) -> (Self, Said) {
        let said = Said::default();
        (Self { stream, said: said.clone(), first }, said)
    }
}

impl AsyncTokioStream for Tap {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl AsyncRead for Tap {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.first.is_empty() {
            let (now, later) = self.first.split_at(self.first.len().min(buf.remaining()));
            buf.put_slice(now);
            self.first = later;
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        let new = &mut buf.filled_mut()[before..];
        for byte in new.iter_mut().filter(|byte| !(1..0x80).contains(*byte)) {
            *byte = b'?';
        }
        let said = &mut self.said.heard().bytes;
        let room = LONGEST.saturating_sub(said.len()).min(new.len());
        said.extend_from_slice(&new[..room]);
        read
    }
}

impl AsyncWrite for Tap {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        if let Poll::Ready(Ok(count)) = &written {
            self.said.sent(&buf[..*count]);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
