//! Writes mails of random and of the worst texts, as the daemon does before it sends them, and reads them back.
//!
//! What panics, takes too long or breaks a promise is kept as the frozen mail that it was.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::PathBuf;

use helpdeskd::mail::compose::Draft;
use helpdeskd::mail::compose::Files;
use helpdeskd::mail::parse;
use helpdeskd::mail::parse::Limits;
use serde_json::Value;
use serde_json::json;

use crate::chance::Chance;
use crate::line;
use crate::measure;

const MOST_NANOS: u64 = 1_000_000_000;
/// Longest text; longer ones leave as files.
const LONGEST: usize = 256 * 1024;
const FROM: &str = "support@desk.test";
const TO: &str = "ann@customer.test";

/// Of these the worst texts are made, many times over.
const PIECES: &[&str] = &[
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "a\n",
    " \n",
    "> \n",
    "> a\n",
    ".\r\n",
    "From here\n",
    "-- \n",
    ":",
    "::",
    ": ",
    " ",
    "\t",
    "z",
    "word ",
    "ü",
    "日本",
    "🎈",
    "\u{202e}",
    "\u{2028}",
    "\0",
    "\u{1b}[31m",
    "<b>",
    "<div>",
    "&amp;",
    "&",
    "<",
    "\"",
    "\\",
    "=?utf-8?q?a?=",
    "=0D=0A",
    "\r\nBcc: eve@evil.test\r\n",
    "\n\nbody",
    "\r\n.\r\n",
    "Subject: x\n",
    "--boundary\n",
    ", eve@evil.test",
    "<eve@evil.test>",
];

/// The fields that a mail of ours can have.
const FIELDS: &[&str] = &[
    "message-id",
    "date",
    "from",
    "to",
    "subject",
    "reply-to",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "auto-submitted",
    "x-auto-response-suppress",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "content-transfer-encoding",
];

/// What was tried so far.
#[derive(Debug, Default)]
pub struct Outgoing {
    tried: u64,
    pub broken: usize,
    slowest: u64,
}

impl Outgoing {
    pub fn try_one(&mut self, chance: &mut Chance) {
        let frozen = draft(chance);
        self.tried += 1;
        let before = measure::nanos();
        let written = catch_unwind(|| written(&frozen)).unwrap_or_else(|_| Err("it panicked".to_owned()));
        let nanos = measure::nanos().saturating_sub(before);
        self.slowest = self.slowest.max(nanos);
        let promised = written.and_then(|raw| {
            let checked = catch_unwind(|| check(&frozen, &raw))
                .unwrap_or_else(|_| Err("reading it panicked".to_owned()));
            if nanos > MOST_NANOS { Err(format!("it took {} ms", nanos / 1_000_000)) } else { checked }
        });
        if let Err(why) = promised {
            self.broken += 1;
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
            let path = folder.join(format!("outgoing-{}.json", self.broken));
            let _ = fs::write(&path, frozen.to_string());
            line(&format!("{}: {why}", path.display()));
        }
    }

    pub fn told(&self) -> String {
        let Self { tried, broken, slowest } = self;
        format!("{tried} outgoing, {broken} broken, slowest {} ms", slowest / 1_000_000)
    }
}

fn draft(chance: &mut Chance) -> Value {
    let short = |chance: &mut Chance| text(chance, 2000);
    let many = chance.skewed(200);
    let references: Vec<String> = (0..many).map(|_| text(chance, 300)).collect();
    json!({
        "from_name": short(chance), "from": FROM, "to_name": short(chance), "to": TO,
        "reply_to": chance.one_in(2).then_some("support+x@desk.test"),
        "subject": short(chance), "message_id": format!("{}1@desk.test", text(chance, 50)),
        "in_reply_to": chance.one_in(2).then(|| text(chance, 300)), "references": references,
        "date": chance.number() >> 31, "voice": chance.pick(&["agent", "answer", "notice"]),
        "unsubscribe": chance.one_in(2).then(|| format!("https://desk.test/{}", text(chance, 300))),
        "text": text(chance, LONGEST), "html": text(chance, LONGEST), "attachments": [],
    })
}

/// One piece many times, or many pieces in any order.
fn text(chance: &mut Chance, most: usize) -> String {
    let length = chance.skewed(most);
    let only: Option<&str> = chance.one_in(2).then(|| *chance.pick(PIECES));
    let mut out = String::new();
    while out.len() < length {
        out.push_str(only.unwrap_or_else(|| *chance.pick(PIECES)));
    }
    out
}

fn written(frozen: &Value) -> Result<Vec<u8>, String> {
    let draft = Draft::thaw(&frozen.to_string()).map_err(|error| error.to_string())?;
    draft.compose(Files::default()).map_err(|error| error.to_string())
}

fn check(frozen: &Value, raw: &[u8]) -> Result<(), String> {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n").ok_or("it has no end of its head")?;
    let head = std::str::from_utf8(&raw[..end]).map_err(|error| error.to_string())?;
    let mut names = BTreeSet::new();
    for field in head.split("\r\n") {
        if field.contains(char::is_control) || field.len() > 998 {
            return Err(format!("the line {:?} of its head", field.chars().take(80).collect::<String>()));
        }
        if !field.starts_with(' ') {
            let name = field.split(':').next().unwrap_or_default().to_ascii_lowercase();
            if !FIELDS.contains(&name.as_str()) || !names.insert(name.clone()) {
                return Err(format!("the field {name:?}"));
            }
        }
    }
    if raw
        .split(|&byte| byte == b'\n')
        .any(|line| line.len() > 999 || !line.is_empty() && !line.ends_with(b"\r"))
    {
        return Err("a line that is too long or has a bare end".to_owned());
    }
    let mail = parse::parse(raw, &Limits::default());
    let addresses =
        |list: &[helpdeskd::mail::Address]| list.iter().map(|one| one.address.clone()).collect::<Vec<_>>();
    if addresses(&mail.from) != [FROM] || addresses(&mail.to) != [TO] || !mail.cc.is_empty() {
        return Err(format!("it is from {:?} to {:?}", addresses(&mail.from), addresses(&mail.to)));
    }
    let (said, read) = (plain(frozen["text"].as_str().unwrap_or_default()), plain(&mail.text));
    // Without words of its own, a mail's text is read from its HTML.
    if said != read && !said.is_empty() {
        let at = said.chars().zip(read.chars()).take_while(|(a, b)| a == b).count();
        return Err(format!("its text is another from letter {at} of {} and {} on", said.len(), read.len()));
    }
    Ok(())
}

/// What of a text is more than blanks and what cannot be seen.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{fffd}').collect()
}
