//! The readable text of a message and its HTML, put together from the parts that hold them.
//!
//! Chooses plain text where there is some, and turns HTML into text where there is none.

use crate::mail::Attachment;
use crate::mail::Defect;
use crate::mail::html;
use crate::mail::html::marks;
use crate::mail::parse::body;
use crate::mail::parse::body::Piece;
use crate::mail::parse::charset;
use crate::mail::parse::charset::Outcome;
use crate::mail::parse::flowed;
use crate::mail::parse::mime::Part;
use crate::mail::parse::transfer;
use crate::mail::parse::transfer::Encoding;
use crate::mail::parse::uu;

/// More text than this nobody reads in a ticket; the whole of it is attached.
const TEXT_BYTES: usize = 1024 * 1024;

/// A plain text that short may be no more than "your program cannot show HTML".
const STUB_BYTES: usize = 300;

/// The body of a message.
#[derive(Debug, Default)]
pub struct Body {
    pub text: String,
    /// Sanitised.
    pub html: Option<String>,
    /// What appointments and cards beside the text say.
    pub(crate) told: Told,
    /// As sent, for the digest.
    pub(crate) raw_html: String,
    /// Files that were inside of the text.
    pub attachments: Vec<Attachment>,
}

/// What is told of files, as lines that stand below a text.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) appointments: String,
    pub(crate) cards: String,
}

impl Body {
    /// The text with what is told below it.
    pub(crate) fn whole(&self) -> String {
        below(&below(&self.text, &self.told.appointments), &self.told.cards)
    }
}

/// One text below another.
pub(crate) fn below(text: &str, more: &str) -> String {
    match (text.trim().is_empty(), more.is_empty()) {
        (_, true) => text.to_owned(),
        (true, false) => more.to_owned(),
        (false, false) => format!("{}\n\n{more}\n", text.trim_end()),
    }
}

/// Reads the text parts of a message.
pub fn read(parts: &[Part<'_>], pieces: &[Piece], defects: &mut Vec<Defect>) -> Body {
    let mut body = Body::default();
    let rich = pieces.iter().any(|p| !p.html.is_empty());
    let (mut seen, mut last_html) = (String::new(), 0);
    for piece in pieces {
        let mut plain = joined(parts, &piece.plain, defects);
        if let Some((rest, files)) = uu::extract(&plain) {
            plain = rest;
            body.attachments.extend(files);
        }
        let markup = joined(parts, &piece.html, defects);
        let text = readable(&plain, &markup);
        // Some programs send both forms as if they were two texts.
        let squeezed: String = text.split_whitespace().collect();
        let twice = !squeezed.is_empty() && seen == squeezed && piece.plain.is_empty();
        if twice {
            body.raw_html.truncate(last_html);
        } else {
            append(&mut body.text, &text);
        }
        seen = squeezed;
        last_html = body.raw_html.len();
        if rich {
            body.raw_html.push_str(&if piece.html.is_empty() { as_html(&plain) } else { markup });
        }
    }
    if rich {
        body.html = Some(html::sanitise(&body.raw_html));
    }
    shorten(&mut body, defects);
    body
}

/// The plain form, unless it is empty or only says that there is another.
fn readable(plain: &str, markup: &str) -> String {
    let stub = plain.len() < STUB_BYTES && plain.to_lowercase().contains("html");
    if markup.trim().is_empty() || !stub && !plain.trim().is_empty() {
        return plain.to_owned();
    }
    let shown = html::to_marked_text(markup);
    // Somebody may write about HTML; then both forms say the same.
    if shown.len() > 2 * plain.len() || !says_the_same(plain, &shown) { shown } else { plain.to_owned() }
}

/// Whether half of the words of a text are in another.
fn says_the_same(plain: &str, shown: &str) -> bool {
    let words = || plain.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3);
    words().filter(|word| shown.contains(word)).count() * 2 >= words().count()
}

/// Takes another text, with its HTML where there is some.
pub fn replace(body: &mut Body, text: Option<String>, markup: Option<String>) {
    if let Some(markup) = markup.filter(|m| !m.trim().is_empty()) {
        body.text = match text.filter(|t| !t.trim().is_empty()) {
            Some(text) => marks::without_false_marks(&text),
            None => html::to_marked_text(&markup),
        };
        body.html = Some(html::sanitise(&markup));
        body.raw_html = markup;
    } else if let Some(text) = text {
        body.text = marks::without_false_marks(&text);
    }
}

/// One part as text with `\n` line ends.
pub(crate) fn decode(part: &Part<'_>, defects: &mut Vec<Defect>) -> String {
    let mut encoding = part.encoding();
    if encoding == Encoding::Base64 && !transfer::is_base64(part.body) {
        defects.push(Defect::new("encoding-wrong", "text declared as base64 is not"));
        encoding = Encoding::Plain;
    }
    if encoding == Encoding::Unknown {
        defects.push(Defect::new("encoding-unknown", "the text was taken as it is"));
    }
    let bytes = transfer::decode(part.body, encoding);
    let is_html = body::is_html(&part.kind.value);
    let declared =
        part.charset().map(str::to_owned).or_else(|| if is_html { meta_charset(&bytes) } else { None });
    let (text, outcome) = charset::decode(&bytes, declared.as_deref());
    match outcome {
        Outcome::Mended(used) => {
            let label: String = declared.unwrap_or_default().chars().take(40).collect();
            defects.push(Defect::new("charset-wrong", format!("{label:?} read as {used}")));
        }
        Outcome::Detected(used) => defects.push(Defect::new("charset-missing", format!("read as {used}"))),
        Outcome::AsDeclared => {}
    }
    let text = marks::without_false_marks(&line_ends(text));
    let flowed = !is_html && part.kind.get("format").is_some_and(|f| f.trim().eq_ignore_ascii_case("flowed"));
    if !flowed {
        return text;
    }
    let delsp = part.kind.get("delsp").is_some_and(|f| f.trim().eq_ignore_ascii_case("yes"));
    flowed::unflow(&text, delsp)
}

fn joined(parts: &[Part<'_>], ids: &[usize], defects: &mut Vec<Defect>) -> String {
    let mut out = String::new();
    for &id in ids {
        append(&mut out, &decode(&parts[id], defects));
    }
    out
}

fn append(out: &mut String, text: &str) {
    if !out.is_empty() && !out.ends_with('\n') && !text.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
}

fn line_ends(text: String) -> String {
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

/// The character set that an HTML document names itself.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    let label: String =
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c)).collect();
    (!label.is_empty() && !label.starts_with("utf-16")).then_some(label)
}

pub(crate) fn as_html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<p>{}</p>\n", escaped.trim_end().replace('\n', "<br>\n"))
}

fn shorten(body: &mut Body, defects: &mut Vec<Defect>) {
    if body.text.len() <= TEXT_BYTES {
        return;
    }
    let end = body.text.floor_char_boundary(TEXT_BYTES);
    defects
        .push(Defect::new("text-too-long", format!("{} bytes; the whole text is attached", body.text.len())));
    let kept = body.text[..end].to_owned();
    let whole = std::mem::replace(&mut body.text, kept);
    body.attachments.push(Attachment {
        name: "whole-text.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        data: whole.into_bytes(),
        ..Attachment::default()
    });
}

#[cfg(test)]
mod tests {
    use crate::mail::parse::Limits;
    use crate::mail::parse::parse;

    #[test]
    fn html_is_read_where_the_plain_part_is_empty() {
        let mail = parse(
            b"Content-Type: multipart/alternative; boundary=x\n\n--x\n\n \n--x\nContent-Type: text/html\n\n<p>Hi<br>you</p>\n--x--\n",
            &Limits::default(),
        );
        assert_eq!(mail.text, "Hi\nyou\n");
        assert_eq!(mail.html.as_deref(), Some("<p>Hi<br>you</p>"));
    }

    #[test]
    fn an_endless_text_is_cut_and_attached_whole() {
        let mail =
            parse(&[b"Subject: x\n\n".as_slice(), &b"word \n".repeat(400_000)].concat(), &Limits::default());
        assert!(mail.text.len() <= super::TEXT_BYTES);
        assert_eq!(mail.attachments[0].data.len(), 2_400_000);
        assert_eq!(mail.defects[0].kind, "text-too-long");
    }
}
