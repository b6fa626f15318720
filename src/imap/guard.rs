//! A watch on the bytes that a mail server sends: no endless silence, no boundless size, no text that the parser
//! does not bear.
//!
//! The IMAP parser allocates whatever size a server announces, waits for ever, and fails at what real servers say
//! outside of literals. The content of literals, which is the mail, passes unchanged.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::time::Instant;
use tokio::time::Sleep;

use crate::imap::tidy::Tidy;
use crate::tls::Io;

/// Bytes that are read at once.
const PIECE: usize = 16 * 1024;

/// The watched connection.
#[derive(Debug)]
pub(crate) struct Guard {
    stream: Box<dyn Io>,
    silence: Option<Duration>,
    alarm: Option<Pin<Box<Sleep>>>,
    tidy: Tidy,
    /// Tidied, and not yet asked for from `given` on.
    ready: Vec<u8>,
    given: usize,
    heard: Heard,
}

/// What a server said on the way that the library does not hand on. The clones share it.
#[derive(Clone, Debug, Default)]
pub struct Heard(Arc<Mutex<Said>>);

#[derive(Debug, Default)]
struct Said {
    farewell: Option<String>,
    capabilities: Option<Vec<String>>,
}

impl Heard {
    /// The words with which it ended the connection.
    pub fn farewell(&self) -> Option<String> {
        self.words().farewell.clone()
    }

    /// What it can, in upper case; nothing where it never said.
    pub fn capabilities(&self) -> Option<Vec<String>> {
        self.words().capabilities.clone()
    }

    fn listen(&self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let upper = line.to_ascii_uppercase();
        if upper.starts_with("* BYE") {
            self.words().farewell = Some(line[5..].trim().to_owned()).filter(|words| !words.is_empty());
        }
        let listed = upper.strip_prefix("* CAPABILITY ");
        let coded = || Some(upper.split_once("[CAPABILITY ")?.1.split_once(']')?.0);
        if let Some(list) = listed.or_else(coded) {
            self.words().capabilities = Some(list.split(' ').map(str::to_owned).collect());
        }
    }

    fn words(&self) -> std::sync::MutexGuard<'_, Said> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guard {
    pub fn new(stream: Box<dyn Io>, silence: Duration, largest_literal: u64) -> Self {
        Self {
            stream,
            silence: Some(silence),
            alarm: None,
            tidy: Tidy::new(largest_literal),
            ready: Vec::new(),
            given: 0,
            heard: Heard::default(),
        }
    }

    /// The connection itself, to be encrypted.
    pub fn into_inner(self) -> Box<dyn Io> {
        self.stream
    }

    pub fn heard(&self) -> Heard {
        self.heard.clone()
    }

    /// How long the other side may be silent; `None` while waiting for news.
    pub(crate) fn allow_silence(&mut self, silence: Option<Duration>) {
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

    /// Gives what is ready, as much as there is room for.
    fn give(&mut self, buf: &mut ReadBuf<'_>) {
        let length = buf.remaining().min(self.ready.len() - self.given);
        buf.put_slice(&self.ready[self.given..self.given + length]);
        self.given += length;
        if self.given == self.ready.len() {
            self.ready.clear();
            self.given = 0;
        }
    }
}

impl AsyncRead for Guard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let guard = &mut *self;
        let mut bytes = [0; PIECE];
        loop {
            if !guard.ready.is_empty() {
                guard.give(buf);
                return Poll::Ready(Ok(()));
            }
            let mut piece = ReadBuf::new(&mut bytes);
            match Pin::new(&mut guard.stream).poll_read(cx, &mut piece) {
                Poll::Pending => return guard.stalled(cx),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Ready(Ok(())) if piece.filled().is_empty() => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(())) => {
                    guard.alarm = None;
                    let heard = guard.heard.clone();
                    guard.tidy.feed(piece.filled(), &mut guard.ready, |line| heard.listen(line))?;
                }
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
            far.write_all(b"\n").await.unwrap();
        };
        let mut seven = [0; 7];
        let (read, ()) = tokio::join!(guard.read_exact(&mut seven), slow);
        assert_eq!((read.unwrap(), &seven), (7, b"xxxxx\r\n"));
        assert_eq!(guard.read(&mut seven).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
