//! What an integration wrote as text of a ticket: plain, or HTML.

use crate::desk::entry::Words;
use crate::mail::html;
use crate::mail::markup;

/// HTML of more than this is read on a thread where it holds up nobody else.
const LARGE: usize = 16 * 1024;

/// Text that is HTML if it has a complete tag that we know. It is kept as it was sent, with its words beside
/// it; sanitised when it is shown.
pub(crate) async fn formatted(text: String) -> Words {
    if text.len() <= LARGE {
        return read(text);
    }
    // Only a panic of the HTML library comes back as an error; the text is then what it is.
    let plain = text.clone();
    tokio::task::spawn_blocking(move || read(text)).await.unwrap_or_else(|_| Words::plain(plain))
}

fn read(text: String) -> Words {
    if !markup::is_html(&text) {
        return Words::plain(text);
    }
    let words = html::to_text(&text);
    // A picture, or an empty paragraph: better the tags than nothing.
    if words.trim().is_empty() {
        return Words::plain(text);
    }
    Words { html: Some(text), ..Words::plain(words.trim_end()) }
}
