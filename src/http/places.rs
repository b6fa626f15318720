//! How many connections are open at the same time, and how many of them from one address.
//!
//! Counts connections only; what a slow one may do is limited where it is read and written.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

use crate::config::value::Network;
use crate::http::client;

/// One address may have this part of all places, so that it alone cannot keep everybody out.
const PART: usize = 2;

/// How many places each address has.
type Taken = Arc<Mutex<HashMap<String, usize>>>;

/// The places for connections.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    free: Arc<Semaphore>,
    taken: Taken,
    most_of_one: usize,
}

/// One place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    /// None for a trusted proxy, behind which are many.
    counted: Option<(String, Taken)>,
    _permit: OwnedSemaphorePermit,
}

impl Places {
    pub(crate) fn new(most: usize) -> Self {
        let most = most.min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(most)), taken: Arc::default(), most_of_one: most.div_ceil(PART) }
    }

    /// Waits until any place is free.
    pub(crate) async fn free(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    /// Gives the place to a peer, unless it has too many.
    pub(crate) fn take(
        &self,
        permit: OwnedSemaphorePermit,
        peer: IpAddr,
        trusted: &[Network],
    ) -> Option<Place> {
        let peer = peer.to_canonical();
        if trusted.iter().any(|network| network.contains(peer)) {
            return Some(Place { counted: None, _permit: permit });
        }
        let origin = client::origin(peer);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(origin.clone()).or_default();
        if *count >= self.most_of_one {
            return None;
        }
        *count += 1;
        Some(Place { counted: Some((origin, Arc::clone(&self.taken))), _permit: permit })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((origin, taken)) = &self.counted else { return };
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(origin) {
            *count -= 1;
            if *count == 0 {
                taken.remove(origin);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_address_has_half_of_the_places_and_gets_them_back() {
        let places = Places::new(4);
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        let take = async |peer: &str| {
            let permit = places.free().await.unwrap();
            places.take(permit, peer.parse().unwrap(), &trusted)
        };
        let one = take("192.0.2.1").await;
        let two = take("::ffff:192.0.2.1").await;
        assert!(one.is_some() && two.is_some() && take("192.0.2.1").await.is_none());
        drop(one);
        let three = take("192.0.2.1").await;
        assert!(three.is_some());
        // A trusted proxy speaks for many.
        assert!(take("10.0.0.1").await.is_some());
        drop((two, three));
        assert!(places.taken.lock().unwrap().is_empty());
        assert_eq!(places.free.available_permits(), 4);
    }
}
