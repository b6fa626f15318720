//! What leaves can be read by every server and program, and is what was frozen.

use super::*;
use crate::clock::processor;

fn draft() -> Draft {
    Draft {
        from_name: "Support, \"EU\"\r\nBcc: eve@example.com".into(),
        from: "support@example.com".into(),
        to_name: "Jörg Müller".into(),
        to: "joerg@example.net".into(),
        reply_to: None,
        subject: "[support-1] Größe\r\nX-Evil: 1".into(),
        message_id: "hd.abc@example.com".into(),
        in_reply_to: Some("q1@example.net".into()),
        references: vec!["q0@example.net".into(), "q1@example.net".into()],
        date: 1_700_000_000,
        voice: Voice::Answer,
        unsubscribe: None,
        text: "Hello\n\nFrom here\n> not a quote".into(),
        html: "<p>Hello</p>".into(),
        bodies: vec![],
        whole_text: None,
        full_text: None,
        attachments: vec![],
    }
}

fn written(draft: &Draft, attachments: Vec<Vec<u8>>) -> String {
    String::from_utf8(draft.compose(Files { attachments, ..Files::default() }).unwrap()).unwrap()
}

#[test]
fn no_line_break_in_a_name_or_subject_makes_a_new_header() {
    let text = written(&draft(), vec![]);
    let head = text.split("\r\n\r\n").next().unwrap();
    assert!(!head.lines().any(|line| line.starts_with("Bcc") || line.starts_with("X-Evil")), "{head}");
    assert!(head.contains("Message-ID: <hd.abc@example.com>"));
    assert!(head.contains("References: <q0@example.net> <q1@example.net>"));
}

#[test]
fn no_line_of_the_head_is_longer_than_servers_take() {
    for letter in ["z", "\\", "\"", "<", "ü", "日", "z "] {
        let long = || letter.repeat(3000);
        let enclosure = Enclosure { blob: 1, name: long(), content_type: "text/plain".into() };
        let draft = Draft {
            from_name: long(),
            to_name: long(),
            subject: long(),
            references: vec![long()],
            unsubscribe: Some(long()),
            reply_to: Some("support+x@example.com".into()),
            attachments: vec![enclosure],
            ..draft()
        };
        let text = written(&draft, vec![b"file".to_vec()]);
        let longest = text.split("\r\n").max_by_key(|line| line.len()).unwrap();
        assert!(longest.len() <= 998, "{letter}: {} in {longest:.60}", longest.len());
    }
}

#[test]
fn only_automatic_mail_says_that_it_is() {
    assert!(written(&draft(), vec![]).contains("Auto-Submitted: auto-replied"));
    let agent = written(&Draft { voice: Voice::Agent, ..draft() }, vec![]);
    assert!(!agent.contains("Auto-Submitted") && !agent.contains("X-Auto-Response-Suppress"));
}

#[test]
fn a_quoted_local_part_is_written_as_it_was_read() {
    let text = written(&Draft { to: "\"ann lee\"@b.test".to_owned(), ..draft() }, vec![]);
    assert!(text.contains("<\"ann lee\"@b.test>\r\n"), "{text}");
}

#[test]
fn an_attachment_is_base64_whatever_it_holds() {
    let enclosure = Enclosure { blob: 1, name: "ä b.txt".into(), content_type: "text/plain".into() };
    let text = written(&Draft { attachments: vec![enclosure], ..draft() }, vec![b"bare\nline".to_vec()]);
    assert!(text.contains("Content-Transfer-Encoding: base64") && text.contains("YmFyZQpsaW5l"), "{text}");
    assert!(text.contains("filename*"), "{text}");
}

#[test]
fn a_frozen_draft_comes_out_as_it_went_in() {
    let frozen = draft().freeze().unwrap();
    assert_eq!(Draft::thaw(&frozen).unwrap().freeze().unwrap(), frozen);
}

#[test]
fn a_text_that_is_too_long_goes_along_as_a_file() {
    let draft = Draft { whole_text: Some(7), ..draft() };
    let frozen = Draft::thaw(&draft.freeze().unwrap()).unwrap();
    let files = Files { text: "bare\nü".into(), ..Files::default() };
    let text = String::from_utf8(frozen.compose(files).unwrap()).unwrap();
    assert!(text.contains("filename=\"message.txt\"") && text.contains("YmFyZQrDvA=="), "{text}");
}

#[test]
fn html_and_text_leave_with_crlf_whatever_ended_their_lines() {
    let odd = Draft { text: "a\rb\n\nc".into(), html: "<p>a\nb\rc\r\n</p>".into(), ..draft() };
    let text = written(&odd, vec![]);
    assert!(text.contains("a\r\nb\r\n\r\nc\r\n") && text.contains("<p>a\r\nb\r\nc\r\n</p>"), "{text:?}");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
}

/// The mail library moved the rest of the text for each line end: ten megabytes took an hour.
#[test]
fn four_times_the_text_takes_about_four_times_as_long() {
    let time = |shape: &str, bytes: usize| {
        let long = Draft {
            text: shape.repeat(bytes / shape.len()),
            html: shape.repeat(bytes / shape.len()),
            ..draft()
        };
        let once = || {
            let before = processor::spent();
            assert!(long.compose(Files::default()).unwrap().len() >= bytes);
            processor::since(before)
        };
        // Other work on this machine can still make it longer, never shorter.
        (0..5).map(|_| once()).min().unwrap()
    };
    for shape in ["\n", "a\n", "\r", "> \n", "z", "word ", "ü", " x"] {
        let (small, large) = (time(shape, 1 << 17), time(shape, 1 << 19));
        assert!(large < 12 * small, "{shape:?}: {small:?}, and {large:?} for four times as much");
    }
}

#[test]
fn many_references_keep_the_first_and_the_newest() {
    let ids: Vec<String> = (0..40).map(|n| format!("{n}@x")).collect();
    let text = references(&ids, Some("39@x"));
    assert!(text.starts_with("<0@x> <29@x>") && text.ends_with("<39@x>"), "{text}");
}
