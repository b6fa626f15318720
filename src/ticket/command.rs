//! What an agent asks for in lines such as `#resolve` at the very top of his mail.
//!
//! Reads them only: whether he may, and whether what he names exists, is found out by `desk`.

use crate::ticket::priority::Priority;
use crate::ticket::until::Until;

/// More lines than these are no orders but a mistake.
const MOST: usize = 30;
/// Longest part of a line that is repeated to its author.
const LONGEST_ECHO: usize = 80;

/// Stands before what nobody sees who reads the mail, so that a line of it is no command.
pub(crate) const UNSEEN: &str = "[hidden] ";
/// Stands before what only the HTML of a mail has, where its text is read: it was meant, and is not done.
pub(crate) const HTML_ONLY: &str = "[HTML] ";

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Resolve,
    Close,
    Reopen,
    /// Until somebody says otherwise, or until then.
    Hold(Option<Until>),
    Unhold,
    /// This message is for agents only.
    Note,
    /// What was kept as a draft goes out now.
    Send,
    /// With `Note`: the partner of a shared ticket gets it too.
    Partner,
    Assign(Assignee),
    Priority(Priority),
    /// A queue's slug.
    Queue(String),
    /// An address.
    Cc(String),
    Tag(String),
    /// The entry that is answered goes to this address, with the text below.
    Forward(String),
    /// The text of a saved reply, by its name; what stands below it follows.
    Reply(String),
    /// The ticket is spam; its sender's later mail too, if that is said.
    Spam {
        ignore: bool,
    },
    /// In the answer to a warning: what it warned of is done.
    Confirm,
    /// What came in a customer's name, or from somebody outside, becomes part of the conversation.
    Accept,
}

/// Who is to have a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignee {
    Me,
    Nobody,
    /// A user name or an address.
    User(String),
}

/// One line, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub line: String,
    pub asks: Result<Command, Mistake>,
}

/// What a command lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Needed {
    #[error("a user name, `me` or `nobody`")]
    User,
    #[error("a number from 1 to 5")]
    Number,
    #[error("a queue's short name")]
    Queue,
    #[error("an address")]
    Address,
    #[error("a word")]
    Word,
}

/// Why a line cannot be carried out, whatever the ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    #[error("there is no such command")]
    Unknown,
    #[error("it takes nothing behind it; the text goes below")]
    Superfluous,
    #[error("it needs {0} behind it")]
    Missing(Needed),
    #[error("a priority is a number from 1 to 5")]
    Priority,
    #[error("it needs a time such as 2026-12-24, 3d or mon 9:00 behind it")]
    Time,
    #[error("it takes one address only")]
    Addresses,
    #[error("it contradicts a line above")]
    Contradiction,
    #[error("it goes with #note only")]
    WithoutNote,
    #[error("there are too many commands")]
    TooMany,
    #[error("whoever reads the mail does not see it")]
    Unseen,
    #[error("only the HTML of the mail has it, not its text")]
    HtmlOnly,
}

/// A text, parted into the orders above it and what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orders {
    pub orders: Vec<Order>,
    pub text: String,
}

/// Parts the command lines at the top from the text below. The first other line ends them; empty lines do not.
pub fn read(text: &str) -> Orders {
    let mut orders: Vec<Order> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
        let bare = bare(line);
        if !bare.is_empty() {
            let Some(asks) = asked(&bare) else { break };
            let asks = if orders.len() < MOST { asks } else { Err(Mistake::TooMany) };
            if orders.len() <= MOST {
                orders.push(Order { line: echo(&bare), asks });
            }
        }
        rest = below;
    }
    refuse_contradictions(&mut orders);
    Orders { orders, text: rest.trim_matches(['\n', '\r']).trim_end().to_owned() }
}

/// Whether a line asks for something, and for what.
fn asked(bare: &str) -> Option<Result<Command, Mistake>> {
    for (mark, mistake) in [(UNSEEN, Mistake::Unseen), (HTML_ONLY, Mistake::HtmlOnly)] {
        if let Some(marked) = bare.strip_prefix(mark) {
            return asked(marked.trim_start()).map(|_| Err(mistake));
        }
    }
    let rest = bare.strip_prefix('#')?;
    let (word, argument) = rest.trim_start().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let name = word.trim_end_matches([':', '.', ',', ';', '!']).to_lowercase();
    if !name.starts_with(char::is_alphabetic) {
        return None;
    }
    let command = command(&name, argument.trim());
    // `# Words` is a heading, unless the first of them is one of ours.
    if rest.starts_with(char::is_whitespace) && command == Err(Mistake::Unknown) {
        return None;
    }
    Some(command)
}

fn command(name: &str, argument: &str) -> Result<Command, Mistake> {
    let plain = match name {
        "resolve" => Command::Resolve,
        "close" => Command::Close,
        "reopen" => Command::Reopen,
        "unhold" => Command::Unhold,
        "note" => Command::Note,
        "send" => Command::Send,
        "partner" => Command::Partner,
        "confirm" => Command::Confirm,
        "accept" => Command::Accept,
        _ => return with_argument(name, argument),
    };
    if argument.is_empty() { Ok(plain) } else { Err(Mistake::Superfluous) }
}

fn with_argument(name: &str, argument: &str) -> Result<Command, Mistake> {
    let one_word = |what| match argument.split_whitespace().count() {
        0 => Err(Mistake::Missing(what)),
        1 => Ok(argument.to_owned()),
        _ => Err(Mistake::Superfluous),
    };
    Ok(match name {
        "assign" if argument.contains('@') => Command::Assign(Assignee::User(address(argument)?)),
        "assign" => Command::Assign(match one_word(Needed::User)? {
            word if word.eq_ignore_ascii_case("me") => Assignee::Me,
            word if word.eq_ignore_ascii_case("nobody") => Assignee::Nobody,
            word => Assignee::User(word),
        }),
        "priority" => {
            let number: i64 = one_word(Needed::Number)?.parse().map_err(|_| Mistake::Priority)?;
            Command::Priority(Priority::try_from(number).map_err(|_| Mistake::Priority)?)
        }
        "queue" => Command::Queue(one_word(Needed::Queue)?.to_lowercase()),
        "cc" => Command::Cc(address(argument)?),
        "forward" => Command::Forward(address(argument)?),
        "hold" if argument.is_empty() => Command::Hold(None),
        "hold" => {
            let until = argument.strip_prefix("until ").unwrap_or(argument);
            Command::Hold(Some(Until::parse(until).map_err(|_| Mistake::Time)?))
        }
        "tag" => Command::Tag(one_word(Needed::Word)?),
        "spam" if argument.is_empty() => Command::Spam { ignore: false },
        "spam" if argument.eq_ignore_ascii_case("ignore") => Command::Spam { ignore: true },
        "spam" => return Err(Mistake::Superfluous),
        "reply" => Command::Reply(one_word(Needed::Word)?),
        _ => return Err(Mistake::Unknown),
    })
}

/// The one address in `a@b`, `Ann <a@b>`, `<mailto:a@b>` or `a@b<mailto:a@b>`.
fn address(argument: &str) -> Result<String, Mistake> {
    let parts = argument.split(|c: char| c.is_whitespace() || "<>[](),;\"".contains(c));
    let mut found: Vec<&str> = Vec::new();
    for part in parts.filter(|part| part.contains('@')) {
        let part = part.strip_prefix("mailto:").unwrap_or(part);
        if !found.iter().any(|known| known.eq_ignore_ascii_case(part)) {
            found.push(part);
        }
    }
    match found[..] {
        [one] => Ok(one.to_owned()),
        [] => Err(Mistake::Missing(Needed::Address)),
        _ => Err(Mistake::Addresses),
    }
}

fn refuse_contradictions(orders: &mut [Order]) {
    for at in 0..orders.len() {
        let (above, rest) = orders.split_at_mut(at);
        let Ok(command) = &rest[0].asks else { continue };
        let mut others = above.iter().filter_map(|order| order.asks.as_ref().ok());
        if others.any(|other| contradict(command, other)) {
            rest[0].asks = Err(Mistake::Contradiction);
        }
    }
    if !orders.iter().any(|order| order.asks == Ok(Command::Note)) {
        for order in orders.iter_mut().filter(|order| order.asks == Ok(Command::Partner)) {
            order.asks = Err(Mistake::WithoutNote);
        }
    }
}

/// Whether two orders cannot both be meant. One that is repeated can.
fn contradict(a: &Command, b: &Command) -> bool {
    let ends = |command: &Command| matches!(command, Command::Resolve | Command::Close);
    let status = |command: &Command| ends(command) || *command == Command::Reopen;
    let holds = |command: &Command| matches!(command, Command::Hold(_) | Command::Unhold);
    match (a, b) {
        (Command::Assign(a), Command::Assign(b)) => a != b,
        (Command::Priority(a), Command::Priority(b)) => a != b,
        (Command::Queue(a), Command::Queue(b))
        | (Command::Reply(a), Command::Reply(b))
        | (Command::Forward(a), Command::Forward(b)) => a != b,
        // What stands below `#send` is not the answer, and what stands below `#forward` is for the third party alone.
        (Command::Reply(_), Command::Send)
        | (Command::Send, Command::Reply(_))
        | (Command::Forward(_), Command::Reply(_) | Command::Send | Command::Partner)
        | (Command::Reply(_) | Command::Send | Command::Partner, Command::Forward(_)) => true,
        _ if status(a) && status(b) || holds(a) && holds(b) => a != b,
        (Command::Hold(_), other) | (other, Command::Hold(_)) => ends(other),
        _ => false,
    }
}

/// A line without what only decorates it or cannot be seen.
fn bare(line: &str) -> String {
    let seen = |c: &char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}');
    let line: String = line.chars().filter(seen).collect();
    let line = line.trim().trim_matches('*').trim();
    // The full-width sign of an East Asian keyboard, and one that a converter escaped.
    let line = line.strip_prefix('\\').unwrap_or(line);
    match line.strip_prefix('＃') {
        Some(rest) => format!("#{rest}"),
        None => line.to_owned(),
    }
}

fn echo(line: &str) -> String {
    let mut shown: String = line.chars().take(LONGEST_ECHO).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests;
