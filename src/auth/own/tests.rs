//! Tests of the desk's own check, with signatures by keys made here and DNS answers made up.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::crypto::RsaKey;
use mail_auth::common::crypto::Sha256;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::DkimSigner;
use mail_auth::dkim::Done;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;

use super::*;
use crate::net::dns::Fixed;
use crate::net::dns::Resolver;
use crate::ticket::authentication::Authentication;

/// 2026-03-02 10:00:00 UTC.
const NOW: Timestamp = Timestamp(1_772_445_600_000_000);
const MAIL: &str = "From: Ann <ann@a.test>\r\nTo: help@desk.test\r\nSubject: Hello\r\nDate: Mon, 2 Mar 2026 09:59:00 +0000\r\n\r\nMy printer burns.\r\n";

struct Key {
    pkcs8: Vec<u8>,
    record: String,
}

impl Key {
    fn new() -> Self {
        let pkcs8 = Ed25519Key::generate_pkcs8().unwrap();
        let public = Ed25519Key::from_pkcs8_der(&pkcs8).unwrap().public_key();
        Self { pkcs8, record: format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(public)) }
    }

    fn signer(&self, domain: &str, fields: &[&str]) -> DkimSigner<Ed25519Key, Done> {
        let key = Ed25519Key::from_pkcs8_der(&self.pkcs8).unwrap();
        DkimSigner::from_key(key).domain(domain).selector("s1").headers(fields.iter().copied())
    }

    /// The mail with a signature above it.
    fn sign(&self, domain: &str, mail: &str) -> String {
        signed(&self.signer(domain, &["From", "To", "Subject"]), mail)
    }
}

fn signed(signer: &DkimSigner<Ed25519Key, Done>, mail: &str) -> String {
    signer.sign(mail.as_bytes()).unwrap().to_header() + mail
}

async fn checked(mail: &str, dns: Fixed) -> Checked {
    checked_at(mail, dns, NOW).await
}

async fn checked_at(mail: &str, dns: Fixed, now: Timestamp) -> Checked {
    let cache = Cache::new(Resolver::fixed(dns));
    let library = dmarc::library().unwrap();
    let raw = Bytes::copy_from_slice(mail.as_bytes());
    let subject = Subject { raw, author: "a.test".to_owned(), sent_at: NOW, received_at: NOW };
    check(&cache, &library, subject, now).await
}

async fn result(mail: &str, dns: Fixed) -> &'static str {
    checked(mail, dns).await.authentication.as_str()
}

fn with_key(key: &Key, domain: &str) -> Fixed {
    Fixed::default().text(&format!("s1._domainkey.{domain}"), &key.record)
}

#[tokio::test]
async fn a_good_signature_by_the_authors_domain_passes_whatever_the_policy() {
    let key = Key::new();
    let mail = key.sign("a.test", MAIL);
    assert_eq!(result(&mail, with_key(&key, "a.test")).await, "pass");
    for policy in ["p=none", "p=reject", "p=reject; adkim=s", "p=quarantine; sp=reject"] {
        let dns = with_key(&key, "a.test").text("_dmarc.a.test", &format!("v=DMARC1; {policy}"));
        assert_eq!(result(&mail, dns).await, "pass", "{policy}");
    }
}

#[tokio::test]
async fn a_signature_by_an_rsa_key_is_checked_as_well() {
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../../../tests/data/dkim-rsa.key")).unwrap();
    let key = RsaKey::<Sha256>::from_key_der(key).unwrap();
    let record = format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(key.public_key()));
    let signer = DkimSigner::from_key(key).domain("a.test").selector("s1").headers(["From", "Subject"]);
    let mail = signer.sign(MAIL.as_bytes()).unwrap().to_header() + MAIL;
    let dns = || Fixed::default().text("s1._domainkey.a.test", &record);
    assert_eq!(result(&mail, dns()).await, "pass");
    assert_eq!(result(&mail.replace("burns", "works"), dns()).await, "none");
}

#[tokio::test]
async fn a_signature_by_another_host_of_the_domain_passes_unless_the_policy_is_strict() {
    let key = Key::new();
    let mail = key.sign("mail.a.test", MAIL);
    let dns = |policy: &str| with_key(&key, "mail.a.test").text("_dmarc.a.test", policy);
    assert_eq!(result(&mail, with_key(&key, "mail.a.test")).await, "pass");
    assert_eq!(result(&mail, dns("v=DMARC1; p=reject")).await, "pass");
    assert_eq!(result(&mail, dns("v=DMARC1; p=reject; adkim=s")).await, "none");
}

#[tokio::test]
async fn a_signature_by_somebody_else_counts_for_nothing() {
    let key = Key::new();
    let mail = key.sign("evil.test", MAIL);
    let dns = |policy: &str| with_key(&key, "evil.test").text("_dmarc.a.test", policy);
    assert_eq!(result(&mail, with_key(&key, "evil.test")).await, "none");
    assert_eq!(result(&mail, dns("v=DMARC1; p=reject")).await, "none");
    assert_eq!(result(&mail, dns("v=DMARC1; p=none")).await, "none");
}

#[tokio::test]
async fn an_unsigned_mail_never_fails_since_it_may_have_passed_by_spf() {
    for (policy, expected) in [
        ("v=DMARC1; p=reject", "none"),
        ("v=DMARC1; p=quarantine", "none"),
        ("v=DMARC1; p=none; rua=mailto:x@a.test", "none"),
        ("v=DMARC1; p=quarantine; t=y", "none"),
        ("v=spf1 -all", "none"),
        ("v=DMARC1; p=sometimes", "unknown"),
    ] {
        let dns = Fixed::default().text("_dmarc.a.test", policy);
        assert_eq!(result(MAIL, dns).await, expected, "{policy}");
    }
    assert_eq!(result(MAIL, Fixed::default()).await, "none");
}

#[tokio::test]
async fn a_changed_mail_has_no_good_signature() {
    let key = Key::new();
    let mail = key.sign("a.test", MAIL);
    let dns = || with_key(&key, "a.test").text("_dmarc.a.test", "v=DMARC1; p=reject");
    assert_eq!(result(&mail, dns()).await, "pass");
    for (old, new) in [("printer", "house"), ("Subject: Hello", "Subject: Pay"), ("Ann <ann@", "Eve <eve@")] {
        assert_eq!(result(&mail.replace(old, new), dns()).await, "none", "{new}");
    }
    assert_eq!(
        result(&mail, Fixed::default().text("s1._domainkey.a.test", &Key::new().record)).await,
        "none"
    );
}

#[tokio::test]
async fn what_dns_does_not_answer_is_unknown_and_never_failed() {
    let key = Key::new();
    let mail = key.sign("a.test", MAIL);
    let policy = || Fixed::default().text("_dmarc.a.test", "v=DMARC1; p=reject");
    for (dns, why) in [
        (policy().failing("s1._domainkey.a.test"), "the key's server is silent"),
        (with_key(&key, "a.test").failing("_dmarc.a.test"), "the policy's server is silent"),
        (policy(), "there is no key"),
        (Fixed::default(), "there is nothing"),
    ] {
        assert_eq!(result(&mail, dns).await, "unknown", "{why}");
    }
    assert_eq!(result(MAIL, Fixed::default().failing("_dmarc.a.test")).await, "unknown");
    let revoked = policy().text("s1._domainkey.a.test", "v=DKIM1; k=ed25519; p=");
    assert_eq!(result(&mail, revoked).await, "none");
}

#[tokio::test]
async fn a_mail_older_than_seven_days_is_not_checked() {
    let key = Key::new();
    let mail = key.sign("a.test", MAIL);
    let at = |days: i64| Timestamp(NOW.0 + days * Timestamp::DAY);
    let checked = async |now| checked_at(&mail, with_key(&key, "a.test"), now).await;
    assert_eq!(checked(at(7)).await.authentication, Authentication::Pass);
    let late = checked(at(8)).await;
    assert_eq!(late.authentication, Authentication::Unknown);
    assert_eq!(late.evidence, "own check: older than 7 days, so its keys may be gone");
}

#[tokio::test]
async fn weak_signatures_prove_nothing() {
    let key = Key::new();
    for (mail, why) in [
        (signed(&key.signer("a.test", &["To", "Subject"]), MAIL), "the author is not covered"),
        (signed(&key.signer("a.test", &["From"]).body_length(true), MAIL), "only a part is covered"),
        (key.sign("a.test", MAIL).replace("s=s1", "s=s 1/"), "the selector is none"),
        (key.sign("a.test", MAIL).replace("a=ed25519-sha256", "a=rsa-sha1"), "the digest is weak"),
    ] {
        assert_eq!(result(&mail, with_key(&key, "a.test")).await, "none", "{why}");
    }
}

#[tokio::test]
async fn the_good_signature_is_found_among_others() {
    let (key, other) = (Key::new(), Key::new());
    let mail = other.sign("list.test", &key.sign("a.test", &other.sign("a.test", MAIL)));
    let dns = with_key(&key, "a.test").text("_dmarc.a.test", "v=DMARC1; p=reject");
    assert_eq!(result(&mail, dns).await, "pass");
}

#[tokio::test]
async fn a_file_with_unix_line_ends_is_checked_as_the_mail_it_was() {
    let key = Key::new();
    let mail = key.sign("a.test", MAIL).replace("\r\n", "\n");
    assert_eq!(result(&mail, with_key(&key, "a.test")).await, "pass");
}

#[tokio::test]
async fn hostile_headers_end_in_bounded_time_without_an_answer() {
    let mut many = String::new();
    for number in 0..1000 {
        let _ = write!(
            many,
            "DKIM-Signature: v=1; a=rsa-sha256; d=a.test; s=s{number}; h=from; bh=YQ==; b=YQ==\r\n"
        );
    }
    many.push_str(MAIL);
    assert_eq!(result(&many, Fixed::default()).await, "none", "too few of them are looked at to find a key");
    let long = format!("X: {}\r\n{MAIL}", "x".repeat(300_000));
    assert_eq!(result(&long, Fixed::default()).await, "unknown");
    for odd in ["", "\r\n\r\n", "no header at all", "DKIM-Signature: ;;;=\u{0}\r\n\r\n"] {
        let _ = checked(odd, Fixed::default()).await;
    }
}

#[test]
fn a_policy_is_looked_for_with_the_domain_and_each_above_it() {
    assert_eq!(policy_names("mail.a.test"), ["_dmarc.mail.a.test", "_dmarc.a.test", "_dmarc.test"]);
    assert!(policy_names("localhost").is_empty());
    let deep = policy_names("a.b.c.d.e.f.g.h.i.test");
    assert_eq!(deep.len(), 8);
    assert_eq!(deep[1], "_dmarc.d.e.f.g.h.i.test");
}
