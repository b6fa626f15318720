//! Reading request bodies: bounded in size, in time, and in the memory that all of them take together.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::body::BodyDataStream;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header;
use futures_util::StreamExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::http::error::ApiError;

/// A body up to this size takes nothing from the budget: most calls are small, and must not wait for large ones.
const SMALL: u64 = 64 * 1024;
/// What the large bodies of all calls may take together, at least.
const SMALLEST_BUDGET: u64 = 64 << 20;
const UNIT: u64 = 1024;
/// The longest pause of a sender.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How much of a body that is too large is taken in and thrown away, in multiples of the limit: a client reads
/// the answer only once it has sent its request.
const DISCARDED: u64 = 4;

/// The memory that is left for large bodies.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    units: Arc<Semaphore>,
    limit: u64,
}

/// A body, and its share of the budget until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Received {
    bytes: Vec<u8>,
    size: usize,
    share: Option<OwnedSemaphorePermit>,
}

impl Received {
    /// Bytes that arrived, whoever has them now.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

impl Budget {
    /// For bodies of at most `limit` bytes each.
    pub(crate) fn new(limit: u64) -> Self {
        let units = (2 * limit).max(SMALLEST_BUDGET) / UNIT + 1;
        let units = usize::try_from(units).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Self { units: Arc::new(Semaphore::new(units)), limit }
    }

    /// Reads a body that arrives whole within `patience` and never stops for long.
    pub(crate) async fn read(
        &self,
        headers: &HeaderMap,
        body: Body,
        patience: Duration,
    ) -> Result<Received, ApiError> {
        let deadline = Instant::now() + patience;
        tokio::time::timeout_at(deadline, self.collect(headers, body)).await.unwrap_or(Err(ApiError::Slow))
    }

    /// Takes in a body that nobody wants, so that its sender gets to read the answer.
    pub(crate) async fn skip(&self, body: Body) {
        self.discard(&mut body.into_data_stream()).await;
    }

    async fn collect(&self, headers: &HeaderMap, body: Body) -> Result<Received, ApiError> {
        let mut stream = body.into_data_stream();
        let declared = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse::<u64>().ok());
        if declared.is_some_and(|length| length > self.limit) {
            // A client that asks first (RFC 9110 §10.1.1) is told before it sends anything.
            if !headers.contains_key(header::EXPECT) {
                self.discard(&mut stream).await;
            }
            return Err(ApiError::TooLarge);
        }
        let mut received = Received::default();
        while let Some(piece) = next(&mut stream).await? {
            let length = (received.bytes.len() + piece.len()) as u64;
            if length > self.limit {
                received.bytes = Vec::new();
                self.discard(&mut stream).await;
                return Err(ApiError::TooLarge);
            }
            if length > SMALL && received.share.is_none() {
                received.share = self.share(declared.unwrap_or(self.limit)).await;
                // Growing step by step would take up to twice as much.
                let rest = declared.unwrap_or_default().saturating_sub(received.bytes.len() as u64);
                received.bytes.reserve_exact(usize::try_from(rest).unwrap_or_default());
            }
            received.bytes.extend_from_slice(&piece);
        }
        received.size = received.bytes.len();
        Ok(received)
    }

    /// Takes the whole share at once: two bodies that each wait for the other's second half would wait for ever.
    async fn share(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let units = u32::try_from(bytes.min(self.limit) / UNIT + 1).unwrap_or(u32::MAX);
        Arc::clone(&self.units).acquire_many_owned(units).await.ok()
    }

    async fn discard(&self, stream: &mut BodyDataStream) {
        let mut left = self.limit.saturating_mul(DISCARDED);
        while let Ok(Some(piece)) = next(stream).await {
            left = left.saturating_sub(piece.len() as u64);
            if left == 0 {
                return;
            }
        }
    }
}

/// The next piece, none at the end.
async fn next(stream: &mut BodyDataStream) -> Result<Option<Bytes>, ApiError> {
    match tokio::time::timeout(LONGEST_PAUSE, stream.next()).await {
        Ok(Some(Ok(piece))) => Ok(Some(piece)),
        Ok(None) => Ok(None),
        // The client hung up, or its chunks are malformed.
        Ok(Some(Err(_))) => Err(ApiError::invalid("The request body is broken")),
        Err(_) => Err(ApiError::Slow),
    }
}
