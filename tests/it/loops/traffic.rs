//! All mail that left a desk, minute by minute, and the caps that hold for it whatever happens.

use std::collections::HashMap;

use crate::support::story::Sent;
use crate::support::story::TestDesk;
use crate::support::story::minutes;

/// How long every story lasts.
pub const MINUTES: usize = 1000;
/// Windows in minutes, with the most mails to one address about one ticket, and about all.
const CAPS: [(usize, usize, usize); 5] =
    [(10, 10, 30), (30, 15, 60), (60, 25, 120), (180, 50, 240), (600, 100, 360)];

/// What left, and when.
#[derive(Debug, Default)]
pub struct Traffic {
    /// Minute, recipient, and the number in the subject.
    mails: Vec<(usize, String, String)>,
}

impl Traffic {
    /// Notes a mail that is not an agent's own words: those are held back by nothing.
    pub fn note(&mut self, minute: usize, sent: &Sent) {
        if sent.header("Auto-Submitted").is_none() {
            return;
        }
        let tag = sent.subject.split_once(']').map_or("", |(tag, _)| tag);
        self.mails.push((minute, sent.to.clone(), tag.to_owned()));
    }

    pub fn count(&self) -> usize {
        self.mails.len()
    }

    /// The minute in which the last mail left.
    pub fn last(&self) -> usize {
        self.mails.last().map_or(0, |mail| mail.0)
    }

    /// Fails where more than `most` left to one address.
    pub fn assert_capped_to(&self, address: &str, most: usize) {
        let count = self.mails.iter().filter(|(_, to, _)| to == address).count();
        assert!(count <= most + 1, "{count} mails to {address}");
    }

    /// Fails where more left than a cap allows, in any window.
    pub fn assert_capped(&self) {
        let mut all: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_ticket: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        for (minute, to, tag) in &self.mails {
            all.entry(to).or_default().push(*minute);
            by_ticket.entry((to, tag)).or_default().push(*minute);
        }
        for (window, most_of_ticket, most) in CAPS {
            for (pair, at) in &by_ticket {
                assert!(densest(at, window) <= most_of_ticket, "{pair:?} within {window} minutes");
            }
            for (to, at) in &all {
                assert!(densest(at, window) <= most, "{to} within {window} minutes");
            }
        }
    }
}

/// The most mails within any window of so many minutes.
fn densest(at: &[usize], window: usize) -> usize {
    (0..at.len())
        .map(|first| at[first..].iter().take_while(|&&m| m < at[first] + window).count())
        .max()
        .unwrap_or(0)
}

/// Plays all minutes: `answers` says what comes back for what left in the minute before.
pub async fn play(desk: &TestDesk, mut answers: impl AsyncFnMut(usize, &Sent) -> Vec<Vec<u8>>) -> Traffic {
    let mut traffic = Traffic::default();
    for minute in 0..MINUTES {
        let sent = desk.sent().await;
        for mail in sent.iter() {
            traffic.note(minute, mail);
            for answer in answers(minute, mail).await {
                desk.receive(answer).await;
            }
        }
        desk.advance(minutes(1));
    }
    traffic
}
