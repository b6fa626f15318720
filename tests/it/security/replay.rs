//! Mails that somebody signed, sent again with other fields: what is not signed is nobody's word.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::DkimSigner;
use rstest::rstest;

use helpdeskd::auth::Authenticator;
use helpdeskd::net::dns::Fixed;
use helpdeskd::net::dns::Resolver;
use helpdeskd::store;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::person::User;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::office::MAILBOX;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";
const EVE: &str = "eve@evil.test";
/// What Microsoft signs.
const FEW: &[&str] = &["From", "Date", "Subject", "Message-ID", "Content-Type", "MIME-Version"];
const MANY: &[&str] =
    &["From", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "References", "Reply-To"];

const LATER: &str = "Mon, 02 Mar 2026 09:01:00 +0000";

/// A desk that finds the key of Ann's domain.
struct Keyed {
    desk: TestDesk,
    pkcs8: Vec<u8>,
}

impl Keyed {
    async fn start(on: On, tags: &str) -> Self {
        Self::with_config(on, tags, "cc = \"all\"\n").await
    }

    async fn with_config(on: On, tags: &str, config: &str) -> Self {
        let pkcs8 = Ed25519Key::generate_pkcs8().expect("a key is made");
        let public = Ed25519Key::from_pkcs8_der(&pkcs8).expect("it is one").public_key();
        let record = format!("v=DKIM1; k=ed25519; {tags}p={}", STANDARD.encode(public));
        let dns = Fixed::default()
            .text("s1._domainkey.customer.test", &record)
            .text("_dmarc.customer.test", "v=DMARC1; p=reject");
        let mut desk = TestDesk::with_config(on, config).await;
        desk.checks_mails();
        desk.rules.authenticator = Authenticator::new(Resolver::fixed(dns));
        Self { desk, pkcs8 }
    }

    fn signed(&self, mail: &Mail, fields: &[&str]) -> String {
        let key = Ed25519Key::from_pkcs8_der(&self.pkcs8).expect("it is one");
        let signer = DkimSigner::from_key(key).domain("customer.test").selector("s1");
        let raw = Vec::from(mail);
        let signature = signer.headers(fields.iter().copied()).sign(&raw).expect("it is signed").to_header();
        signature + std::str::from_utf8(&raw).expect("it is text")
    }

    async fn ccs(&self, id: i64) -> usize {
        store::ticket_ccs::list(&mut self.desk.read().await, TicketId(id)).await.expect("it is read").len()
    }
}

/// With another field above, as whoever sends it again adds.
fn with(field: &str, signed: &str) -> String {
    format!("{field}\r\n{signed}")
}

#[rstest]
#[tokio::test]
async fn a_signed_mail_sent_again_copies_nobody_and_asks_for_no_answers(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let keyed = Keyed::start(on, "").await;
    let genuine = |id: &str| mail(ANN, &format!("Printer {id}")).id(id);
    let more = format!("To: support@desk.test, {EVE}");
    let cases = [
        with(&format!("Cc: {EVE}"), &keyed.signed(&genuine("1@a.test"), FEW)),
        keyed.signed(&genuine("2@a.test"), FEW).replace("To: support@desk.test", &more),
        with(&format!("Reply-To: {EVE}"), &keyed.signed(&genuine("3@a.test"), FEW)),
        with(&format!("Cc: {EVE}"), &keyed.signed(&genuine("4@a.test"), &MANY[..2])),
    ];
    for (n, replayed) in (1..).zip(cases) {
        assert_eq!(keyed.desk.receive(replayed).await, format!("ticket #{n}"));
        assert_eq!(keyed.ccs(n).await, 0);
        keyed.desk.sent().await;
        keyed.desk.operator().comment(n, "Use water.").await;
        assert_eq!(keyed.desk.sent().await.recipients(), [ANN]);
    }
    let whole = genuine("5@a.test").cc("bob@customer.test");
    assert_eq!(keyed.desk.receive(keyed.signed(&whole, MANY)).await, "ticket #5");
    assert_eq!(keyed.ccs(5).await, 1, "it is Ann's own wish");
    keyed.desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_signed_mail_is_not_carried_to_another_ticket(#[values(On::Sqlite, On::Postgres)] on: On) {
    let keyed = Keyed::start(on, "").await;
    let desk = &keyed.desk;
    desk.receive(keyed.signed(&mail(ANN, "Printer on fire").id("1@a.test"), MANY)).await;
    let own = desk.sent().await.to(ANN).clone();
    // She once wrote something else, to somebody else.
    let other = |id: &str| mail(ANN, "Re: Printer on fire").id(id).text("Yes, do that.");
    let by_id = with("In-Reply-To: <1@a.test>", &keyed.signed(&other("2@a.test"), FEW));
    assert_eq!(desk.receive(by_id).await, "ticket #2");
    let by_reference = with("References: <1@a.test>", &keyed.signed(&other("3@a.test"), FEW));
    assert_eq!(desk.receive(by_reference).await, "ticket #3");
    let tagged = keyed.signed(&other("4@a.test"), &["From", "Date", "Message-ID"]);
    assert_eq!(desk.receive(tagged.replace("Re: Printer", "[support-1] Printer")).await, "ticket #4");
    assert_eq!(desk.followups(1).await.len(), 1, "nothing came to her ticket");
    // What answers a mail that she got is hers, whatever her provider signs.
    assert_eq!(desk.receive(keyed.signed(&own.answer("It burns."), FEW)).await, "followup #1");
    let sealed = mail(ANN, "Re: Printer on fire").in_reply_to("1@a.test").text("Still.");
    assert_eq!(desk.receive(keyed.signed(&sealed, MANY)).await, "followup #1");
    desk.sent().await;
}

#[rstest]
#[case::for_other_services("s=tlsrpt; ", "none")]
#[case::for_other_digests("h=sha1; ", "none")]
#[case::on_trial("t=y; ", "none")]
#[case::for_mail("s=email:other; h=sha256; t=s; ", "pass")]
#[tokio::test]
async fn a_key_proves_only_what_it_is_for(
    #[case] tags: &str,
    #[case] found: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let keyed = Keyed::start(on, tags).await;
    keyed.desk.receive(keyed.signed(&mail(ANN, "Printer on fire"), MANY)).await;
    let rows = keyed.desk.received().await;
    assert_eq!(rows[0].authentication.unwrap_or_default().as_str(), found);
    keyed.desk.sent().await;
}

/// Whoever has a signed answer can send it again under another Message-ID, where that is not signed.
#[rstest]
#[case::message_id_left_out(&["From", "To", "Date", "Subject", "In-Reply-To", "References"])]
#[case::only_the_author(&["From", "Date"])]
#[tokio::test]
async fn a_signed_answer_counts_once_under_whatever_id_it_comes(
    #[case] fields: &[&str],
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let keyed = Keyed::start(on, "").await;
    let desk = &keyed.desk;
    desk.receive(keyed.signed(&mail(ANN, "Printer on fire").id("1@a.test"), MANY)).await;
    let own = desk.sent().await.to(ANN).clone();
    let answer = keyed.signed(&own.answer("Yes, do that.").id("2@a.test"), fields);
    assert_eq!(desk.receive(answer.clone()).await, "followup #1");
    desk.operator().resolve(1, "Done.").await;
    desk.sent().await;
    let again = |id: &str| answer.replace("<2@a.test>", &format!("<{id}>"));
    let unnamed = answer.replace("Message-ID: <2@a.test>\r\n", "");
    let blank = again("4@evil.test").replace("do that.", "do   that.  ");
    for replayed in [again("3@evil.test"), unnamed, blank] {
        let became = desk.receive(replayed).await;
        assert!(["duplicate #1", "followup #1 (unproven)"].contains(&became.as_str()), "{became}");
        assert_eq!(desk.row(1).await.status.as_str(), "resolved", "it opens nothing");
    }
    let said = desk.followups(1).await.iter().filter(|entry| entry.text.contains("do that.")).count();
    assert!(said <= 2, "{said}");
    desk.sent().await;
    // A new one of hers that says the same is another mail.
    let more = keyed.signed(&own.answer("Yes, do that.").id("5@a.test").header("Date", LATER), fields);
    assert_eq!(desk.receive(more).await, "followup #1");
    desk.sent().await;
}

/// An opening mail that was sent again opened a ticket each time, and was acknowledged.
#[rstest]
#[tokio::test]
async fn a_signed_request_opens_one_ticket_under_whatever_id_it_comes(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let keyed = Keyed::start(on, "").await;
    let desk = &keyed.desk;
    let request =
        keyed.signed(&mail(ANN, "Printer on fire").id("1@a.test"), &["From", "To", "Date", "Subject"]);
    assert_eq!(desk.receive(request.clone()).await, "ticket #1");
    assert_eq!(desk.sent().await.recipients(), [ANN]);
    for n in 2..9 {
        let replayed = request.replace("<1@a.test>", &format!("<{n}@evil.test>"));
        assert_eq!(desk.receive(replayed).await, "duplicate #1");
    }
    assert_eq!(desk.sent().await.to_string(), "nothing");
    // Who puts her signature below other words neither passes nor uses it up.
    let forged = with(request.lines().next().expect("it is signed"), "");
    let other = mail(ANN, "Chair").id("77@evil.test");
    let forged = forged + std::str::from_utf8(&Vec::from(&other)).expect("it is text");
    assert_eq!(desk.receive(forged).await, "ticket #2");
    desk.sent().await;
}

/// A forger who has a mail before the desk does puts its signature below their own words: the genuine one still counts.
#[rstest]
#[tokio::test]
async fn a_copied_signature_swallows_no_genuine_mail(#[values(On::Sqlite, On::Postgres)] on: On) {
    let keyed = Keyed::start(on, "").await;
    let desk = &keyed.desk;
    let genuine = keyed.signed(&mail(ANN, "Printer on fire").id("1@a.test"), MANY);
    let forged = genuine.replace("Please help.", "Please pay.").replace("<1@a.test>", "<2@evil.test>");
    assert_eq!(desk.receive(forged).await, "ticket #1");
    assert_eq!(desk.receive(genuine).await, "ticket #2");
    desk.sent().await;
}

/// An agent's answer that was sent again went to the customer again.
#[rstest]
#[tokio::test]
async fn an_agents_signed_answer_goes_out_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let keyed = Keyed::start(on, "").await;
    let desk = &keyed.desk;
    let kim = desk.agent("kim@customer.test").await;
    desk.receive(keyed.signed(&mail(ANN, "Printer on fire"), MANY)).await;
    desk.operator().assign(1, Some(&kim)).await;
    let told = desk.sent().await;
    let notice = told.iter().rfind(|sent| sent.to == "kim@customer.test").expect("they are told").clone();
    let answer = keyed.signed(&notice.answer("Use water.").id("1@a.test"), &["From", "Date", "Subject"]);
    assert_eq!(desk.receive(answer.clone()).await, "followup #1");
    assert!(desk.sent().await.recipients().contains(&ANN));
    assert_eq!(desk.receive(answer.replace("<1@a.test>", "<2@evil.test>")).await, "duplicate #1");
    assert_eq!(desk.sent().await.to_string(), "nothing");
}

/// The address with a token to which somebody's answers go.
fn answered_at(sent: &Sent) -> String {
    let field = sent.header("Reply-To").expect("it asks for answers");
    let address = field.rsplit_once('<').map_or(field.as_str(), |(_, address)| address.trim_end_matches('>'));
    assert!(address.contains('+'), "{field}");
    address.to_owned()
}

/// Whoever has a signed mail and knows a token sends it to that address: the servers note so, and nobody signed it.
#[rstest]
#[tokio::test]
async fn a_signed_mail_is_not_carried_to_a_ticket_by_where_it_is_delivered(
    #[values(
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "X-Envelope-To",
        "X-Delivered-To",
        "Resent-To",
        "X-Forwarded-To",
        "Apparently-To"
    )]
    field: &str,
    #[values(FEW, MANY)] fields: &[&str],
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let keyed = Keyed::with_config(on, "", MAILBOX).await;
    let desk = &keyed.desk;
    desk.plus_addresses_arrive().await;
    let kim = desk.agent("kim@customer.test").await;
    desk.receive(keyed.signed(&mail(ANN, "Printer on fire"), MANY)).await;
    desk.by(&kim).assign(1, Some(&kim)).await;
    let told = desk.sent().await;
    let (own, notice) =
        (answered_at(told.to(ANN)), told.iter().rfind(|sent| sent.to != ANN).expect("they are told"));
    desk.by(&kim).resolve(1, "Done.").await;
    desk.sent().await;
    // Both once wrote so to somebody else.
    for (from, address) in [(ANN, own.clone()), ("kim@customer.test", answered_at(notice))] {
        let elsewhere = mail(from, "Yes, send it").to("eve@evil.test").text("Yes, do that.");
        let carried = with(&format!("{field}: <{address}>"), &keyed.signed(&elsewhere, fields));
        let became = desk.receive(carried).await;
        assert!(became.starts_with("ticket #"), "{became}");
        assert_eq!(desk.row(1).await.status.as_str(), "resolved", "it opens nothing");
        assert!(
            desk.sent().await.iter().all(|sent| !sent.text.contains("do that.") || sent.to == kim_at(&kim))
        );
    }
    // What they write to the address themselves comes there, whatever notes that it did.
    let genuine = mail(ANN, "Printer").to(&own).text("It burns.");
    let genuine = with(&format!("{field}: <{own}>"), &keyed.signed(&genuine, fields));
    assert_eq!(desk.receive(genuine).await, "followup #1");
    assert_eq!(desk.row(1).await.status.as_str(), "reopened");
    desk.sent().await;
}

fn kim_at(kim: &User) -> &str {
    kim.email.as_deref().expect("they have an address")
}
