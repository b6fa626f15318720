//! What was heard on a ticket, told anew from its conversation: who waits, and for whom.

use crate::clock::Timestamp;
use crate::ticket::preview;

/// What somebody told everybody.
#[derive(Clone, Debug)]
pub struct Word {
    pub by_customer: bool,
    /// A ticket was opened or reopened with it: then it is a request, whoever wrote it down.
    pub begins: bool,
    pub at: Timestamp,
    pub text: String,
}

/// What a ticket keeps of all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub waiting_since: Option<Timestamp>,
    pub customer_at: Option<Timestamp>,
    pub preview: String,
}

impl Heard {
    /// From everything that was said, oldest first.
    pub fn of(words: &[Word]) -> Self {
        let mut heard = Self::default();
        for word in words {
            if !word.text.trim().is_empty() {
                heard.preview = preview(&word.text);
            }
            if word.by_customer {
                heard.customer_at = Some(word.at);
            }
            let asks = word.by_customer || word.begins;
            heard.waiting_since = heard.waiting_since.or(Some(word.at)).filter(|_| asks);
        }
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(by_customer: bool, at: i64, text: &str) -> Word {
        Word { by_customer, begins: false, at: Timestamp(at), text: text.to_owned() }
    }

    #[test]
    fn a_customer_waits_from_their_first_word_that_nobody_answered() {
        let opened = Word { begins: true, ..word(false, 1, "It burns.") };
        let said = |words: &[Word]| {
            let heard = Heard::of(words);
            (heard.waiting_since, heard.customer_at, heard.preview)
        };
        assert_eq!(said(&[]), (None, None, String::new()));
        assert_eq!(said(std::slice::from_ref(&opened)), (Some(Timestamp(1)), None, "It burns.".to_owned()));
        let answered = [opened, word(false, 2, "Use sand.")];
        assert_eq!(said(&answered), (None, None, "Use sand.".to_owned()));
        let again = [word(false, 2, "Use sand."), word(true, 3, "No."), word(true, 4, " ")];
        assert_eq!(said(&again), (Some(Timestamp(3)), Some(Timestamp(4)), "No.".to_owned()));
    }
}
