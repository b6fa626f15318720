//! Mails that say they are from somebody else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::DkimSigner;
use rstest::rstest;

use helpdeskd::auth::Authenticator;
use helpdeskd::mail::journal::Became;
use helpdeskd::net::dns::Fixed;
use helpdeskd::net::dns::Resolver;
use helpdeskd::store;
use helpdeskd::worker::handle;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const AGENT: &str = "Alex <alex@staff.test>";
const TRUSTING: &str = "authserv_ids = [\"mx.desk.test\"]\nverify = false\n";
const CHECKING: &str = "";
const FIELD: &str = "Authentication-Results";
const REFUSING: &str = "v=DMARC1; p=reject";

async fn desk(on: On, settings: &str) -> TestDesk {
    let desk = TestDesk::with_config(on, settings).await;
    desk.checks_mails();
    desk.agent("alex@staff.test").await;
    desk
}

/// A desk that checks mails itself, with these answers of DNS.
async fn checking_desk(on: On, dns: Fixed) -> TestDesk {
    let mut desk = desk(on, CHECKING).await;
    desk.rules.authenticator = Authenticator::new(Resolver::fixed(dns));
    desk
}

fn from_agent() -> Mail {
    mail(AGENT, "Close it").text("#close")
}

fn noted(server: &str, result: &str) -> String {
    format!("{server}; dmarc={result} (p=reject) header.from=staff.test")
}

/// What the journal keeps about the newest mail.
async fn authentication(desk: &TestDesk) -> String {
    let rows = desk.received().await;
    rows.last().and_then(|row| row.authentication).unwrap_or_default().as_str().to_owned()
}

#[rstest]
#[tokio::test]
async fn what_the_trusted_server_noted_is_stored_and_shown(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = desk(on, TRUSTING).await;
    desk.receive(from_agent().stamped(FIELD, &noted("mx.desk.test", "pass"))).await;
    assert_eq!(authentication(&desk).await, "pass");
    let trace = desk.trace().await;
    let step = "authentication: pass: dmarc=pass for staff.test, noted by mx.desk.test";
    assert!(trace.contains(step), "{trace}");
}

#[rstest]
#[tokio::test]
async fn a_forged_result_below_the_trusted_one_is_not_seen(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = desk(on, TRUSTING).await;
    let forged = from_agent().stamped(FIELD, &noted("mx.desk.test", "pass"));
    let arrived = forged.stamped(FIELD, &noted("mx.desk.test", "fail"));
    assert_eq!(desk.receive(arrived).await, "suspended (spoofed)");
    assert_eq!(authentication(&desk).await, "fail");
    assert!(desk.sent().await.is_empty(), "nobody is told");
}

#[rstest]
#[tokio::test]
async fn two_forged_results_below_the_trusted_one_are_not_seen_either(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, TRUSTING).await;
    let forged = from_agent()
        .stamped(FIELD, &noted("mx.desk.test", "pass"))
        .stamped(FIELD, "mx.desk.test; dkim=pass header.d=staff.test");
    desk.receive(forged.stamped(FIELD, &noted("mx.desk.test", "none"))).await;
    assert_eq!(authentication(&desk).await, "none");
}

#[rstest]
#[case::another("mx.evil.test")]
#[case::longer("mx.desk.test.evil.test")]
#[case::shorter("desk.test")]
#[case::in_a_comment("mx.evil.test (mx.desk.test)")]
#[case::behind_a_blank("\"mx.desk.test \"")]
#[case::with_a_dot("mx.desk.test.")]
#[case::quoted("\"mx.desk.test\"")]
#[case::behind_a_comment("(mx) mx.desk.test")]
#[case::before_a_comment("mx.desk.test (mx)")]
#[tokio::test]
async fn a_result_by_a_server_that_is_not_trusted_proves_nothing(
    #[case] server: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, TRUSTING).await;
    desk.receive(from_agent().stamped(FIELD, &noted(server, "pass"))).await;
    assert_eq!(authentication(&desk).await, "unknown");
}

/// Neither does a server of somebody else's that says it took the mail from itself, where one's own writes no line; nor
/// where one's own stamps below its line.
#[rstest]
#[case::named("from evil.test by relay.evil.test; Mon, 2 Mar 2026")]
#[case::from_itself("from localhost (localhost [127.0.0.1]) by relay.evil.test; Mon, 2 Mar 2026")]
#[case::from_a_machine_of_ours(
    "from mx.desk.test (mx.desk.test [10.0.0.1]) by relay.evil.test; Mon, 2 Mar 2026"
)]
#[tokio::test]
async fn a_forged_result_that_came_along_from_outside_proves_nothing(
    #[case] line: &str,
    #[values("", "stamps_below = true\n")] stamps: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, &format!("{TRUSTING}{stamps}")).await;
    let forged = from_agent().stamped(FIELD, &noted("mx.desk.test", "pass"));
    desk.receive(forged.stamped("Received", line)).await;
    assert_eq!(authentication(&desk).await, "unknown");
}

#[rstest]
#[tokio::test]
async fn a_result_inside_of_the_text_or_of_an_enclosed_mail_proves_nothing(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, TRUSTING).await;
    let field = format!("{FIELD}: {}\r\n", noted("mx.desk.test", "pass"));
    desk.receive(from_agent().text(&field)).await;
    assert_eq!(authentication(&desk).await, "unknown");
    let enclosed = format!("{field}From: {AGENT}\r\n\r\nHello");
    desk.receive(from_agent().attachment("a.eml", "message/rfc822", enclosed.as_bytes())).await;
    assert_eq!(authentication(&desk).await, "unknown");
}

#[rstest]
#[case::two_addresses("alex@staff.test, eve@evil.test")]
#[case::a_name_like_an_address("\"alex@staff.test\" <eve@evil.test>")]
#[tokio::test]
async fn a_result_about_another_author_does_not_serve_this_one(
    #[case] from: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, TRUSTING).await;
    desk.receive(mail(from, "Close it").stamped(FIELD, &noted("mx.desk.test", "pass"))).await;
    assert_eq!(authentication(&desk).await, "unknown");
}

/// Filters of mail servers look for the name of the field, and overlook it with a blank behind.
#[rstest]
#[case(" ")]
#[case("\t")]
#[tokio::test]
async fn a_result_in_a_field_whose_name_ends_with_a_blank_proves_nothing(
    #[case] blank: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on, TRUSTING).await;
    let name = format!("{FIELD}{blank}");
    desk.receive(from_agent().stamped(&name, &noted("mx.desk.test", "pass"))).await;
    assert_eq!(authentication(&desk).await, "unknown");
}

/// Our own check sees no SPF. By it an agent without DKIM was suspended as spoofed, and a customer's mail not
/// acknowledged, where their domains ask to refuse what DMARC does not pass.
#[rstest]
#[case("")]
#[case("authserv_ids = [\"mx.desk.test\"]\n")]
#[tokio::test]
async fn our_own_check_never_fails_a_mail(
    #[case] settings: &str,
    #[values("p=reject", "p=quarantine", "p=none")] policy: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let policy = format!("v=DMARC1; {policy}");
    let dns = ["staff.test", "customer.test"]
        .iter()
        .fold(Fixed::default(), |dns, domain| dns.text(&format!("_dmarc.{domain}"), &policy));
    let mut desk = desk(on, settings).await;
    desk.rules.authenticator = Authenticator::new(Resolver::fixed(dns));
    assert_eq!(desk.receive(mail("ann@customer.test", "Printer on fire")).await, "ticket #1");
    assert_eq!(authentication(&desk).await, "none");
    let told = desk.sent().await;
    assert_eq!(told.recipients(), ["alex@staff.test", "ann@customer.test"], "she is acknowledged");
    let answer = told.to("alex@staff.test").answer("#resolve\n\nUse water.");
    assert_eq!(desk.receive(answer).await, "followup #1 (unverified)");
    assert_eq!(authentication(&desk).await, "none");
    let told = desk.sent().await;
    assert_eq!(told.recipients(), ["alex@staff.test"], "the agent is told how to confirm");
    let view = desk.ticket(1).await;
    assert!(view.lines().last().unwrap().contains("unverified, private"), "{view}");
}

#[rstest]
#[tokio::test]
async fn a_trusted_result_comes_before_our_own_check(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut desk = desk(on, "authserv_ids = [\"mx.desk.test\"]\n").await;
    let dns = Fixed::default().text("_dmarc.staff.test", REFUSING);
    desk.rules.authenticator = Authenticator::new(Resolver::fixed(dns));
    for (result, expected) in [("pass", "pass"), ("fail", "fail")] {
        desk.receive(mail("eve@staff.test", "Hello").stamped(FIELD, &noted("mx.desk.test", result))).await;
        assert_eq!(authentication(&desk).await, expected);
    }
    let lenient = "mx.desk.test; dmarc=fail (p=none) header.from=staff.test";
    desk.receive(mail("eve@staff.test", "Hello").stamped(FIELD, lenient)).await;
    assert_eq!(authentication(&desk).await, "none");
    desk.receive(mail("eve@staff.test", "Hello")).await;
    assert_eq!(authentication(&desk).await, "none");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn only_a_signature_by_the_agents_own_domain_makes_his_mail_his(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let pkcs8 = Ed25519Key::generate_pkcs8().unwrap();
    let key = || Ed25519Key::from_pkcs8_der(&pkcs8).unwrap();
    let record = format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key().public_key()));
    let dns = Fixed::default()
        .text("s1._domainkey.staff.test", &record)
        .text("s1._domainkey.evil.test", &record)
        .text("_dmarc.staff.test", REFUSING);
    let desk = checking_desk(on, dns).await;
    let signed = |domain: &str| {
        let raw = Vec::from(from_agent());
        let signer = DkimSigner::from_key(key()).domain(domain).selector("s1").headers(["From", "Subject"]);
        let mut mail = signer.sign(&raw).unwrap().to_header().into_bytes();
        mail.extend(raw);
        mail
    };
    desk.receive(signed("staff.test")).await;
    assert_eq!(authentication(&desk).await, "pass");
    desk.receive(signed("evil.test")).await;
    assert_eq!(authentication(&desk).await, "none");
    let changed = String::from_utf8(signed("staff.test")).unwrap().replace("#close", "#delete");
    desk.receive(changed).await;
    assert_eq!(authentication(&desk).await, "none");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_result_is_never_found_out_anew(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut desk = desk(on, TRUSTING).await;
    let arrived = from_agent()
        .stamped(FIELD, &noted("old.desk.test", "pass"))
        .stamped(FIELD, &noted("mx.desk.test", "fail"));
    assert_eq!(desk.receive(arrived).await, "suspended (spoofed)");
    desk.restart("authserv_ids = [\"old.desk.test\"]\nverify = false\n").await;
    let id = desk.received().await[0].id;
    let mut tx = desk.write().await;
    assert!(store::inbox::reopen(&mut tx, id, Became::Suspended, "released").await.unwrap());
    let row = store::inbox::claim_one(&mut tx, id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    handle::handle_begun(&desk.app, row, &desk.rules).await.unwrap();
    assert_eq!(authentication(&desk).await, "fail");
    assert!(desk.trace().await.contains("authentication: fail: found out when it arrived"));
}

#[rstest]
#[tokio::test]
async fn a_batch_of_mails_has_a_result_for_each_of_them(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = desk(on, TRUSTING).await;
    let mut items = Vec::new();
    for result in ["pass", "fail", "none", "temperror"] {
        let from = format!("{result}@staff.test");
        let arrived = mail(&from, result).stamped(FIELD, &noted("mx.desk.test", result));
        items.push(desk.record("support", arrived.into(), helpdeskd::mail::journal::Extent::Full).await);
    }
    handle::handle(&desk.app, items, &desk.rules).await.unwrap();
    let rows = desk.received().await;
    let stored: Vec<&str> = rows.iter().map(|row| row.authentication.unwrap_or_default().as_str()).collect();
    assert_eq!(stored, ["pass", "fail", "none", "unknown"]);
    desk.deliver().await;
}
