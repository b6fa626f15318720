//! Tests of where the result of a mail comes from.

use super::*;
use crate::config::Config;
use crate::mail::parse;
use crate::net::dns::Fixed;
use crate::ticket::authentication::Authentication;

const NOW: Timestamp = Timestamp(1_772_445_600_000_000);

fn queue(settings: &str) -> Queue {
    let text = format!(
        "[[smtp]]\nname = \"out\"\ndirectory = \"out\"\n[[queues]]\nslug = \"s\"\ntitle = \"S\"\naddress = \"s@desk.test\"\nsmtp = \"out\"\n{settings}"
    );
    Config::parse(&text, std::path::Path::new("config.toml")).unwrap().queues.remove(0)
}

async fn checked(raw: &str, settings: &str) -> Checked {
    let policy = Fixed::default().text("_dmarc.a.test", "v=DMARC1; p=reject");
    let authenticator = Authenticator::new(Resolver::fixed(policy));
    let raw = Bytes::copy_from_slice(raw.as_bytes());
    let mail = parse::parse(&raw, &Limits::default());
    authenticator.authenticate(&whole(&mail, &raw), &queue(settings), NOW).await
}

fn whole<'a>(mail: &'a Mail, raw: &'a Bytes) -> Arrived<'a> {
    Arrived { mail, raw, extent: Extent::Whole, received_at: NOW }
}

const TRUSTING: &str = "authserv_ids = [\"mx.desk.test\"]";
const NOTED: &str = "Authentication-Results: mx.desk.test; dmarc=pass header.from=a.test\r\n";

#[tokio::test]
async fn a_queue_that_trusts_nobody_and_checks_nothing_knows_nothing() {
    let checked = checked(&format!("{NOTED}From: x@a.test\r\n\r\n"), "verify = false").await;
    assert_eq!(checked.authentication, Authentication::Unknown);
    assert_eq!(checked.evidence, "neither `authserv_ids` nor `verify` is set");
}

#[tokio::test]
async fn what_the_server_noted_comes_before_a_check_of_our_own() {
    let alone = format!("{TRUSTING}\nverify = false");
    let mail = "From: x@a.test\r\n\r\n";
    for (header, settings, expected) in [
        (NOTED, alone.as_str(), "pass"),
        (NOTED, TRUSTING, "pass"),
        (NOTED, "", "none"),
        ("", alone.as_str(), "unknown"),
        ("", TRUSTING, "none"),
        ("Authentication-Results: mx.desk.test; spf=pass\r\n", TRUSTING, "none"),
        ("Authentication-Results: mx.desk.test; spf=pass\r\n", alone.as_str(), "unknown"),
        ("Authentication-Results: mx.desk.test; dkim=none\r\n", alone.as_str(), "none"),
    ] {
        let checked = checked(&format!("{header}{mail}"), settings).await;
        assert_eq!(checked.authentication.as_str(), expected, "{header}{settings}: {}", checked.evidence);
    }
}

#[tokio::test]
async fn a_mail_without_exactly_one_author_is_never_authenticated() {
    for from in [
        "",
        "From: \r\n",
        "From: x@a.test, y@a.test\r\n",
        "From: x@a.test\r\nFrom: y@a.test\r\n",
        "From: x@a.test\r\nFrom: \r\n",
        "From: x@[127.0.0.1]\r\n",
        "From: nobody\r\n",
    ] {
        let checked = checked(&format!("{NOTED}{from}\r\n"), TRUSTING).await;
        assert_eq!(checked.authentication, Authentication::Unknown, "{from}: {}", checked.evidence);
    }
}

#[tokio::test]
async fn a_field_inside_of_the_message_is_only_text() {
    let inside =
        format!("From: x@a.test\r\nContent-Type: message/rfc822\r\n\r\n{NOTED}From: x@a.test\r\n\r\n{NOTED}");
    assert_eq!(checked(&inside, TRUSTING).await.authentication, Authentication::None);
    let encoded = format!("Subject: =?utf-8?q?a=0D=0A{}?=\r\nFrom: x@a.test\r\n\r\n", NOTED.trim_end());
    assert_eq!(checked(&encoded, TRUSTING).await.authentication, Authentication::None);
}

#[tokio::test]
async fn a_process_without_dns_leaves_the_question_open() {
    let raw = Bytes::from_static(b"From: x@a.test\r\n\r\n");
    let mail = parse::parse(&raw, &Limits::default());
    let settings = queue("");
    let checked = Authenticator::default().authenticate(&whole(&mail, &raw), &settings, NOW).await;
    assert_eq!(checked.authentication, Authentication::Unknown);
}

#[tokio::test]
async fn an_old_date_counts_even_where_the_mail_arrived_just_now() {
    let raw = "Date: Mon, 2 Feb 2026 10:00:00 +0000\r\nFrom: x@a.test\r\n\r\n";
    let checked = checked(raw, "").await;
    assert_eq!(checked.authentication, Authentication::Unknown, "{}", checked.evidence);
}

#[tokio::test]
async fn a_mail_that_was_too_large_is_not_judged_by_its_missing_body() {
    let raw = Bytes::from_static(b"From: x@a.test\r\n\r\n");
    let mail = parse::parse(&raw, &Limits::default());
    let policy = Fixed::default().text("_dmarc.a.test", "v=DMARC1; p=reject");
    let arrived = Arrived { extent: Extent::Headers, ..whole(&mail, &raw) };
    let authenticator = Authenticator::new(Resolver::fixed(policy));
    let checked = authenticator.authenticate(&arrived, &queue(""), NOW).await;
    assert_eq!(checked.authentication, Authentication::Unknown);
    assert_eq!(checked.evidence, "own check: only the header was read");
}
