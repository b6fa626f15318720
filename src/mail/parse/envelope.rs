//! Attachments, and what is taken out of those that are envelopes: Outlook's, and mail signed as a whole.
//!
//! Text from inside becomes the mail's; an envelope from which nothing comes stays as it is.

use crate::mail::Attachment;
use crate::mail::Defect;
use crate::mail::Mail;
use crate::mail::parse::attachment;
use crate::mail::parse::body::Role;
use crate::mail::parse::card;
use crate::mail::parse::card::known::Known;
use crate::mail::parse::charset;
use crate::mail::parse::cms;
use crate::mail::parse::cms::Envelope;
use crate::mail::parse::mime::Part;
use crate::mail::parse::text;
use crate::mail::parse::text::Body;
use crate::mail::parse::text::Told;
use crate::mail::parse::tnef;

/// How what is inside of an envelope is read.
pub(crate) struct Opener<'a> {
    pub(crate) decoded_bytes: usize,
    /// Reads a mail; none where mails lie too deep in mails.
    pub(crate) read: &'a dyn Fn(&[u8]) -> Option<Mail>,
}

/// Decodes what is attached, and opens envelopes.
pub(crate) fn attach(
    parts: &[Part<'_>],
    attached: Vec<(usize, Role)>,
    opener: &Opener<'_>,
    body: &mut Body,
    defects: &mut Vec<Defect>,
) {
    let mut decoded: usize = body.attachments.iter().map(|a| a.data.len()).sum();
    for (id, role) in attached {
        let made = attachment::from_part(&parts[id], role, body.attachments.len() + 1, defects);
        let mut left_out = Vec::new();
        for one in open(made, opener, body, defects) {
            if decoded + one.data.len() > opener.decoded_bytes {
                left_out.push(one.name);
            } else {
                decoded += one.data.len();
                body.attachments.push(one);
            }
        }
        defects.extend(
            left_out.into_iter().map(|name| Defect::new("too-large", format!("attachment {name} left out"))),
        );
    }
    tell(body);
}

/// An attachment, or what is in it if it is an envelope.
fn open(
    made: Attachment,
    opener: &Opener<'_>,
    body: &mut Body,
    defects: &mut Vec<Defect>,
) -> Vec<Attachment> {
    if tnef::is_tnef(&made.data) {
        return open_outlook(made, body, defects);
    }
    match cms::open(&made.data) {
        Some(Envelope::Signed(inner)) => {
            let mut out = (opener.read)(&inner).map(|mail| take(mail, body)).unwrap_or_default();
            // The signature is in it.
            out.push(made);
            out
        }
        Some(Envelope::Encrypted) => {
            defects
                .push(Defect::new("encrypted", format!("{} can be read by its recipient only", made.name)));
            vec![made]
        }
        None => vec![made],
    }
}

/// The attachments in Outlook's envelope; its text is taken where the mail has none.
fn open_outlook(made: Attachment, body: &mut Body, defects: &mut Vec<Defect>) -> Vec<Attachment> {
    let unpacked = tnef::unpack(&made.data);
    let is_empty = unpacked.attachments.is_empty() && unpacked.text.is_none() && unpacked.html.is_none();
    if body.text.trim().is_empty() {
        text::replace(body, unpacked.text, unpacked.html);
    }
    let mut out = unpacked.attachments;
    if unpacked.broken {
        defects.push(Defect::new("tnef-broken", format!("{} was read in part, and is kept", made.name)));
    }
    if unpacked.broken || is_empty || unpacked.is_item {
        out.push(made);
    }
    out
}

/// Takes the text of a mail that was signed as a whole, and gives what is attached to it.
fn take(mail: Mail, body: &mut Body) -> Vec<Attachment> {
    let below = std::mem::take(&mut body.text);
    text::replace(body, Some(mail.text), mail.html);
    if !below.trim().is_empty() {
        body.text = format!("{}\n{below}", body.text.trim_end());
    }
    mail.attachments
}

/// What appointments and cards say is the text of a mail that has no other, and stands below it where there is one.
fn tell(body: &mut Body) {
    let mut known = Known::of(&body.text);
    let is_alone = body.text.trim().is_empty();
    let mut told: [Vec<String>; 2] = Default::default();
    for file in &body.attachments {
        let Some(kind) = card::kind(&file.content_type, &file.data) else { continue };
        let lines = card::read(&charset::decode(&file.data, None).0);
        let Some(news) = known.news(&lines) else { continue };
        let place = usize::from(kind == card::Kind::Card);
        told[place].push(if is_alone { news } else { format!("[{}]\n{news}", file.name) });
    }
    let [appointments, cards] = told.map(|told| told.join("\n\n"));
    if is_alone {
        let text = text::below(&appointments, &cards);
        if !text.is_empty() {
            text::replace(body, Some(text), None);
        }
        return;
    }
    for words in [&appointments, &cards] {
        if let Some(html) = body.html.as_mut().filter(|_| !words.is_empty()) {
            html.push_str(&text::as_html(words));
        }
    }
    body.told = Told { appointments, cards };
}
