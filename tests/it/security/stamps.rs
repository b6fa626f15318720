//! Results of authentication that a sender wrote themself, where the desk's own server neither stamped the mail nor
//! removed what was not its own: its filter was down.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::DkimSigner;
use rstest::rstest;

use helpdeskd::auth::Authenticator;
use helpdeskd::net::dns::Fixed;
use helpdeskd::net::dns::Resolver;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const FIELD: &str = "Authentication-Results";
const FORGED: &str = "mx.desk.test; dmarc=pass (p=reject) header.from=staff.test";
const SUBMITTED: &str = "mx.desk.test; auth=pass (login) smtp.auth=alex@staff.test";
const UNCHECKED: &str = "authserv_ids = [\"mx.desk.test\"]\nverify = false\n";
const CHECKED: &str = "authserv_ids = [\"mx.desk.test\"]\nown_hops = [\"*-mailcow\", \"mx2.desk.test\"]\n";

async fn desk(on: On, settings: &str, dns: Fixed) -> TestDesk {
    let mut desk = TestDesk::with_config(on, settings).await;
    desk.checks_mails();
    desk.rules.authenticator = Authenticator::new(Resolver::fixed(dns));
    desk.agent("alex@staff.test").await;
    desk
}

/// What was found out about a mail, in a word.
async fn found(desk: &TestDesk, mail: impl Into<Vec<u8>>) -> String {
    desk.receive(mail).await;
    desk.sent().await;
    let rows = desk.received().await;
    rows.last().and_then(|row| row.authentication).unwrap_or_default().as_str().to_owned()
}

/// An agent's mail with a forged result, and above it the lines of the way, lowest first.
fn forged(field: &str, way: &[&str]) -> Mail {
    let forged = mail("Alex <alex@staff.test>", "Close it").text("#close").stamped(FIELD, field);
    way.iter().fold(forged, |mail, line| mail.stamped("Received", line))
}

#[rstest]
#[case::named(&["from evil.test by mx.desk.test; Mon"])]
#[case::in_one_word(&["from evil by mx.desk.test; Mon"])]
#[case::with_an_address(&["from evil.test (evil.test [203.0.113.5]) by mx.desk.test (Postfix) with ESMTP id 1; Mon"])]
#[case::by_exim(&["from [203.0.113.5] (helo=mx.desk.test) by mx.desk.test with esmtp (Exim 4.96); Mon"])]
#[case::by_qmail(&["from unknown (HELO mx.desk.test) (203.0.113.5) by mx.desk.test with SMTP; Mon"])]
#[case::called_as_ours(&["from mx.desk.test (unknown [203.0.113.5]) by mx.desk.test (Postfix); Mon"])]
#[case::called_private(&["from localhost (evil.test [203.0.113.5]) by mx.desk.test (Postfix); Mon"])]
#[case::of_another_protocol(&["from mx.desk.test (evil.test [IPv6:2001:db8::5]) by mx.desk.test; Mon"])]
#[case::with_a_forged_line_below(&[
    "from gmail.com (gmail.com [198.51.100.1]) by mx.desk.test; Mon",
    "from evil.test (evil.test [203.0.113.5]) by mx.desk.test; Mon",
])]
#[case::behind_containers(&[
    "from evil.test (evil.test [203.0.113.5]) by mx.desk.test (Postcow) with ESMTPS; Mon",
    "from mx.desk.test ([172.22.1.253]) by dovecot-mailcow with LMTP; Mon",
])]
#[case::at_a_second_server(&[
    "from evil.test (evil.test [203.0.113.5]) by mx2.desk.test with ESMTP; Mon",
    "from mx2.desk.test (mx2.desk.test [198.51.100.7]) by mx.desk.test with ESMTP; Mon",
])]
#[tokio::test]
async fn a_forged_result_below_our_own_servers_line_proves_nothing(
    #[case] way: &[&str],
    #[values(FORGED, SUBMITTED)] field: &str,
    #[values((UNCHECKED, "unknown"), (CHECKED, "none"))] (settings, expected): (&str, &str),
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, settings, Fixed::default()).await;
    let found = found(&desk, forged(field, way)).await;
    assert!(found == expected || found == "unknown" && way.len() > 1, "{found}");
    assert_eq!(desk.tickets().await, "#1 open `Close it`, 1 message");
}

/// What a server wrote above the line by which it took the mail, no sender wrote.
#[rstest]
#[case::plain(&["from customer.test (mx.customer.test [203.0.113.5]) by mx.desk.test; Mon"], &[])]
#[case::containers(
    &["from customer.test (mx.customer.test [203.0.113.5]) by mx.desk.test (Postcow); Mon"],
    &["from mx.desk.test (mx.desk.test [172.22.1.253]) by dovecot-mailcow with LMTP; Mon"]
)]
#[case::a_filter_in_between(
    &["from customer.test (mx.customer.test [203.0.113.5]) by mx.desk.test; Mon"],
    &["from localhost (localhost [127.0.0.1]) by mx.desk.test (Postfix); Mon"]
)]
#[case::a_second_server(
    &["from customer.test (mx.customer.test [203.0.113.5]) by mx.desk.test; Mon"],
    &["from mx.desk.test (mx.desk.test [198.51.100.7]) by mx2.desk.test (Postfix); Mon"]
)]
#[case::nothing_below(&[], &["from postfix by dovecot-mailcow with LMTP; Mon"])]
#[tokio::test]
async fn a_result_above_the_line_by_which_the_mail_was_taken_counts(
    #[case] below: &[&str],
    #[case] above: &[&str],
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, CHECKED, Fixed::default()).await;
    let sent = mail("ann@customer.test", "Printer");
    let taken = below.iter().fold(sent, |mail, line| mail.stamped("Received", line));
    let noted = taken.stamped(FIELD, "mx.desk.test; dmarc=pass header.from=customer.test");
    let arrived = above.iter().fold(noted, |mail, line| mail.stamped("Received", line));
    assert_eq!(found(&desk, arrived).await, "pass");
}

/// Some servers stamp below their own line: where they are known to do so always, or an operator says so, that counts.
#[rstest]
#[case::google(
    "authserv_ids = [\"mx.google.com\"]\n",
    "from mail.customer.test (mail.customer.test. [203.0.113.5]) by mx.google.com with ESMTPS id x; Mon",
    "mx.google.com; dkim=pass header.i=@customer.test; dmarc=pass (p=NONE) header.from=customer.test"
)]
#[case::as_an_operator_says(
    "authserv_ids = [\"mx.desk.test\"]\nstamps_below = true\n",
    "from mail.customer.test (mail.customer.test [203.0.113.5]) by mx.desk.test (Postfix); Mon",
    "mx.desk.test; dmarc=pass header.from=customer.test"
)]
#[tokio::test]
async fn a_server_that_always_stamps_below_its_own_line_is_believed(
    #[case] settings: &str,
    #[case] line: &str,
    #[case] noted: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, settings, Fixed::default()).await;
    let arrived = mail("ann@customer.test", "Printer").stamped(FIELD, noted).stamped("Received", line);
    assert_eq!(found(&desk, arrived).await, "pass");
}

/// Where the place of a field leaves a doubt, the desk's own check removes it for whoever signs.
#[rstest]
#[tokio::test]
async fn a_signed_mail_passes_wherever_its_server_stamps(#[values(On::Sqlite, On::Postgres)] on: On) {
    let pkcs8 = Ed25519Key::generate_pkcs8().expect("a key is made");
    let key = || Ed25519Key::from_pkcs8_der(&pkcs8).expect("it is one");
    let record = format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key().public_key()));
    let dns = Fixed::default()
        .text("s1._domainkey.customer.test", &record)
        .text("_dmarc.customer.test", "v=DMARC1; p=reject");
    let desk = desk(on, CHECKED, dns).await;
    let raw = Vec::from(mail("ann@customer.test", "Printer"));
    let signer = DkimSigner::from_key(key()).domain("customer.test").selector("s1");
    let signature = signer.headers(["From", "Subject"]).sign(&raw).expect("it is signed").to_header();
    let taken = "Received: from customer.test (mx.customer.test [203.0.113.5]) by mx.desk.test; Mon\r\n";
    let noted = format!("{FIELD}: mx.desk.test; dmarc=pass header.from=customer.test\r\n");
    let arrived = [taken.as_bytes(), noted.as_bytes(), signature.as_bytes(), &raw].concat();
    assert_eq!(found(&desk, arrived).await, "pass");
    // What such a field says against a mail is believed: nobody forges that of themself.
    let against = "mx.desk.test; dmarc=fail (p=reject) header.from=customer.test";
    let failed = mail("ann@customer.test", "Chair").stamped(FIELD, against);
    let failed = failed.stamped("Received", "from evil.test (evil.test [203.0.113.5]) by mx.desk.test; Mon");
    assert_eq!(found(&desk, failed).await, "fail");
}
