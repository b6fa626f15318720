//! A watch on the bytes that a mail server sends: no endless silence, no boundless size, no 8-bit text
//! where the protocol has none.
//!
//! The IMAP parser allocates whatever size a server announces, waits for ever, and has been seen to panic on
//! 8-bit text outside of literals. The content of literals, which is the mail, passes unchanged.

use std::io;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::time::Instant;
use tokio::time::Sleep;

use crate::tls::Io;

/// A line without a literal; a SEARCH answer with half a million numbers stays below.
const LONGEST_LINE: u64 = 4 << 20;

/// The watched connection.
#[derive(Debug)]
pub struct Guard {
    stream: Box<dyn Io>,
    silence: Option<Duration>,
    alarm: Option<Pin<Box<Sleep>>>,
    largest_literal: u64,
    scan: Scan,
    line: u64,
}

/// Where in the server's text we are.
#[derive(Clone, Copy, Debug)]
enum Scan {
    Line,
    /// After `{` and digits.
    Size(u64),
    /// After `}`, and whether its CR was seen.
    End {
        size: u64,
        cr: Cr,
    },
    Literal(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cr {
    Expected,
    Seen,
}

impl Guard {
    pub fn new(stream: Box<dyn Io>, silence: Duration, largest_literal: u64) -> Self {
        Self { stream, silence: Some(silence), alarm: None, largest_literal, scan: Scan::Line, line: 0 }
    }

    /// The connection itself, to be encrypted.
    pub fn into_inner(self) -> Box<dyn Io> {
        self.stream
    }

    /// How long the other side may be silent; `None` while waiting for news.
    pub fn allow_silence(&mut self, silence: Option<Duration>) {
        self.silence = silence;
        self.alarm = None;
    }

    /// Polls the alarm while the other side makes no progress.
    fn stalled(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(silence) = self.silence else { return Poll::Pending };
        let alarm =
            self.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + silence)));
        alarm.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Follows the protocol's text as far as lines and literals go, and cleans lines.
    fn watch(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        let mut at = 0;
        while at < bytes.len() {
            if let Scan::Literal(left) = self.scan {
                let here = left.min((bytes.len() - at) as u64);
                at += usize::try_from(here).unwrap_or(usize::MAX);
                self.scan = if here == left { Scan::Line } else { Scan::Literal(left - here) };
                continue;
            }
            let byte = &mut bytes[at];
            if !(1..0x80).contains(byte) {
                *byte = b'?';
            }
            self.step(*byte)?;
            at += 1;
        }
        Ok(())
    }

    fn step(&mut self, byte: u8) -> io::Result<()> {
        self.line += 1;
        self.scan = match (self.scan, byte) {
            (_, b'{') => Scan::Size(0),
            (Scan::Size(size), b'0'..=b'9') => {
                Scan::Size(size.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
            }
            (Scan::Size(size), b'}') => Scan::End { size, cr: Cr::Expected },
            (Scan::End { size, cr: Cr::Expected }, b'\r') => Scan::End { size, cr: Cr::Seen },
            (Scan::End { size, cr: Cr::Seen }, b'\n') if size > self.largest_literal => {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            (Scan::End { size, cr: Cr::Seen }, b'\n') => Scan::Literal(size),
            _ => Scan::Line,
        };
        if byte == b'\n' {
            self.line = 0;
        }
        if self.line > LONGEST_LINE { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
    }
}

impl AsyncRead for Guard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buf) {
            Poll::Pending => self.stalled(cx),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) => {
                self.alarm = None;
                Poll::Ready(self.watch(&mut buf.filled_mut()[before..]))
            }
        }
    }
}

impl AsyncWrite for Guard {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(cx, buf) {
            Poll::Pending => self.stalled(cx).map(|stalled| stalled.map(|()| 0)),
            ready @ Poll::Ready(_) => {
                self.alarm = None;
                ready
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(cx) {
            Poll::Pending => self.stalled(cx),
            ready @ Poll::Ready(_) => ready,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::io::AsyncWriteExt;

    use super::*;

    /// What comes through of `sent`, given in two pieces at every possible place.
    async fn through(sent: &[u8]) -> Vec<u8> {
        let mut all = Vec::new();
        for cut in 0..=sent.len() {
            let (near, mut far) = tokio::io::duplex(1 << 16);
            let mut guard = Guard::new(Box::new(near), Duration::from_mins(1), 1000);
            far.write_all(&sent[..cut]).await.unwrap();
            let mut seen = vec![0; cut];
            guard.read_exact(&mut seen).await.unwrap();
            far.write_all(&sent[cut..]).await.unwrap();
            drop(far);
            guard.read_to_end(&mut seen).await.unwrap();
            assert!(all.is_empty() || all == seen, "cut at {cut}");
            all = seen;
        }
        all
    }

    #[tokio::test]
    async fn mail_passes_unchanged_and_8_bit_text_outside_of_it_does_not() {
        let sent = b"* OK [UIDVALIDITY 5]\xfa\r\n* 1 FETCH (BODY[] {6}\r\n\xe4\0{9}\n)\r\n* OK \0\r\n";
        let seen = through(sent).await;
        assert_eq!(seen, b"* OK [UIDVALIDITY 5]?\r\n* 1 FETCH (BODY[] {6}\r\n\xe4\0{9}\n)\r\n* OK ?\r\n");
    }

    #[tokio::test]
    async fn a_literal_above_the_limit_is_refused_before_it_is_allocated() {
        for announced in ["1001", "500000000", "99999999999999999999999999"] {
            let (near, mut far) = tokio::io::duplex(1 << 16);
            let mut guard = Guard::new(Box::new(near), Duration::from_mins(1), 1000);
            far.write_all(format!("* 1 FETCH (BODY[] {{{announced}}}\r\nabc").as_bytes()).await.unwrap();
            let error = guard.read(&mut [0; 100]).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        }
    }

    #[tokio::test]
    async fn a_line_without_end_is_refused() {
        let (near, mut far) = tokio::io::duplex(1 << 16);
        let mut guard = Guard::new(Box::new(near), Duration::from_mins(1), 1000);
        let send = async move { while far.write_all(&[b'x'; 4096]).await.is_ok() {} };
        let read = async move {
            let mut buffer = vec![0; 1 << 16];
            loop {
                match guard.read(&mut buffer).await {
                    Ok(read) => assert!(read > 0),
                    Err(error) => break error.kind(),
                }
            }
        };
        assert_eq!(tokio::join!(read, send).0, io::ErrorKind::FileTooLarge);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_an_error_but_slow_progress_is_not() {
        let (near, mut far) = tokio::io::duplex(1 << 16);
        let mut guard = Guard::new(Box::new(near), Duration::from_mins(1), 1000);
        let slow = async {
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_secs(50)).await;
                far.write_all(b"x").await.unwrap();
            }
        };
        let mut five = [0; 5];
        let (read, ()) = tokio::join!(guard.read_exact(&mut five), slow);
        assert_eq!(read.unwrap(), 5);
        assert_eq!(guard.read(&mut five).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
