//! Reading a query, and saying at which character it is wrong.

use std::str::FromStr;

use crate::ticket::priority::Priority;
use crate::ticket::query::Owner;
use crate::ticket::query::Query;
use crate::ticket::query::Sense;
use crate::ticket::query::State;
use crate::ticket::query::Term;
use crate::ticket::query::Test;
use crate::ticket::query::day::Day;
use crate::ticket::query::is_space;
use crate::ticket::query::key_of;
use crate::ticket::query::mistake::KEYS;
use crate::ticket::query::mistake::LONGEST;
use crate::ticket::query::mistake::MOST;
use crate::ticket::query::mistake::Mistake;
use crate::ticket::query::mistake::Wrong;

impl FromStr for Query {
    type Err = Mistake;

    fn from_str(text: &str) -> Result<Self, Mistake> {
        let mut reader = Reader { chars: text.chars().collect(), at: 0 };
        if reader.chars.len() > LONGEST {
            return Err(Mistake { place: LONGEST + 1, wrong: Wrong::TooLong });
        }
        let mut terms = Vec::new();
        while reader.skip_spaces() {
            if terms.len() == MOST {
                return Err(reader.mistake(Wrong::TooMany));
            }
            terms.push(reader.term()?);
        }
        Ok(Self { terms })
    }
}

/// A value as it stands there.
struct Value {
    text: String,
    /// Where it begins.
    place: usize,
    form: Form,
}

#[derive(PartialEq, Eq)]
enum Form {
    Plain,
    Quoted,
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    /// Goes to the next term; false if there is none.
    fn skip_spaces(&mut self) -> bool {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
        self.peek().is_some()
    }

    fn term(&mut self) -> Result<Term, Mistake> {
        let mut sense = Sense::Wanted;
        if self.peek() == Some('-') {
            let minus = self.at;
            self.at += 1;
            sense = Sense::Excluded;
            if self.peek().is_none_or(|c| c == '-' || is_space(c)) {
                return Err(Mistake { place: minus + 1, wrong: Wrong::Minus });
            }
        }
        let test = match self.key()? {
            Some(key) => {
                let value = self.value()?;
                let place = value.place + 1;
                test(key, value).map_err(|wrong| Mistake { place, wrong })?
            }
            None => match self.value()? {
                Value { text, place, .. } if text.trim().is_empty() => {
                    return Err(Mistake { place: place + 1, wrong: Wrong::Nothing });
                }
                Value { text, .. } => Test::Word(text),
            },
        };
        Ok(Term { sense, test })
    }

    /// The key and its colon, if the term has one.
    fn key(&mut self) -> Result<Option<&'static str>, Mistake> {
        let rest: String = self.chars[self.at..].iter().take_while(|c| !is_space(**c)).collect();
        let Some(written) = key_of(&rest) else { return Ok(None) };
        let Some(key) = KEYS.into_iter().find(|key| key.eq_ignore_ascii_case(written)) else {
            return Err(self.mistake(Wrong::NoKey(written.to_owned())));
        };
        self.at += written.len() + 1;
        Ok(Some(key))
    }

    fn value(&mut self) -> Result<Value, Mistake> {
        let place = self.at;
        if self.peek() == Some('"') {
            return Ok(Value { text: self.quoted()?, place, form: Form::Quoted });
        }
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|c| !is_space(*c)) {
            if c == '"' {
                return Err(self.mistake(Wrong::QuoteInside));
            }
            text.push(c);
            self.at += 1;
        }
        Ok(Value { text, place, form: Form::Plain })
    }

    fn quoted(&mut self) -> Result<String, Mistake> {
        let begin = self.at;
        let mut text = String::new();
        loop {
            self.at += 1;
            match self.peek() {
                None => return Err(Mistake { place: begin + 1, wrong: Wrong::Unclosed }),
                Some('"') => break,
                Some('\\') if matches!(self.chars.get(self.at + 1), Some('"' | '\\')) => {
                    self.at += 1;
                    text.extend(self.peek());
                }
                Some(c) => text.push(if c.is_control() { ' ' } else { c }),
            }
        }
        self.at += 1;
        if self.peek().is_some_and(|c| !is_space(c)) {
            return Err(self.mistake(Wrong::Glued));
        }
        Ok(text)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn mistake(&self, wrong: Wrong) -> Mistake {
        Mistake { place: self.at + 1, wrong }
    }
}

fn test(key: &'static str, value: Value) -> Result<Test, Wrong> {
    let Value { text, form, .. } = value;
    if text.trim().is_empty() {
        return Err(Wrong::NoValue(key));
    }
    Ok(match key {
        "is" => Test::Is(State::parse(&text).ok_or(Wrong::NoState(text))?),
        "owner" if form == Form::Plain && text.eq_ignore_ascii_case("me") => Test::Owner(Owner::Me),
        "owner" if form == Form::Plain && text.eq_ignore_ascii_case("nobody") => Test::Owner(Owner::Nobody),
        "owner" => Test::Owner(Owner::Named(text)),
        "from" => Test::From(text),
        "cc" => Test::Cc(text),
        "queue" => Test::Queue(text),
        "type" => Test::Type(text),
        "tag" => Test::Tag(text),
        "priority" => {
            let (from, to) = priorities(&text).ok_or(Wrong::NoPriority(text))?;
            Test::Priority(from, to)
        }
        "rating" => {
            let (from, to) = priorities(&text).ok_or(Wrong::NoRating(text))?;
            Test::Rating(from.number(), to.number())
        }
        "before" => Test::Before(Day::parse(&text).ok_or(Wrong::NoDay(text))?),
        "after" => Test::After(Day::parse(&text).ok_or(Wrong::NoDay(text))?),
        "has" if text.eq_ignore_ascii_case("file") => Test::HasFile,
        "has" => return Err(Wrong::NoThing(text)),
        _ => Test::Number(text.parse()?),
    })
}

/// One number from 1 to 5, or two.
fn priorities(text: &str) -> Option<(Priority, Priority)> {
    let one = |text: &str| {
        let digit = text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        digit.and_then(|number: i64| Priority::try_from(number).ok())
    };
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let (from, to) = (one(from)?, one(to)?);
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ticket::id::TicketId;
    use crate::ticket::query::day::Unit;
    use crate::ticket::query::mistake::STATES;

    fn read(text: &str) -> Query {
        text.parse().unwrap_or_else(|mistake| panic!("{text}: {mistake}"))
    }

    fn mistake(text: &str) -> String {
        text.parse::<Query>().expect_err(text).to_string()
    }

    #[test]
    fn every_filter_is_read_and_printed_in_one_spelling() {
        for (typed, printed) in [
            ("", ""),
            (" \t\n ", ""),
            ("is:open  IS:Held -is:shared", "is:open is:held -is:shared"),
            ("owner:me owner:NOBODY owner:alice", "owner:me owner:nobody owner:alice"),
            ("owner:\"me\" owner:\"Alice B\"", "owner:\"me\" owner:\"Alice B\""),
            ("from:ann@customer.test -cc:\"joe\"", "from:ann@customer.test -cc:joe"),
            ("queue:support type:Payment tag:a/b:c", "queue:support type:Payment tag:a/b:c"),
            ("priority:1-2 priority:3-3 -priority:5", "priority:1-2 priority:3 -priority:5"),
            ("rating:1-2 -rating:5-5", "rating:1-2 -rating:5"),
            ("before:2026-03-01 after:7d after:Today", "before:2026-03-01 after:7d after:today"),
            ("has:FILE number:#12 number:[support-12]", "has:file number:12 number:12"),
            ("printer \"on fire\" -smoke", "printer \"on fire\" -smoke"),
            ("\"Re: x\" \"-\" 12:30 c:\\x", "error"),
            ("\"Re: x\" \"-\" 12:30 ü:1", "\"Re: x\" \"-\" 12:30 ü:1"),
            (r#""a \"b\" \c \\d""#, r#""a \"b\" \\c \\d""#),
            ("a\u{0}b \"c\u{0}d\"", "a b \"c d\""),
        ] {
            match typed.parse::<Query>() {
                Ok(query) => assert_eq!(query.to_string(), printed, "{typed}"),
                Err(_) => assert_eq!(printed, "error", "{typed}"),
            }
        }
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        for (typed, place, words) in [
            ("is:open ownr:me", 9, "no filter `ownr:`"),
            ("http://x", 1, "quotation marks"),
            ("is:opened", 4, "never `opened`, but open, reopened"),
            ("is:open from:", 14, "`from:` needs a value"),
            ("tag:\"\"", 5, "`tag:` needs a value"),
            ("printer \"\"", 9, "nothing between"),
            ("ü \"on fire", 3, "has no end"),
            ("\"a\"b", 4, "must be a space"),
            ("24\"", 3, "inside a word"),
            ("a - b", 3, "minus"),
            ("--open", 1, "minus"),
            ("priority:2-1", 10, "no priority"),
            ("priority:0", 10, "no priority"),
            ("priority:+1", 10, "no priority"),
            ("rating:6", 8, "no rating"),
            ("before:soon", 8, "no day"),
            ("has:money", 5, "`file`"),
            ("number:x", 8, "no ticket number"),
        ] {
            let said = mistake(typed);
            assert!(
                said.starts_with(&format!("character {place} of")) && said.contains(words),
                "{typed}: {said}"
            );
        }
    }

    #[test]
    fn a_query_is_not_endless() {
        assert!(mistake(&"x".repeat(1001)).contains("longer"));
        assert!(mistake(&"x ".repeat(33)).contains("more than 32"));
        assert_eq!(read(&"x ".repeat(32)).terms.len(), 32);
    }

    #[test]
    fn the_words_in_a_sentence_are_those_that_are_read() {
        assert_eq!(State::ALL.map(State::as_str), STATES);
        for key in KEYS {
            assert!(
                !matches!(mistake(&format!("{key}:")).as_str(), said if said.contains("no filter")),
                "{key}"
            );
        }
    }

    fn text() -> impl Strategy<Value = String> {
        let odd = prop::sample::select(vec![
            "me", "nobody", "-", "a:b", "is:open", "\"", "\\", "\\\"", " ", "x y", "ü",
        ]);
        let any = "[^\\p{C}]{1,8}".prop_filter("it says something", |text| !text.trim().is_empty());
        prop_oneof![
            odd.prop_map(|text: &str| format!("{text}x")),
            any,
            Just("me".to_owned()),
            Just("is:open".to_owned())
        ]
    }

    fn day() -> impl Strategy<Value = Day> {
        let date =
            (0_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Day::Date(jiff::civil::date(y, m, d)));
        let unit = prop::sample::select(vec![Unit::Hours, Unit::Days, Unit::Weeks]);
        prop_oneof![
            date,
            Just(Day::Today),
            Just(Day::Yesterday),
            (0_u16..=9999, unit).prop_map(|(n, u)| Day::Ago(n, u))
        ]
    }

    fn any_test() -> impl Strategy<Value = Test> {
        let priorities = (1_i64..=5, 1_i64..=5).prop_map(|(a, b)| {
            let priority = |number| Priority::try_from(number).unwrap();
            Test::Priority(priority(a.min(b)), priority(a.max(b)))
        });
        prop_oneof![
            prop::sample::select(State::ALL.to_vec()).prop_map(Test::Is),
            prop::sample::select(vec![Owner::Me, Owner::Nobody]).prop_map(Test::Owner),
            text().prop_map(|name| Test::Owner(Owner::Named(name))),
            text().prop_map(Test::From),
            text().prop_map(Test::Cc),
            text().prop_map(Test::Queue),
            text().prop_map(Test::Type),
            text().prop_map(Test::Tag),
            priorities,
            (1..=5_i64, 0..=2_i64).prop_map(|(from, more)| Test::Rating(from, (from + more).min(5))),
            day().prop_map(Test::Before),
            day().prop_map(Test::After),
            Just(Test::HasFile),
            (1_i64..).prop_map(|id| Test::Number(TicketId(id))),
            text().prop_map(Test::Word),
        ]
    }

    fn any_query() -> impl Strategy<Value = Query> {
        let sense = prop::sample::select(vec![Sense::Wanted, Sense::Excluded]);
        let term = (sense, any_test()).prop_map(|(sense, test)| Term { sense, test });
        prop::collection::vec(term, 0..8).prop_map(|terms| Query { terms })
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(query in any_query()) {
            prop_assert_eq!(query.to_string().parse::<Query>(), Ok(query));
        }

        #[test]
        fn no_text_panics_and_what_is_read_is_read_again(text in "\\PC{0,60}|[-:\"\\\\ a-z]{0,40}|.{0,20}") {
            if let Ok(query) = text.parse::<Query>() {
                prop_assert_eq!(query.to_string().parse::<Query>(), Ok(query));
            }
        }
    }
}
