//! Whether what came for a partner's attachment is that attachment.
//!
//! Asks nobody and stores nothing. In doubt the link is kept, which loses nothing: a log-in page under the name
//! of an invoice would.

/// What a host answered, as far as it matters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Download<'a> {
    pub status: u16,
    /// The answer's `Content-Type`.
    pub(crate) answered_type: Option<&'a str>,
    pub bytes: &'a [u8],
    /// The type that the bytes bear out; `application/octet-stream` if none does.
    pub(crate) sniffed: &'a str,
    /// What the partner announced.
    pub name: &'a str,
    pub(crate) declared_type: Option<&'a str>,
}

/// What to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Keep {
        content_type: String,
    },
    /// It stays a link, for this reason.
    Link(String),
    /// Perhaps later; if not, it stays a link for this reason.
    Again(String),
}

const UNKNOWN: &str = "application/octet-stream";

/// Judges an answer.
pub fn judge(download: &Download<'_>) -> Verdict {
    match download.status {
        200 => {}
        408 | 425 | 429 | 500..=599 => {
            return Verdict::Again(format!("the host answered {}", download.status));
        }
        401 | 403 => return Verdict::Link("the host asks for a log-in".to_owned()),
        status => return Verdict::Link(format!("the host answered {status}")),
    }
    let announced = is_html_name(download.name) || download.declared_type.is_some_and(is_html_type);
    let is_page = download.answered_type.is_some_and(is_html_type) || looks_like_html(download.bytes);
    if is_page && !announced {
        return Verdict::Link("the host answered with a web page, perhaps a log-in".to_owned());
    }
    Verdict::Keep { content_type: content_type(download, is_page) }
}

/// By the bytes; a partner's word counts only for text, of which the bytes say nothing more.
fn content_type(download: &Download<'_>, is_page: bool) -> String {
    if is_page {
        return "text/html".to_owned();
    }
    if download.sniffed != UNKNOWN {
        return download.sniffed.to_owned();
    }
    let is_text = std::str::from_utf8(download.bytes)
        .is_ok_and(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace()));
    match download.declared_type.map(bare) {
        Some(declared)
            if is_text && ["text/csv", "text/calendar", "application/json"].contains(&declared.as_str()) =>
        {
            declared
        }
        _ if is_text => "text/plain".to_owned(),
        _ => UNKNOWN.to_owned(),
    }
}

fn bare(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_html_type(content_type: &str) -> bool {
    ["text/html", "application/xhtml+xml"].contains(&bare(content_type).as_str())
}

fn is_html_name(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ["html", "htm", "xhtml"].contains(&ending.as_str()))
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = head.trim_ascii_start();
    let start = String::from_utf8_lossy(&head[..head.len().min(64)]).to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.7 ...";

    fn download(status: u16, answered_type: Option<&'static str>, bytes: &'static [u8]) -> Download<'static> {
        let sniffed = if bytes == PDF { "application/pdf" } else { UNKNOWN };
        Download {
            status,
            answered_type,
            bytes,
            sniffed,
            name: "invoice.pdf",
            declared_type: Some("application/pdf"),
        }
    }

    fn kept(verdict: &Verdict) -> &str {
        match verdict {
            Verdict::Keep { content_type } => content_type,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_log_in_page_is_not_stored_as_an_invoice() {
        for (answered_type, bytes) in [
            (Some("text/html; charset=utf-8"), &b"hello"[..]),
            (Some("application/pdf"), b"\n <!DOCTYPE html><html>"),
            (None, b"<HTML><body>log in"),
            (Some("Application/XHTML+xml"), b""),
        ] {
            assert!(matches!(judge(&download(200, answered_type, bytes)), Verdict::Link(_)));
        }
        let announced = Download { name: "page.HTM", declared_type: None, ..download(200, None, b"<html>") };
        assert_eq!(kept(&judge(&announced)), "text/html");
    }

    #[test]
    fn the_bytes_say_what_a_file_is() {
        assert_eq!(kept(&judge(&download(200, Some("image/png"), PDF))), "application/pdf");
        assert_eq!(kept(&judge(&download(200, Some("application/pdf"), b"just words\n"))), "text/plain");
        assert_eq!(kept(&judge(&download(200, None, b"\x00\x01"))), UNKNOWN);
        let table =
            Download { declared_type: Some("text/csv; charset=x"), ..download(200, None, b"a,b\r\n") };
        assert_eq!(kept(&judge(&table)), "text/csv");
        let script = Download { declared_type: Some("text/javascript"), ..download(200, None, b"alert(1)") };
        assert_eq!(kept(&judge(&script)), "text/plain");
    }

    #[test]
    fn trouble_is_tried_again_and_a_refusal_is_not() {
        for status in [408, 429, 500, 503] {
            assert!(matches!(judge(&download(status, None, b"")), Verdict::Again(_)), "{status}");
        }
        for status in [204, 206, 301, 400, 401, 403, 404, 410] {
            assert!(matches!(judge(&download(status, None, PDF)), Verdict::Link(_)), "{status}");
        }
    }
}
