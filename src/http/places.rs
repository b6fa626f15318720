//! How many connections are open at the same time, and who gives way when there are too many.
//!
//! A connection whose request is being answered keeps its place. One that is idle, has sent half a head or half a
//! body, or takes its answer slowly is closed for a new one: its network's first that has the most of them.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::config::value::Network;
use crate::http::client;

/// One network may have this part of all places, so that it alone cannot keep everybody out.
const PART: usize = 2;

/// The places for connections.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    most: usize,
    open: Arc<Mutex<Open>>,
    /// Told when a place may be had again.
    freed: Arc<Notify>,
}

/// The connections that are open, oldest first.
#[derive(Debug, Default)]
struct Open {
    connections: BTreeMap<u64, Connection>,
    next: u64,
}

#[derive(Debug)]
struct Connection {
    /// None for a trusted proxy, behind which are many.
    network: Option<String>,
    is_answered: bool,
    end: CancellationToken,
}

/// One place, until it is dropped or given to another connection.
#[derive(Debug)]
pub(crate) struct Place {
    number: u64,
    places: Places,
    end: CancellationToken,
}

/// Why a connection gets no place at once.
enum Refusal {
    /// Its network has its part, all of it at work.
    Part,
    /// All are at work.
    Full,
}

impl Places {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, open: Arc::default(), freed: Arc::default() }
    }

    /// Gives a place to a peer, when there is one; none for a network that has its part and works with all of it.
    pub(crate) async fn take(&self, peer: IpAddr, trusted: &[Network]) -> Option<Place> {
        let peer = peer.to_canonical();
        let is_trusted = trusted.iter().any(|network| network.contains(peer));
        let network = (!is_trusted).then(|| client::network(peer));
        loop {
            let freed = self.freed.notified();
            match self.try_take(network.as_deref()) {
                Ok(place) => return Some(place),
                Err(Refusal::Part) => return None,
                Err(Refusal::Full) => freed.await,
            }
        }
    }

    fn try_take(&self, network: Option<&str>) -> Result<Place, Refusal> {
        let mut open = self.open();
        if network.is_some() && open.count(network) >= self.most.div_ceil(PART) {
            let first = open.first_of(network).ok_or(Refusal::Part)?;
            open.close(first);
        }
        if open.connections.len() >= self.most {
            let first = open.first_of_most().ok_or(Refusal::Full)?;
            open.close(first);
        }
        let (number, end) = (open.next, CancellationToken::new());
        open.next += 1;
        let network = network.map(str::to_owned);
        open.connections.insert(number, Connection { network, is_answered: false, end: end.clone() });
        Ok(Place { number, places: self.clone(), end })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn count(&self, network: Option<&str>) -> usize {
        self.connections.values().filter(|connection| connection.network.as_deref() == network).count()
    }

    /// The oldest of a network that can be closed.
    fn first_of(&self, network: Option<&str>) -> Option<u64> {
        let can_go =
            |connection: &Connection| !connection.is_answered && connection.network.as_deref() == network;
        self.connections.iter().find(|(_, connection)| can_go(connection)).map(|(number, _)| *number)
    }

    /// The oldest that can be closed of the network that has the most of them; a trusted proxy's last of all.
    fn first_of_most(&self) -> Option<u64> {
        let mut counts: HashMap<Option<&str>, usize> = HashMap::new();
        for connection in self.connections.values().filter(|connection| !connection.is_answered) {
            *counts.entry(connection.network.as_deref()).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(network, count)| (network.is_some(), *count))?;
        self.first_of(most.0)
    }

    fn close(&mut self, number: u64) {
        if let Some(connection) = self.connections.remove(&number) {
            connection.end.cancel();
        }
    }
}

impl Place {
    /// Ends when the place went to another connection.
    pub(crate) async fn lost(&self) {
        self.end.cancelled().await;
    }

    /// From now on the request is at work, and the connection stays.
    pub(crate) fn set_answered(&self, is_answered: bool) {
        if let Some(connection) = self.places.open().connections.get_mut(&self.number) {
            connection.is_answered = is_answered;
        }
        if !is_answered {
            self.places.freed.notify_waiters();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.open().connections.remove(&self.number);
        self.places.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    /// What becomes of a peer at once.
    enum Fate {
        Taken(Place),
        Refused,
        Waits,
    }

    fn take(places: &Places, peer: &str) -> Fate {
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        match places.take(peer.parse().unwrap(), &trusted).now_or_never() {
            Some(Some(place)) => Fate::Taken(place),
            Some(None) => Fate::Refused,
            None => Fate::Waits,
        }
    }

    fn idle(places: &Places, peer: &str) -> Place {
        let Fate::Taken(place) = take(places, peer) else { panic!("there is no place") };
        place
    }

    fn at_work(places: &Places, peer: &str) -> Place {
        let place = idle(places, peer);
        place.set_answered(true);
        place
    }

    fn is_lost(place: &Place) -> bool {
        place.lost().now_or_never().is_some()
    }

    #[test]
    fn one_network_has_half_of_the_places_and_gets_them_back() {
        let places = Places::new(4);
        let one = at_work(&places, "2001:db8:1:2::1");
        let two = at_work(&places, "2001:db8:1:3::1");
        assert!(matches!(take(&places, "2001:db8:1:4::1"), Fate::Refused));
        drop(one);
        let three = at_work(&places, "2001:db8:1:4::1");
        // A trusted proxy speaks for many.
        let proxied = [at_work(&places, "10.0.0.1"), at_work(&places, "10.0.0.1")];
        assert!(matches!(take(&places, "192.0.2.7"), Fate::Waits), "all are at work");
        drop((two, three, proxied));
        assert!(places.open().connections.is_empty());
    }

    #[test]
    fn the_first_of_whoever_has_most_gives_way() {
        let places = Places::new(4);
        let idle = |peer: &str| idle(&places, peer);
        let (first, second) = (idle("192.0.2.1"), idle("192.0.2.1"));
        let (other, busy) = (idle("192.0.2.2"), at_work(&places, "192.0.2.3"));
        let new = idle("192.0.2.4");
        assert!(is_lost(&first) && !is_lost(&second));
        drop(first);
        // Of its own when it has its part, and never one that is at work.
        let (again, last) = (idle("192.0.2.2"), idle("192.0.2.2"));
        assert!(is_lost(&other) || is_lost(&second));
        assert!(!is_lost(&busy) && !is_lost(&last));
        drop((second, other, new, again, last, busy));
        assert!(places.open().connections.is_empty());
    }

    #[tokio::test]
    async fn who_waits_gets_the_next_place_that_is_free() {
        let places = Places::new(2);
        let (one, _two) = (at_work(&places, "192.0.2.1"), at_work(&places, "192.0.2.2"));
        let own = places.clone();
        let waits = async move { own.take("192.0.2.3".parse().unwrap(), &[]).await };
        let (place, ()) = tokio::join!(waits, async { one.set_answered(false) });
        assert!(place.is_some() && is_lost(&one));
    }
}
