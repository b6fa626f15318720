//! `winmail.dat`: the envelope in which Outlook packs attachments and text (MS-OXTNEF).
//!
//! Reads what a ticket needs and skips the rest. Every length is checked, nesting and counts are bounded.

use crate::mail::Attachment;
use crate::mail::parse::charset;
use crate::mail::parse::naming::content_type;
use crate::mail::parse::naming::safe_name;
use crate::mail::parse::rtf;

const SIGNATURE: u32 = 0x223e_9f78;
/// How deep messages inside of messages are followed.
const DEPTH: usize = 3;
/// How many attachments are taken out of one envelope.
const ATTACHMENTS: usize = 500;
/// How many properties one list may have.
const PROPERTIES: u32 = 5000;

// Attributes.
const BODY: u32 = 0x0002_800c;
const SUBJECT: u32 = 0x0001_8004;
const CLASS: u32 = 0x0007_8008;
const CODE_PAGE: u32 = 0x0006_9007;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const ATTACHMENT_START: u32 = 0x0006_9002;
const ATTACHMENT_TITLE: u32 = 0x0001_8010;
const ATTACHMENT_DATA: u32 = 0x0006_800f;
const ATTACHMENT_PROPERTIES: u32 = 0x0006_9005;

/// What was in an envelope.
#[derive(Clone, Debug, Default)]
pub struct Unpacked {
    pub attachments: Vec<Attachment>,
    pub text: Option<String>,
    pub html: Option<String>,
    /// Whether the envelope ended where it should not have.
    pub broken: bool,
    /// Whether it holds more than a message: a card, a list of people, a task.
    pub(crate) is_item: bool,
}

/// Whether bytes are such an envelope.
pub(crate) fn is_tnef(data: &[u8]) -> bool {
    data.len() > 6 && u32::from_le_bytes([data[0], data[1], data[2], data[3]]) == SIGNATURE
}

/// Unpacks an envelope as far as it can be read.
pub fn unpack(data: &[u8]) -> Unpacked {
    let mut out = Unpacked::default();
    unpack_into(data, DEPTH, &mut out);
    out
}

/// Reads little-endian numbers and stretches of bytes; nothing once the data has run out.
struct Reader<'a> {
    data: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.data.split_at_checked(len)?;
        self.data = tail;
        Some(head)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|b| u16::from_le_bytes([b[0], b[1]]))
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    fn sized(&mut self) -> Option<&'a [u8]> {
        let len = self.u32()? as usize;
        let bytes = self.take(len)?;
        // Values are padded to four bytes; the padding of the last one may be missing.
        let padding = len.next_multiple_of(4) - len;
        self.data = self.data.get(padding..).unwrap_or_default();
        Some(bytes)
    }
}

/// An attachment that is being put together.
#[derive(Default)]
struct Building<'a> {
    title: String,
    long_name: String,
    mime: String,
    content_id: String,
    data: Option<&'a [u8]>,
    object: Option<&'a [u8]>,
}

fn unpack_into(data: &[u8], depth: usize, out: &mut Unpacked) {
    let mut reader = Reader { data: data.get(6..).unwrap_or_default() };
    let mut page: Option<u32> = None;
    let mut subject = String::new();
    let mut building: Option<Building> = None;
    while !reader.data.is_empty() {
        let Some((id, value)) = attribute(&mut reader) else {
            out.broken = true;
            break;
        };
        match id {
            CODE_PAGE => page = Reader { data: value }.u32(),
            CLASS => out.is_item |= depth == DEPTH && is_item(&string(value, None)),
            SUBJECT => subject = string(value, page),
            BODY => set_text(out, &string(value, page)),
            MESSAGE_PROPERTIES => properties(value, |property| message_property(out, &property, page)),
            ATTACHMENT_START => finish(building.replace(Building::default()), depth, out),
            ATTACHMENT_TITLE => building.get_or_insert_default().title = string(value, page),
            ATTACHMENT_DATA => building.get_or_insert_default().data = Some(value),
            ATTACHMENT_PROPERTIES => {
                let now = building.get_or_insert_default();
                properties(value, |property| attachment_property(now, &property, page));
            }
            _ => {}
        }
    }
    finish(building, depth, out);
    if depth < DEPTH
        && let Some(text) = out.text.take()
    {
        // The text of an enclosed message is kept beside what it carries.
        let name = if subject.is_empty() {
            "message.txt".to_owned()
        } else {
            format!("{}.txt", safe_name(&subject))
        };
        let (content_type, data) = ("text/plain".to_owned(), text.into_bytes());
        out.attachments.push(Attachment { name, content_type, data, ..Attachment::default() });
    }
}

/// Of a card, a list or a task, little stands in the text.
fn is_item(class: &str) -> bool {
    let class = class.trim_end_matches('\0').to_ascii_lowercase();
    ["ipm.contact", "ipm.distlist", "ipm.task", "ipm.activity", "ipm.stickynote"]
        .iter()
        .any(|c| class.starts_with(c))
}

fn attribute<'a>(reader: &mut Reader<'a>) -> Option<(u32, &'a [u8])> {
    let level = reader.take(1)?[0];
    let id = reader.u32()?;
    let len = reader.u32()? as usize;
    if level != 1 && level != 2 {
        return None;
    }
    let value = reader.take(len)?;
    // A checksum follows; a wrong one is no reason to lose an attachment.
    let _ = reader.u16();
    Some((id, value))
}

/// One value of a property list.
struct Property<'a> {
    kind: u16,
    id: u16,
    value: &'a [u8],
}

impl Property<'_> {
    fn text(&self, page: Option<u32>) -> String {
        if self.kind & 0xfff == 0x1f {
            let (text, _) = encoding_rs::UTF_16LE.decode_without_bom_handling(self.value);
            return text.trim_end_matches('\0').to_owned();
        }
        string(self.value, page)
    }
}

/// Reads a property list as far as it goes.
fn properties<'a>(data: &'a [u8], mut found: impl FnMut(Property<'a>)) {
    let mut reader = Reader { data };
    let count = reader.u32().unwrap_or(0).min(PROPERTIES);
    for _ in 0..count {
        if property(&mut reader, &mut found).is_none() {
            return;
        }
    }
}

fn property<'a>(reader: &mut Reader<'a>, found: &mut impl FnMut(Property<'a>)) -> Option<()> {
    let (kind, id) = (reader.u16()?, reader.u16()?);
    if id >= 0x8000 {
        reader.take(16)?;
        if reader.u32()? == 0 {
            reader.take(4)?;
        } else {
            reader.sized()?;
        }
    }
    let many = kind & 0x1000 != 0;
    let fixed = match kind & 0xfff {
        0x02..=0x04 | 0x0a | 0x0b => Some(4),
        0x05..=0x07 | 0x14 | 0x40 => Some(8),
        0x48 => Some(16),
        _ => None,
    };
    let count = if many || fixed.is_none() { reader.u32()?.min(PROPERTIES) } else { 1 };
    for _ in 0..count {
        let value = match fixed {
            Some(len) => reader.take(len)?,
            None => reader.sized()?,
        };
        found(Property { kind, id, value });
    }
    Some(())
}

fn message_property(out: &mut Unpacked, property: &Property<'_>, page: Option<u32>) {
    match property.id {
        0x1000 => set_text(out, &property.text(page)),
        0x1013 if out.html.is_none() => out.html = Some(html(property, page)),
        0x1009 => match rtf::decompress(property.value).map(|rtf| rtf::read(&rtf)) {
            Some(rtf::Body::Html(html)) if out.html.is_none() => out.html = Some(html),
            Some(rtf::Body::Text(text)) => set_text(out, &text),
            _ => {}
        },
        _ => {}
    }
}

fn html(property: &Property<'_>, page: Option<u32>) -> String {
    if property.kind & 0xfff == 0x1f { property.text(page) } else { charset::decode(property.value, None).0 }
}

fn attachment_property<'a>(now: &mut Building<'a>, property: &Property<'a>, page: Option<u32>) {
    match property.id {
        0x3707 => now.long_name = property.text(page),
        0x3704 | 0x3001 if now.title.is_empty() => now.title = property.text(page),
        0x370e => now.mime = property.text(page),
        0x3712 => now.content_id = property.text(page),
        0x3701 => now.object = Some(property.value),
        _ => {}
    }
}

fn set_text(out: &mut Unpacked, text: &str) {
    if out.text.is_none() && !text.trim().is_empty() {
        out.text = Some(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
}

fn finish(building: Option<Building<'_>>, depth: usize, out: &mut Unpacked) {
    let Some(built) = building else {
        return;
    };
    // An object begins with the id of its kind; behind it a whole message may be packed the same way.
    if let Some(inner) = built.object.and_then(|o| o.get(16..)).filter(|o| is_tnef(o)) {
        if depth > 1 {
            let mut enclosed = Unpacked::default();
            unpack_into(inner, depth - 1, &mut enclosed);
            out.attachments.append(&mut enclosed.attachments);
            out.attachments.truncate(ATTACHMENTS);
        }
        return;
    }
    let data = built.data.or(built.object);
    let Some(data) = data.filter(|_| out.attachments.len() < ATTACHMENTS) else {
        return;
    };
    let name = [&built.long_name, &built.title].into_iter().map(|n| safe_name(n)).find(|n| !n.is_empty());
    let number = out.attachments.len() + 1;
    out.attachments.push(Attachment {
        name: name.unwrap_or_else(|| format!("attachment-{number}")),
        content_type: content_type(&built.mime.to_lowercase(), data),
        content_id: Some(built.content_id.clone()).filter(|c| !c.is_empty()),
        inline: !built.content_id.is_empty(),
        data: data.to_vec(),
    });
}

/// Text in the code page that the envelope names, up to its NUL.
fn string(value: &[u8], page: Option<u32>) -> String {
    let end = memchr::memchr(0, value).unwrap_or(value.len());
    let label = page.filter(|p| *p != 0).map(|p| match p {
        65001 => "utf-8".to_owned(),
        932 | 936 | 949 | 950 => format!("cp{p}"),
        p => format!("windows-{p}"),
    });
    charset::decode(&value[..end], label.as_deref()).0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Builds an envelope of attributes.
    fn envelope(attributes: &[(u8, u32, Vec<u8>)]) -> Vec<u8> {
        let mut out = SIGNATURE.to_le_bytes().to_vec();
        out.extend([1, 0]);
        for (level, id, value) in attributes {
            out.push(*level);
            out.extend(id.to_le_bytes());
            out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
            out.extend(value);
            out.extend([0, 0]);
        }
        out
    }

    fn wide(text: &str) -> Vec<u8> {
        let bytes: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        let mut out = u32::try_from(bytes.len()).unwrap().to_le_bytes().to_vec();
        out.extend(&bytes);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    }

    #[test]
    fn attachments_and_text_come_out_of_the_envelope() {
        let long_name =
            [&1u32.to_le_bytes()[..], &[0x1f, 0, 0x07, 0x37, 1, 0, 0, 0], &wide("Prüfbericht.pdf")].concat();
        let data = envelope(&[
            (1, BODY, b"Hello\r\nyou\0".to_vec()),
            (2, ATTACHMENT_START, vec![0; 14]),
            (2, ATTACHMENT_TITLE, b"PRUEFB~1.PDF\0".to_vec()),
            (2, ATTACHMENT_DATA, b"%PDF-1.4".to_vec()),
            (2, ATTACHMENT_PROPERTIES, long_name),
            (2, ATTACHMENT_START, vec![0; 14]),
            (2, ATTACHMENT_TITLE, b"..\\a.txt\0".to_vec()),
            (2, ATTACHMENT_DATA, b"text".to_vec()),
        ]);
        let out = unpack(&data);
        assert_eq!(out.text.as_deref(), Some("Hello\nyou"));
        let names: Vec<&str> = out.attachments.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, ["Prüfbericht.pdf", "a.txt"]);
        assert_eq!(out.attachments[0].content_type, "application/pdf");
        assert!(!out.broken);
    }

    #[test]
    fn a_torn_envelope_gives_what_came_before_the_tear() {
        let data = envelope(&[
            (2, ATTACHMENT_START, vec![0; 14]),
            (2, ATTACHMENT_TITLE, b"a.txt\0".to_vec()),
            (2, ATTACHMENT_DATA, b"text".to_vec()),
            (2, ATTACHMENT_START, vec![0; 14]),
        ]);
        let out = unpack(&data[..data.len() - 5]);
        assert!(out.broken);
        assert_eq!(out.attachments.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
            let data = [&SIGNATURE.to_le_bytes()[..], &[0, 0], &body].concat();
            let out = unpack(&data);
            proptest::prop_assert!(out.attachments.iter().map(|a| a.data.len()).sum::<usize>() <= data.len());
        }
    }
}
