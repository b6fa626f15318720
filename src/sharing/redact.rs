//! Secrets taken out of text that is about to be logged or kept in a delivery log.
//!
//! Rather takes out too much than too little. It is the second fence: keys do not print by themselves.

use serde_json::Value;

use crate::sharing::token::AccessKey;

/// What stands in the place of a secret.
pub(crate) const MARK: &str = "***";

/// Names of secrets, in lower case; `-` stands for `-`, `_` or nothing.
const NAMES: [&str; 2] = ["access-key", "sharing-token"];

/// Takes out the values of `access_key` and `X-Ticket-Sharing-Token` in any spelling (JSON, header, form,
/// escaped JSON within text), and whatever looks like a token.
pub(crate) fn redact(text: &str) -> String {
    tokens(&named(&unescaped(text)))
}

/// Takes out a secret that is known as well.
pub(crate) fn redact_known(text: &str, key: &AccessKey) -> String {
    redact(&text.replace(key.expose(), MARK))
}

/// JSON that hides the name of a key behind `\u` escapes is written anew without the values.
fn unescaped(text: &str) -> String {
    if !text.contains("\\u") {
        return text.to_owned();
    }
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) => {
            blank(&mut value);
            value.to_string()
        }
        Err(_) => text.to_owned(),
    }
}

fn blank(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                if find_name(&key.to_ascii_lowercase()).is_some() && !value.is_null() {
                    *value = Value::String(MARK.to_owned());
                } else {
                    blank(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(blank),
        _ => {}
    }
}

fn named(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(name_end) = find_name(&lower[at..]).map(|end| at + end) {
        let rest = &text[name_end..];
        let value = rest.len() - rest.trim_start_matches(is_separator).len();
        let (separator, rest) = rest.split_at(value);
        out.push_str(&text[at..name_end]);
        out.push_str(separator);
        at = name_end + value;
        // A name in prose is followed by no sign of a value.
        let length = value_length(separator, rest);
        if separator.contains([':', '=', '>']) && &rest[..length] != "null" {
            at += length;
            out.push_str(MARK);
        }
    }
    out.push_str(&text[at..]);
    out
}

/// Where the first name of a secret ends.
fn find_name(lower: &str) -> Option<usize> {
    let ends = NAMES.iter().filter_map(|name| {
        let (first, last) = name.split_once('-')?;
        lower.match_indices(first).find_map(|(at, _)| {
            let rest = &lower[at + first.len()..];
            let gap = usize::from(rest.starts_with(['-', '_']));
            rest[gap..].starts_with(last).then_some(at + first.len() + gap + last.len())
        })
    });
    ends.min()
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || "\"'\\:=>[".contains(c)
}

/// How long the value is that follows `separator`.
fn value_length(separator: &str, rest: &str) -> usize {
    let Some(quote) = separator.chars().next_back().filter(|c| matches!(c, '"' | '\'')) else {
        // A header's value has no spaces; a form's ends at the next field.
        return rest.find(|c: char| c.is_whitespace() || matches!(c, '&' | ',' | '}')).unwrap_or(rest.len());
    };
    let slashes = |text: &str| text.len() - text.trim_end_matches('\\').len();
    let opening = slashes(&separator[..separator.len() - 1]);
    // A quote with more backslashes than the opening one belongs to the value.
    let closing = rest.match_indices(quote).find(|(at, _)| slashes(&rest[..*at]) <= opening);
    closing.map_or(rest.len(), |(at, _)| at - slashes(&rest[..at]))
}

/// `<40 hex digits>:<something>` is a token wherever it stands.
fn tokens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        let (before, after) = rest.split_at(colon + 1);
        out.push_str(before);
        let is_id =
            before.len() > 40 && before.as_bytes()[colon - 40..colon].iter().all(u8::is_ascii_hexdigit);
        let end =
            after.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\')).unwrap_or(after.len());
        if is_id && end > 0 {
            out.push_str(MARK);
            rest = &after[end..];
        } else {
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sharing::captured;

    const SECRET: &str = "83a5b8a7b2e181736b4cad2391e48691b4434fdb";
    const ID: &str = "223cea24c95549953962f261cba5bd800e04d805";

    #[test]
    fn no_captured_request_shows_its_secret() {
        for request in captured::all() {
            let shown = redact(&String::from_utf8_lossy(&request.bytes));
            for secret in [SECRET, "e363e80ffb679abf4a6f97df7f686079f8b5a619"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
        let invitation = redact(&captured::named("gem-invite").text());
        assert!(invitation.contains(r#""access_key":"***","name":"Acme Support""#), "{invitation}");
        let share = redact(&captured::named("gem-share").text());
        assert!(share.contains("X-Ticket-Sharing-Token: ***\r\nAccept-Encoding"), "{share}");
    }

    #[test]
    fn every_spelling_of_a_secret_is_taken_out() {
        for text in [
            format!(r#"{{"access_key" : "{SECRET}","x":1}}"#),
            format!(r#"{{"ACCESS_KEY":["{SECRET}"]}}"#),
            format!(r#"{{"access\u005fkey":"{SECRET}"}}"#),
            format!(r#"body="{{\"access_key\":\"{SECRET}\",\"x\":1}}""#),
            format!("access_key={SECRET}&x=1"),
            format!(r#""access_key"=>"{SECRET}""#),
            format!("x-ticket-sharing-token: {ID}:{SECRET}"),
            format!("HTTP_X_TICKET_SHARING_TOKEN={ID}:{SECRET}"),
            format!("curl -H 'X-Ticket-Sharing-Token: {ID}:{SECRET}' http://x"),
            format!("AccessKey: {SECRET}"),
            format!("token {ID}:{SECRET} was wrong"),
            format!("{{\"t\":\"{ID}:{SECRET}\"}}"),
        ] {
            let shown = redact(&text);
            assert!(!shown.contains(SECRET) && shown.contains(MARK), "{shown}");
        }
    }

    #[test]
    fn a_secret_with_quotes_in_it_is_taken_out_whole() {
        let shown = redact(r#"{"access_key":"a\"b,c\\","name":"n"}"#);
        assert!(!shown.contains("b,c") && !shown.contains("a\\"), "{shown}");
        let key = AccessKey::parse("a,b&c").unwrap();
        assert!(!redact_known("access_key=a,b&c or a,b&c", &key).contains("b&c"));
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            r#"{"access_key":null,"name":"n","uuid":"223cea24c95549953962f261cba5bd800e04d805"}"#,
            "the access key of the agreement is wrong",
            r#"{"uuid":"223cea24c95549953962f261cba5bd800e04d805","status":"open"}"#,
            "2024-05-06 07:08:09 +0000",
            "",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_a_second_pass_changes_nothing(
            text in "((access_key)|(X-Ticket-Sharing-Token)|[\":=\\\\ é,}]|[a-f0-9]{40}:?|[a-z]){0,20}",
        ) {
            let once = redact(&text);
            prop_assert_eq!(redact(&once), once);
        }
    }
}
