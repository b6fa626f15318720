//! A mail in two forms: people read the HTML, and the desk reads the text. What only the text has nobody saw.
//!
//! Marks lines at its top that would be commands, and leaves the rest as it is.

use crate::mail::html;
use crate::mail::parse::text::Body;
use crate::ticket::command;
use crate::ticket::command::Orders;
use crate::ticket::command::UNSEEN;

/// Commands stand within so much of a text.
const TOP: usize = 16 * 1024;

/// Marks each line at the top of the text that is a command there and none at the top of the HTML.
pub(super) fn mark(body: &mut Body) {
    let is_one = |line: &str| line.trim_start().starts_with(['#', '\u{ff03}', '\\', '*']);
    let first = body.text.lines().find(|line| !line.trim().is_empty());
    if body.raw_html.is_empty() || !first.is_some_and(is_one) {
        return;
    }
    let asked = orders(&body.text);
    let seen = orders(&html::to_text(&body.raw_html));
    let is_seen = |line: &str| {
        let one = command::read(line).orders.into_iter().next();
        // What cannot be done anyhow is told of as such.
        one.is_none_or(|one| one.asks.is_err() || seen.orders.iter().any(|other| other.asks == one.asks))
    };
    if asked.orders.is_empty() || asked.orders.iter().all(|order| is_seen(&order.line)) {
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

fn orders(text: &str) -> Orders {
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= TOP).last().unwrap_or(0);
    command::read(if text.len() <= TOP { text } else { &text[..end] })
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
            ("#cc a@a.test\n", "#cc b@a.test", "[hidden] #cc a@a.test\n"),
            ("#close\nHi", "", "#close\nHi"),
            ("Hi\n#close", "<p>Hi</p>", "Hi\n#close"),
            ("#foo\nHi", "<p>Hi</p>", "#foo\nHi"),
            ("# Heading\nHi", "<h1>Heading</h1>Hi", "# Heading\nHi"),
        ] {
            assert_eq!(marked(text, html), expected, "{text} {html}");
        }
    }
}
