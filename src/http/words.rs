//! What an integration wrote as text of a ticket: plain, or HTML.

use crate::desk::message::Message;
use crate::desk::prepared::Prepared;
use crate::mail::html;
use crate::mail::markup;
use crate::tasks;

/// HTML of more than this is read on a thread where it holds up nobody else.
const LARGE: usize = 16 * 1024;

/// Text that is HTML if it has a complete tag that we know. It is kept as it was sent, with its words beside
/// it; sanitised when it is shown.
pub(crate) async fn formatted(text: String) -> Prepared {
    aside(text, |text| Prepared::of(read(text))).await
}

/// Text that is nothing but text.
pub(crate) async fn plain(text: String) -> Prepared {
    aside(text, Prepared::plain::<String>).await
}

/// HTML, whatever it looks like, with its words beside it. It is sanitised when it is shown.
pub(crate) async fn html(text: String) -> Prepared {
    aside(text, |html| {
        let text = html::to_text(&html).trim_end().to_owned();
        Prepared::of(Message { html: Some(html), ..Message::plain(text) })
    })
    .await
}

async fn aside(text: String, prepare: fn(String) -> Prepared) -> Prepared {
    if text.len() <= LARGE {
        return prepare(text);
    }
    // Only a panic of the HTML library comes back as an error; the text is then what it is.
    let plain = text.clone();
    tasks::aside(move || prepare(text)).await.unwrap_or_else(|_| Prepared::plain(plain))
}

fn read(text: String) -> Message {
    if !markup::is_html(&text) {
        return Message::plain(text);
    }
    let words = html::to_text(&text);
    // A picture, or an empty paragraph: better the tags than nothing.
    if words.trim().is_empty() {
        return Message::plain(text);
    }
    Message { html: Some(text), ..Message::plain(words.trim_end()) }
}
