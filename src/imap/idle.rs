//! Waiting for news (IDLE, RFC 2177).
//!
//! Fetches nothing; whoever waits searches afterwards.

use std::future::Future;
use std::time::Duration;

use async_imap::imap_proto::RequestId;
use async_imap::imap_proto::Response;
use async_imap::imap_proto::Status;
use tokio::time::Instant;

use crate::crash;
use crate::imap::News;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::imap::next;

/// Why waiting ended. The session can be used on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdleEnd {
    /// Something arrived.
    News,
    /// `stop` came first.
    Stopped,
    /// Nothing arrived for the whole time.
    Elapsed,
}

/// What was read while waiting.
enum Heard {
    News,
    Nothing,
}

impl Session {
    pub(crate) fn can_idle(&self) -> bool {
        self.can("IDLE")
    }

    /// Waits until a message arrives, `stop` completes, or `span` is over.
    ///
    /// The server's signs of life do not prolong it. What arrived since the last search ends it at once.
    pub async fn idle(
        &mut self,
        span: Duration,
        stop: impl Future<Output = ()>,
    ) -> Result<IdleEnd, ImapError> {
        if self.news == News::Arrived {
            return Ok(IdleEnd::News);
        }
        let id = self.inner.run_command("IDLE").await?;
        if let Heard::News = self.begin_idle(&id).await? {
            return self.end_idle(&id, IdleEnd::News).await;
        }
        self.inner.get_mut().allow_silence(None);
        let end = self.wait(span, stop).await;
        self.inner.get_mut().allow_silence(Some(self.silence));
        self.end_idle(&id, end?).await
    }

    /// Reads on to the server's `+`.
    async fn begin_idle(&mut self, id: &RequestId) -> Result<Heard, ImapError> {
        let mut heard = Heard::Nothing;
        loop {
            let data = next(self.inner.read_response()).await.map_err(|error| self.ended(error))?;
            match data.parsed() {
                Response::Continue(_) => return Ok(heard),
                Response::Data { status: Status::Bye, .. } => return Err(self.ended(ImapError::Closed)),
                Response::Done { tag, status, outcome } if tag == id => {
                    super::verdict(status, outcome).map_err(|text| self.refused(&text))?;
                    return Err(ImapError::Protocol("it ended IDLE before it began"));
                }
                response if super::is_news(response) => heard = Heard::News,
                _ => {}
            }
        }
    }

    async fn wait(&mut self, span: Duration, stop: impl Future<Output = ()>) -> Result<IdleEnd, ImapError> {
        let deadline = Instant::now() + span;
        tokio::pin!(stop);
        loop {
            let data = tokio::select! {
                read = next(self.inner.read_response()) => read.map_err(|error| self.ended(error))?,
                () = &mut stop => return Ok(IdleEnd::Stopped),
                () = tokio::time::sleep_until(deadline) => return Ok(IdleEnd::Elapsed),
            };
            match data.parsed() {
                Response::Data { status: Status::Bye, .. } => return Err(self.ended(ImapError::Closed)),
                Response::Done { .. } => return Err(ImapError::Protocol("it ended IDLE by itself")),
                response if super::is_news(response) => return Ok(IdleEnd::News),
                _ => {}
            }
        }
    }

    async fn end_idle(&mut self, id: &RequestId, end: IdleEnd) -> Result<IdleEnd, ImapError> {
        self.inner.run_command_untagged("DONE").await?;
        let silence = self.silence;
        let finish = async {
            let mut end = end;
            loop {
                let data = next(self.inner.read_response()).await.map_err(|error| self.ended(error))?;
                match data.parsed() {
                    Response::Done { tag, .. } if tag == id => return Ok(end),
                    Response::Data { status: Status::Bye, .. } => return Err(self.ended(ImapError::Closed)),
                    response if super::is_news(response) => end = IdleEnd::News,
                    _ => {}
                }
            }
        };
        let end = tokio::time::timeout(silence, finish).await.unwrap_or(Err(ImapError::Timeout))?;
        crash::point("imap-idle-answered");
        if end == IdleEnd::News {
            self.news = News::Arrived;
        }
        Ok(end)
    }
}
