//! Nothing that somebody wrote vanishes: each word of each text part is in the text or in an attachment.

use proptest::prelude::*;

use super::read;

/// Kinds of parts that hold text, and words around the parts.
fn mails() -> impl Strategy<Value = (String, Vec<String>)> {
    let kind = prop::sample::select(vec![
        "text/plain; charset=utf-8",
        "text/html; charset=utf-8",
        "text/plain; name=notes.txt",
        "text/plain; charset=x-unknown",
        "text/enriched",
        "text",
        "",
        "text/markdown",
        "text/csv; name=a.csv",
        "application/x-odd",
        "text/plain; format=flowed",
    ]);
    let disposition =
        prop::sample::select(vec!["", "Content-Disposition: inline\n", "Content-Disposition: attachment\n"]);
    let multipart =
        prop::sample::select(vec!["mixed", "related", "report; report-type=x", "digest-like", "parallel"]);
    let tail = prop::sample::select(vec!["", " words behind", "\t", "; x"]);
    let part = (kind, disposition, "[a-z]{5}");
    let parts = prop::collection::vec(part, 1..6);
    let around = prop::sample::select(vec!["", "above", "below", "between"]);
    (multipart, parts, tail, any::<bool>(), around).prop_map(|(multipart, parts, tail, is_closed, around)| {
        let mut raw = format!(
            "From: a@x.test\nMIME-Version: 1.0\nContent-Type: multipart/{multipart}; boundary=q7\n\n"
        );
        let mut words = Vec::new();
        let mut outside = |raw: &mut String, place: &str| {
            if place == around {
                raw.push_str(&["words", place, " of somebody\n"].concat());
                words.push(format!("words{place}"));
            }
        };
        outside(&mut raw, "above");
        let mut words_of_parts = Vec::new();
        for (n, (kind, disposition, word)) in parts.into_iter().enumerate() {
            let word = format!("w{n}{word}");
            let kind = if kind.is_empty() { String::new() } else { format!("Content-Type: {kind}\n") };
            raw += &["--q7", tail, "\n", &kind, disposition, "\n", &word, " is here\n"].concat();
            words_of_parts.push(word);
            if n == 0 && around == "between" {
                raw.push_str("--q7--\n");
                outside(&mut raw, "between");
            }
        }
        if is_closed || around == "below" {
            raw.push_str("--q7--\n");
        }
        outside(&mut raw, "below");
        words.extend(words_of_parts);
        (raw, words)
    })
}

proptest! {
    #[test]
    fn every_word_of_every_part_is_in_the_text_or_an_attachment((raw, words) in mails()) {
        let mail = read(&raw);
        let files: String = mail.attachments.iter().map(|a| String::from_utf8_lossy(&a.data).into_owned()).collect();
        for word in words {
            prop_assert!(mail.text.contains(&word) || files.contains(&word), "{word} of {raw}: {}", mail.text);
        }
        prop_assert!(mail.new_text.split_whitespace().all(|word| mail.text.contains(word)));
    }
}
