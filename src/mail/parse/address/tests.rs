//! Spellings of addresses, and what must hold for any text.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::clock::processor;

fn shown(raw: &str) -> String {
    let list = list(raw.as_bytes(), None);
    let one = |a: &Address| format!("{}<{}>", a.name.clone().unwrap_or_default(), a.address);
    list.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn check(cases: &[(&str, &str)]) {
    for (raw, want) in cases {
        assert_eq!(shown(raw), *want, "{raw}");
    }
}

#[test]
fn addresses_are_found_in_every_spelling() {
    check(&[
        ("a@b.test", "<a@b.test>"),
        ("Ann <a@b.test>, \"Lee, Bob\" <b@b.test>", "Ann<a@b.test> Lee, Bob<b@b.test>"),
        ("=?utf-8?q?M=C3=BCller,_J?= <a@b.test>", "Müller, J<a@b.test>"),
        ("Ann <a@b.test>; Bob <b@b.test>", "Ann<a@b.test> Bob<b@b.test>"),
        ("a@b.test (Ann)", "Ann<a@b.test>"),
        ("undisclosed-recipients:;", ""),
        ("Team: a@b.test, Bob <b@b.test>;", "<a@b.test> Bob<b@b.test>"),
        ("Our team : a@b.test; Bob <b@b.test>", "<a@b.test> Bob<b@b.test>"),
        ("\"Ann <a@b.test>", "Ann<a@b.test>"),
        ("ann@home.test <a@b.test>", "ann@home.test<a@b.test>"),
        ("<@relay.test:a@b.test>", "<a@b.test>"),
        ("<@one.test,@two.test:a@b.test>", "<a@b.test>"),
        ("'Ann' <a@b.test>", "Ann<a@b.test>"),
        ("Lee, Ann <a@b.test>", "Lee, Ann<a@b.test>"),
        ("Ann <a@b.test>, Bob", "Ann<a@b.test> Bob<>"),
        ("Ann @ Works <a@b.test>", "Ann @ Works<a@b.test>"),
        ("Ann\u{a0}<a@b.test>", "Ann<a@b.test>"),
        ("\"ann@b.test\" <ann@b.test>", "<ann@b.test>"),
        ("MAILER-DAEMON (Mail system)", "MAILER-DAEMON<>"),
        ("(nobody)", "nobody<>"),
        ("", ""),
    ]);
}

/// Each was one address made of all of its words.
#[test]
fn a_name_without_brackets_is_never_glued_to_its_address() {
    check(&[
        ("Ann Lee a@b.test", "Ann Lee<a@b.test>"),
        ("a@b.test Ann Lee", "Ann Lee<a@b.test>"),
        ("Ann a@b.test Lee", "Ann<a@b.test>"),
        ("\"Ann Lee\" a@b.test", "Ann Lee<a@b.test>"),
        ("\"Ann Lee\"a@b.test", "Ann Lee<a@b.test>"),
        ("=?utf-8?q?Ann?= a@b.test", "Ann<a@b.test>"),
        ("=?utf-8?q?Ann_=3Ca=40b.test=3E?=", "Ann<a@b.test>"),
        ("=?utf-8?q?a=40b.test?=", "<a@b.test>"),
        ("\"Ann <a@b.test>\"", "Ann<a@b.test>"),
        ("(a@b.test)", "<a@b.test>"),
        ("Ann <Lee a@b.test>", "Ann Lee<a@b.test>"),
        ("Ann\ta@b.test\t", "Ann<a@b.test>"),
    ]);
}

#[test]
fn what_people_put_around_an_address_is_no_part_of_it() {
    for raw in [
        "[a@b.test]",
        "'a@b.test'",
        "<'a@b.test'>",
        "'<a@b.test>'",
        "mailto:a@b.test",
        "<mailto:a@b.test>",
        "[mailto:a@b.test]",
        "<MAILTO:a@b.test?subject=x>",
        "[SMTP:a@b.test]",
        "a@b.test.",
        "<a@b.test.>",
        "a@b.test,",
        ";a@b.test;",
        "<<a@b.test>>",
        "<a@b.test",
        "a@b.test>",
        "“a@b.test”",
        "‘a@b.test’",
        "«a@b.test»",
        "＜a@b.test＞",
        "*a@b.test*",
        "`a@b.test`",
        "{a@b.test}",
        "\u{200b}a@b.test\u{feff}",
        "a@b.test <a@b.test>",
        "a@b.test <mailto:A@B.test>",
        "a@b.test…",
        "<a@b.test>.",
        "\\a@b.test",
        "a@b.test<a@b.test",
        "'a@b.test",
        "a @ b.test",
        "a@ b.test",
        "a @b.test",
        "<a(x)@(y)b.test>",
    ] {
        assert_eq!(shown(raw).to_lowercase(), "<a@b.test>", "{raw}");
    }
    check(&[
        ("Ann [mailto:a@b.test]", "Ann<a@b.test>"),
        ("Ann: a@b.test", "<a@b.test>"),
        ("Ann“a@b.test”", "Ann<a@b.test>"),
        ("安娜＜a@b.test＞", "安娜<a@b.test>"),
        ("O'Neil <o'neil@b.test>", "O'Neil<o'neil@b.test>"),
        ("o’neil@b.test", "<o’neil@b.test>"),
        ("Jörg <jörg@bücher.test>", "Jörg<jörg@bücher.test>"),
        ("a@xn--bcher-kva.test", "<a@xn--bcher-kva.test>"),
        ("a@[192.0.2.1], b@[IPv6:2001:db8::1]", "<a@[192.0.2.1]> <b@[IPv6:2001:db8::1]>"),
        ("root@localhost", "<root@localhost>"),
        ("bounce+ann=x.test@b.test", "<bounce+ann=x.test@b.test>"),
    ]);
}

/// Programs that make HTML of everything do it to header fields, too.
#[test]
fn brackets_and_quotes_may_be_written_as_in_html() {
    check(&[
        ("Ann &lt;a@b.test&gt;", "Ann<a@b.test>"),
        ("&lt;a@b.test&gt;", "<a@b.test>"),
        ("&quot;Lee, Ann&quot; &lt;a@b.test&gt;", "Lee, Ann<a@b.test>"),
        ("Ann &#60;a@b.test&#62;", "Ann<a@b.test>"),
        ("Ann &#x3C;a@b.test&#x3e;", "Ann<a@b.test>"),
        ("Ann &amp;lt;a@b.test&amp;gt;", "Ann<a@b.test>"),
        ("Ann&nbsp;&LT;a@b.test&GT;", "Ann<a@b.test>"),
        ("Ann &lt;a@b.test&gt;, Bob &lt;c@d.test&gt;; e@f.test", "Ann<a@b.test> Bob<c@d.test> <e@f.test>"),
        ("Ann &lt;a&b@b.test&gt;", "Ann<a&b@b.test>"),
        ("Ann &amp; Bob <a@b.test>", "Ann &amp, Bob<a@b.test>"),
    ]);
}

#[test]
fn several_addresses_are_several() {
    check(&[
        ("a@b.test c@d.test", "<a@b.test> <c@d.test>"),
        ("a@b.test\tc@d.test  e@f.test", "<a@b.test> <c@d.test> <e@f.test>"),
        ("Ann <a@b.test> <c@d.test>", "Ann<a@b.test> <c@d.test>"),
        ("Ann <a@b.test> Bob <c@d.test>", "Ann<a@b.test> Bob<c@d.test>"),
        ("Ann a@b.test Bob c@d.test", "Ann<a@b.test> Bob<c@d.test>"),
        ("<a@b.test c@d.test>", "<a@b.test> <c@d.test>"),
        ("<a@b.test, c@d.test>", "<a@b.test> <c@d.test>"),
        ("a@b.test[c@d.test]", "<a@b.test> <c@d.test>"),
        ("\"a@b.test c@d.test\"", "<a@b.test> <c@d.test>"),
        ("\"a@b.test\", c@d.test", "<a@b.test> <c@d.test>"),
        ("a@b.test (Ann) c@d.test (Bob)", "Ann<a@b.test> Bob<c@d.test>"),
        ("Team: a@b.test; Others: c@d.test;", "<a@b.test> <c@d.test>"),
    ]);
}

#[test]
fn a_quoted_local_part_keeps_its_blanks() {
    check(&[
        ("\"ann lee\"@b.test", "<\"ann lee\"@b.test>"),
        ("Ann <\"ann lee\"@b.test>", "Ann<\"ann lee\"@b.test>"),
        ("\"Ann\"@b.test", "<Ann@b.test>"),
        ("\"Ann\" @ b.test", "<Ann@b.test>"),
        ("\"a\\\"b\"@b.test", "<\"a\\\"b\"@b.test>"),
        ("\"x@y.test\"@b.test", "<\"x@y.test\"@b.test>"),
        ("\"a..b\"@b.test", "<\"a..b\"@b.test>"),
    ]);
}

#[test]
fn what_is_no_address_is_none() {
    for raw in [
        "a at b.test",
        "a＠b.test",
        "a@b@c.test",
        "@b.test",
        "a@",
        "@",
        "a@.test",
        "a@b..test",
        "a@b.test=x",
        "x.\"a b\"@b.test",
        "\"a b\".x@b.test",
        "a\u{200b}a@b.test",
        "a@b\u{202e}c.test",
        "=?utf-8?q?a@b.test",
        "Ann @ Works",
        "a@b%c.test",
        "a@[b c]",
    ] {
        assert!(list(raw.as_bytes(), None).iter().all(|a| a.address.is_empty()), "{raw}: {}", shown(raw));
    }
}

#[test]
fn the_null_path_is_told_from_no_path() {
    assert_eq!(one(b"<>"), Some(String::new()));
    assert_eq!(one(b" <a@b.test> "), Some("a@b.test".into()));
    assert_eq!(one(b"<a@b.test> c@d.test"), Some("a@b.test".into()));
    assert_eq!(one(b""), None);
}

/// Each bracket or quote that is not closed was looked for again and again.
#[test]
fn a_long_field_of_anything_is_read_at_once() {
    for piece in [
        "<",
        "\"",
        "(",
        ")",
        ",",
        "@",
        ":",
        ";",
        "\\",
        "[",
        "a@",
        "@[",
        "<\"",
        "(\"",
        "\"(",
        "(\\",
        "\\\"",
        "'",
        "a@b.c ",
        "a ",
        "\"a\"@",
        "\"a\" @ ",
        "<a@b>",
        "((a)",
        "=?",
        "=?a?q?",
        "=?a?q?x",
        "=?a?q?x?= ",
        "a@[b",
    ] {
        let text = piece.repeat((1 << 18) / piece.len());
        let before = processor::spent();
        list(text.as_bytes(), None);
        // Linear, this is a tenth of a second; quadratic, half a minute and more.
        let took = processor::since(before);
        assert!(took < Duration::from_secs(10), "{piece}: {took:?}");
    }
}

fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        Just("ann@b.test"),
        Just("c@d.test"),
        Just("Ann"),
        Just(" "),
        Just("<"),
        Just(">"),
        Just("\""),
        Just("("),
        Just(")"),
        Just(","),
        Just(";"),
        Just(":"),
        Just("@"),
        Just("."),
        Just("["),
        Just("]"),
        Just("'"),
        Just("\\"),
        Just("mailto:"),
        Just("“"),
        Just("é"),
        Just("&lt;"),
        Just("&gt;"),
        Just("&quot;"),
        Just("&amp;"),
        Just("&#64;"),
        Just("=?utf-8?q?x=40y.z?="),
        Just("\t"),
    ];
    proptest::collection::vec(scrap, 0..14).prop_map(|scraps| scraps.concat())
}

proptest! {
    #[test]
    fn an_address_is_a_piece_of_what_was_written(raw in scraps()) {
        let plain = |text: &str| text.replace('\\', "");
        let masked = plain(&word::mask(raw.as_bytes(), None));
        for found in list(raw.as_bytes(), None).iter().filter(|found| has_address(found)) {
            let address = plain(&found.address);
            let (local, host) = address.rsplit_once('@').expect("it has an @");
            let bare = local.trim_matches('"');
            let is_there = masked.match_indices(host).any(|(at, _)| {
                let before = before_at(&masked[..at]);
                before.ends_with(local) || before.trim_end_matches('"').ends_with(bare)
            });
            prop_assert!(is_there, "{raw}: {} in {masked}", found.address);
        }
    }

    #[test]
    fn two_addresses_are_never_one(gap in "[ \t\"'<>(),;.:\\[\\]]{1,4}") {
        let raw = format!("ann@b.test{gap}cid@d.test");
        for found in list(raw.as_bytes(), None).iter().filter(|found| has_address(found)) {
            let known = ["ann@b.test", "cid@d.test"].contains(&found.address.as_str());
            prop_assert!(known, "{raw}: {}", found.address);
        }
    }
}

/// What stands in front of an `@` and the blanks and comments around it.
fn before_at(text: &str) -> &str {
    let gap = |c: char| c.is_whitespace() || "()".contains(c);
    let mut text = text.trim_end_matches(gap);
    while !text.ends_with('@') && text.contains('(') {
        text = text.rsplit_once('(').map_or("", |(before, _)| before).trim_end_matches(gap);
    }
    text.trim_end_matches('@').trim_end_matches(gap)
}
