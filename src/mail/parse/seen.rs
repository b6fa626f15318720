//! A mail in two forms: people read the HTML, and the desk reads the text. What only the text has nobody saw, and what
//! only the HTML has would not be done.
//!
//! Marks lines at its top that are commands in one form alone, and leaves the rest as it is.

use crate::mail::html;
use crate::mail::parse::text::Body;
use crate::ticket::command;
use crate::ticket::command::HTML_ONLY;
use crate::ticket::command::Order;
use crate::ticket::command::Orders;
use crate::ticket::command::UNSEEN;

/// Commands stand within so much of a text.
const TOP: usize = 16 * 1024;
/// Digits of the longest number of a character that can be the sign of a command.
const DIGITS: usize = 8;

/// Marks each line at the top of the text that is a command there and none at the top of the HTML, and adds those that
/// are there alone.
pub(super) fn mark(body: &mut Body) {
    if body.raw_html.is_empty() {
        return;
    }
    let is_one = |line: &str| line.trim_start().starts_with(['#', '\u{ff03}', '\\', '*', '[']);
    let first = body.text.lines().find(|line| !line.trim().is_empty());
    let asked = if first.is_some_and(is_one) { orders(&body.text) } else { Orders::default() };
    if asked.orders.is_empty() && !may_ask(&body.raw_html) {
        return;
    }
    let seen = orders(&html::to_text(&body.raw_html));
    let missing: String = seen.orders.iter().filter(|order| !asks(&asked, order)).map(only_html).collect();
    mark_unseen(body, &asked, &seen);
    body.text.insert_str(0, &missing);
}

fn mark_unseen(body: &mut Body, asked: &Orders, seen: &Orders) {
    let is_seen = |line: &str| {
        let one = command::read(line).orders.into_iter().next();
        // What cannot be done anyhow is told of as such.
        one.is_none_or(|one| one.asks.is_err() || asks(seen, &one))
    };
    if asked.orders.iter().all(|order| is_seen(&order.line)) {
        return;
    }
    let mut left = asked.orders.len();
    let mut out = String::with_capacity(body.text.len() + UNSEEN.len());
    for line in body.text.split_inclusive('\n') {
        let is_order = left > 0 && !line.trim().is_empty();
        left -= usize::from(is_order);
        if is_order && !is_seen(line) {
            out.push_str(UNSEEN);
        }
        out.push_str(line);
    }
    body.text = out;
}

fn asks(orders: &Orders, order: &Order) -> bool {
    orders.orders.iter().any(|other| other.asks == order.asks)
}

fn only_html(order: &Order) -> String {
    let mark = if order.line.starts_with(UNSEEN) { "" } else { HTML_ONLY };
    format!("{mark}{}\n", order.line)
}

fn orders(text: &str) -> Orders {
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= TOP).last().unwrap_or(0);
    command::read(if text.len() <= TOP { text } else { &text[..end] })
}

/// Whether some HTML may have a command in it. Most has none, and is not turned into text for nothing: its signs are
/// those of colours, of fragments of links and of characters by their numbers.
fn may_ask(html: &str) -> bool {
    html.contains('\u{ff03}')
        || html.contains("&num;")
        || html.match_indices('#').any(|(at, _)| is_sign(html, at))
}

fn is_sign(html: &str, at: usize) -> bool {
    let behind = &html[at + 1..];
    match html[..at].chars().next_back() {
        Some('&') => matches!(number(behind), Some(0x23 | 0xff03)),
        Some(c) if c.is_alphanumeric() || "\"'=:(/".contains(c) => false,
        _ => !is_colour(behind),
    }
}

/// The number of a character, behind its `&#`.
fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    let digits = digits.trim_start_matches('0');
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    if end > DIGITS { None } else { u32::from_str_radix(&digits[..end], radix).ok() }
}

fn is_colour(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    [3, 4, 6, 8].contains(&end) && text[..end].bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, html: &str) -> String {
        let mut body = Body { text: text.to_owned(), raw_html: html.to_owned(), ..Body::default() };
        mark(&mut body);
        body.text
    }

    #[test]
    fn a_command_that_only_the_text_has_is_marked() {
        for (text, html, expected) in [
            ("#close\nHi", "<p>#close</p><p>Hi</p>", "#close\nHi"),
            ("#close\nHi", "<p>Hi</p>", "[hidden] #close\nHi"),
            ("\n #tag x\n\n#close\nHi", "#tag x<br>Hi", "\n #tag x\n\n[hidden] #close\nHi"),
            ("#cc a@a.test\n", "#cc b@a.test", "[HTML] #cc b@a.test\n[hidden] #cc a@a.test\n"),
            ("#close\nHi", "", "#close\nHi"),
            ("Hi\n#close", "<p>Hi</p>", "Hi\n#close"),
            ("#foo\nHi", "<p>Hi</p>", "#foo\nHi"),
            ("# Heading\nHi", "<h1>Heading</h1>Hi", "# Heading\nHi"),
        ] {
            assert_eq!(marked(text, html), expected, "{text} {html}");
        }
    }

    #[test]
    fn a_command_that_only_the_html_has_is_added_and_marked() {
        for (text, html, expected) in [
            ("Hi", "<p>#note</p>Hi", "[HTML] #note\nHi"),
            ("Hi", "<p>&#0035;note</p>Hi", "[HTML] #note\nHi"),
            ("#tag x\nHi", "#tag x<br>#note<br>Hi", "[HTML] #note\n#tag x\nHi"),
            ("Hi", "<p style=\"display:none\">#note</p>Hi", "[hidden] #note\nHi"),
            ("Hi\n#note", "<p>Hi</p><p>#note</p>", "Hi\n#note"),
            ("#note\nHi", "<b>#note</b><br>Hi", "#note\nHi"),
            ("*#note*\nHi", "<b>#note</b><br>Hi", "*#note*\nHi"),
        ] {
            assert_eq!(marked(text, html), expected, "{text} {html}");
        }
    }

    #[test]
    fn html_without_the_sign_of_a_command_is_not_read_twice() {
        for html in [
            "<p style='color:#fff;background: #A0B1C2'><a href=\"#top\">it&#39;s &#160;</a></p>",
            "<body bgcolor=#ffffff>C#, issue#note",
            "<a href=https://a.test/#note>x</a>",
        ] {
            assert!(!may_ask(html), "{html}");
        }
        for html in
            ["#note", "<p>#note", "&nbsp;#note", "&#35;note", "&#X00023;note", "&num;note", "\u{ff03}note"]
        {
            assert!(may_ask(html), "{html}");
        }
    }
}
