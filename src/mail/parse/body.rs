//! Which parts are the text of a message, and which are attached to it.
//!
//! Looks at types and names only; decoding is done by whoever asks.

use crate::mail::parse::around::Boundary;
use crate::mail::parse::mime::Part;

/// A stretch of the text: the same words as plain text, as HTML, or both. Part numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    pub plain: Vec<usize>,
    pub html: Vec<usize>,
}

/// How a part that is not text belongs to the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Attached,
    Inline,
}

/// The parts of a message, sorted.
#[derive(Debug, Default)]
pub struct Content {
    pub pieces: Vec<Piece>,
    pub attached: Vec<(usize, Role)>,
}

/// Sorts the parts of a message.
pub fn sort(parts: &[Part<'_>]) -> Content {
    let mut content = Content::default();
    if !parts.is_empty() {
        walk(parts, 0, &mut content);
    }
    let outside = parts.iter().filter(|part| part.around.boundary == Boundary::Named);
    let outside = outside.flat_map(|part| part.around.all());
    if content.pieces.is_empty() {
        // No reader shows what stands around the parts, but here it is all that was written.
        content.pieces.extend(outside.map(plain));
    } else {
        content.attached.extend(outside.map(|id| (id, Role::Attached)));
    }
    content
}

fn plain(id: usize) -> Piece {
    Piece { plain: vec![id], html: Vec::new() }
}

/// Whether a type is plain text, or so broken that it must be taken as such.
pub(crate) fn is_plain(kind: &str) -> bool {
    matches!(
        kind,
        "" | "text/plain" | "text" | "plain" | "text/text" | "plain/text" | "text/enriched" | "text/richtext"
    ) || !kind.contains('/')
}

pub(crate) fn is_html(kind: &str) -> bool {
    matches!(kind, "text/html" | "html" | "text/xhtml" | "application/xhtml+xml")
}

fn walk(parts: &[Part<'_>], id: usize, content: &mut Content) {
    let part = &parts[id];
    let is_guessed = part.around.boundary == Boundary::Guessed;
    content.pieces.extend(part.around.above.filter(|_| is_guessed).map(plain));
    if part.children.is_empty() {
        leaf(parts, id, content);
    } else {
        match part.kind.value.as_str() {
            "multipart/alternative" => alternative(parts, part, content),
            "multipart/related" => related(parts, part, content),
            "multipart/report" => first_only(parts, part, content),
            _ => part.children.iter().for_each(|&child| walk(parts, child, content)),
        }
    }
    content.pieces.extend(part.around.below.filter(|_| is_guessed).map(plain));
}

fn leaf(parts: &[Part<'_>], id: usize, content: &mut Content) {
    let part = &parts[id];
    let kind = part.kind.value.as_str();
    let attached = part.disposition.value.starts_with("attachment");
    // A named text behind the first text is a file that the client shows inline.
    let file = attached || part.name().is_some() && !content.pieces.is_empty();
    if is_plain(kind) && !file {
        content.pieces.push(plain(id));
    } else if is_html(kind) && !file {
        content.pieces.push(Piece { plain: Vec::new(), html: vec![id] });
    } else if !(kind.starts_with("multipart/") && part.body.trim_ascii().is_empty()) {
        let shown =
            !attached && (part.disposition.value == "inline" || part.block.first("content-id").is_some());
        content.attached.push((id, if shown { Role::Inline } else { Role::Attached }));
    }
}

/// The same text in several forms; what is neither plain nor HTML is attached.
fn alternative(parts: &[Part<'_>], part: &Part<'_>, content: &mut Content) {
    let mut piece = Piece::default();
    for &child in &part.children {
        let mut inner = Content::default();
        walk(parts, child, &mut inner);
        content.attached.append(&mut inner.attached);
        let rich = inner.pieces.iter().any(|p| !p.html.is_empty());
        for found in inner.pieces {
            if rich && found.html.is_empty() {
                piece.html.extend(found.plain);
            } else {
                // Of an alternative inside there are both.
                piece.html.extend(found.html);
                piece.plain.extend(found.plain);
            }
        }
    }
    if piece != Piece::default() {
        content.pieces.push(piece);
    }
}

/// A root and what it shows, such as images.
fn related(parts: &[Part<'_>], part: &Part<'_>, content: &mut Content) {
    let start = part.kind.get("start").map(|s| s.trim_matches(['<', '>', ' ']));
    let is_start = |&child: &usize| {
        let id = parts[child].block.first("content-id").map(|v| String::from_utf8_lossy(v).into_owned());
        start.is_some() && id.as_deref().map(|i| i.trim_matches(['<', '>', ' '])) == start
    };
    let root = part.children.iter().copied().find(|c| is_start(c)).unwrap_or(part.children[0]);
    walk(parts, root, content);
    for &child in part.children.iter().filter(|c| **c != root) {
        let mut inner = Content::default();
        walk(parts, child, &mut inner);
        // Another text beside the root is only shown where the root is none.
        if content.pieces.is_empty() {
            content.pieces.append(&mut inner.pieces);
        }
        let texts = inner.pieces.into_iter().flat_map(|p| p.plain.into_iter().chain(p.html));
        content.attached.extend(texts.map(|id| (id, Role::Attached)));
        let inline = |(id, _): (usize, Role)| {
            let attached = parts[id].disposition.value.starts_with("attachment");
            (id, if attached { Role::Attached } else { Role::Inline })
        };
        content.attached.extend(inner.attached.into_iter().map(inline));
    }
}

/// A report: words for people first, then machine-readable parts.
fn first_only(parts: &[Part<'_>], part: &Part<'_>, content: &mut Content) {
    walk(parts, part.children[0], content);
    for &child in &part.children[1..] {
        let mut inner = Content::default();
        walk(parts, child, &mut inner);
        let texts = inner.pieces.into_iter().flat_map(|p| p.plain.into_iter().chain(p.html));
        content.attached.extend(texts.map(|id| (id, Role::Attached)));
        content.attached.append(&mut inner.attached);
    }
}
