//! What an agent asks the desk in a mail that opens no ticket: `#list [QUERY]`, `#search WORDS`,
//! `#show NUMBER`; and that what it
//! told them of as spam is none: `#nospam`.
//!
//! Reads the lines only; what is there to be told is for `desk`.

use crate::ticket::id::InboxId;
use crate::ticket::id::TicketId;
use crate::ticket::query::Query;
use crate::ticket::words::sought::Sought;
use crate::ticket::words::sought::Unsearchable;

/// More are no questions but a mistake; each looks through the tickets.
const MOST: usize = 5;
/// Mails that one line takes back.
const MOST_MESSAGES: usize = 50;
/// Longest part of a line that is repeated to its author.
const LONGEST_ECHO: usize = 80;

/// One thing that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    List(Query),
    Search(Sought),
    Show(TicketId),
    NoSpam(Taken),
}

/// What is taken back of a judgement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The mails that are to be handled again.
    pub messages: Vec<InboxId>,
    /// Whose mail is not ignored any more.
    pub address: Option<String>,
}

/// One line, and what it asks or why it cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub line: String,
    pub asks: Result<Question, String>,
}

/// The questions at the top of a text; none for a text that does not begin with one. What stands below them is not
/// read: most often it is a signature.
pub fn read(text: &str) -> Vec<Asked> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map_while(asked).take(MOST).collect()
}

fn asked(line: &str) -> Option<Asked> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let asks = match word.to_lowercase().as_str() {
        "#list" => rest.parse().map(Question::List).map_err(|mistake| mistake.to_string()),
        "#search" => rest.parse().map(Question::Search).map_err(|why: Unsearchable| why.to_string()),
        "#show" => rest.parse().map(Question::Show).map_err(|mistake| mistake.to_string()),
        "#nospam" => taken(rest).map(Question::NoSpam),
        _ => return None,
    };
    Some(Asked { line: line.chars().take(LONGEST_ECHO).collect(), asks })
}

fn taken(rest: &str) -> Result<Taken, String> {
    let mut taken = Taken::default();
    for word in rest.split_whitespace() {
        match word.parse() {
            Ok(id) if taken.messages.len() < MOST_MESSAGES => taken.messages.push(id),
            Ok(_) => return Err(format!("{MOST_MESSAGES} messages at most")),
            Err(_) if word.contains('@') && taken.address.is_none() => taken.address = Some(word.to_owned()),
            Err(_) => return Err(format!("`{word}` is no number of a message")),
        }
    }
    if taken == Taken::default() {
        return Err(
            "the numbers of the messages are missing, as the mail has them that told of it".to_owned()
        );
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_stand_at_the_top_one_a_line() {
        let list = |query: &str| Ok(Question::List(query.parse().unwrap()));
        let asks = |text: &str| read(text).into_iter().map(|asked| asked.asks).collect::<Vec<_>>();
        assert_eq!(asks("\n#list\n"), [list("")]);
        assert_eq!(asks("#Search on fire"), [Ok(Question::Search("on fire".parse().unwrap()))]);
        assert_eq!(asks("#LIST is:open owner:me \r\n\r\n--\r\nAlex"), [list("is:open owner:me")]);
        let both = [Ok(Question::Show(TicketId(12))), list("fire")];
        assert_eq!(asks("#show [support-12]\n\n#list fire\nThanks\n#show 3"), both);
        let back = Taken { messages: vec![InboxId(4), InboxId(5)], address: Some("e@x.test".to_owned()) };
        assert_eq!(asks("#nospam 4 5 e@x.test"), [Ok(Question::NoSpam(back))]);
        for none in ["", "Hello\n#list", "#listing", "> #list", "#resolve\n#list"] {
            assert_eq!(asks(none), [], "{none}");
        }
        assert_eq!(asks(&"#show 1\n".repeat(9)).len(), MOST);
    }

    #[test]
    fn a_line_that_is_not_understood_is_said_with_the_reason() {
        for wrong in [
            "#nospam",
            "#nospam it",
            "#nospam 1 a@b c@d",
            "#search",
            "#show",
            "#show me",
            "#list is:burning",
            "#list owner:\"x",
        ] {
            let asked = read(wrong);
            assert!(matches!(asked[..], [Asked { asks: Err(_), .. }]), "{asked:?}");
            assert_eq!(asked[0].line, wrong);
        }
    }
}
