//! A desk under attack in each of three configurations: where it checks mails itself, where its mail server does, and
//! where only colleagues can write and are believed without proof.
//!
//! The mails are raw, as they arrive: nobody says beside them whose they are.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::DkimSigner;

use helpdeskd::auth::Authenticator;
use helpdeskd::net::dns::Fixed;
use helpdeskd::net::dns::Resolver;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::LISTS;
use crate::support::office::TEAM;
use crate::support::story::Mails;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;

pub const EVE: &str = "eve@evil.test";
pub const EVIL: &str = "Pay at http://evil.test";
const FIELD: &str = "Authentication-Results";
const TAKEN: &str = "from mx.evil.test (mx.evil.test [203.0.113.5]) by mx.desk.test with ESMTP; Mon";
const SIGNED: &[&str] =
    &["From", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "References", "Reply-To"];

/// How the desk finds out whose a mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// By its own check.
    Defaults,
    /// By what its mail server stamped, and no check of its own.
    Stamps,
    /// By its own check; customers are believed without proof.
    Internal,
}

impl Setting {
    fn config(self) -> String {
        let own = match self {
            Self::Defaults => "",
            Self::Stamps => "authserv_ids = [\"mx.desk.test\"]\nverify = false\n",
            Self::Internal => "trust_unproven = true\n",
        };
        format!("{own}{LISTS}")
    }
}

/// A desk where Ann asked something, and Alex owns it.
pub struct Target {
    pub desk: TestDesk,
    pub setting: Setting,
    pkcs8: Vec<u8>,
    told: Mails,
}

impl Target {
    pub async fn open(setting: Setting, on: On) -> Self {
        let pkcs8 = Ed25519Key::generate_pkcs8().expect("a key is made");
        let public = Ed25519Key::from_pkcs8_der(&pkcs8).expect("it is one").public_key();
        let key = format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(public));
        let dns = ["customer.test", "staff.test"].iter().fold(Fixed::default(), |dns, domain| {
            let dns = dns.text(&format!("s1._domainkey.{domain}"), &key);
            dns.text(&format!("_dmarc.{domain}"), "v=DMARC1; p=reject")
        });
        let mut desk = TestDesk::with_config(on, &setting.config()).await;
        desk.checks_mails();
        desk.rules.authenticator = Authenticator::new(Resolver::fixed(dns));
        let alex = desk.agent(ALEX).await;
        let mut target = Self { desk, setting, pkcs8, told: Mails(Vec::new()) };
        let asked = mail(ANN, "Printer on fire").id("first@customer.test");
        assert_eq!(target.genuine(&asked).await, "ticket #1");
        target.desk.operator().assign(1, Some(&alex)).await;
        target.told = target.desk.sent().await;
        target
    }

    /// A mail of whom it says.
    pub async fn genuine(&self, mail: &Mail) -> String {
        let from = mail.value("From");
        let domain = from.rsplit('@').next().expect("it has a domain").trim_end_matches('>');
        if self.setting == Setting::Stamps {
            let stamp = format!("mx.desk.test; dmarc=pass (p=reject) header.from={domain}");
            let stamped = mail.clone().stamped("Received", TAKEN).stamped(FIELD, &stamp);
            return self.desk.receive(stamped).await;
        }
        self.desk.receive(self.signed(mail)).await
    }

    /// Its bytes, with the signature of its author's domain.
    pub fn signed(&self, mail: &Mail) -> Vec<u8> {
        let from = mail.value("From");
        let domain = from.rsplit('@').next().expect("it has a domain").trim_end_matches('>');
        let key = Ed25519Key::from_pkcs8_der(&self.pkcs8).expect("it is one");
        let signer = DkimSigner::from_key(key).domain(domain).selector("s1");
        let raw = Vec::from(mail);
        let head = signer.headers(SIGNED.iter().copied()).sign(&raw).expect("it is signed").to_header();
        [head.into_bytes(), raw].concat()
    }

    /// A mail that says it is somebody's, with all that its sender can write for it.
    pub async fn forged(&self, mail: &Mail) -> String {
        let claims =
            "mx.desk.test; dmarc=pass (p=none) header.from=staff.test; auth=pass smtp.auth=alex@staff.test";
        let arrived = mail.clone().stamped(FIELD, claims).stamped("Received", TAKEN);
        let arrived = match self.setting {
            Setting::Stamps => arrived.stamped(FIELD, "mx.desk.test; dmarc=none"),
            Setting::Defaults | Setting::Internal => arrived,
        };
        self.desk.receive(arrived).await
    }

    /// What Ann was sent first.
    pub fn anns(&self) -> &Sent {
        self.told.to(ANN)
    }

    /// What Alex was sent last: with their own token.
    pub fn notice(&self) -> &Sent {
        self.told.iter().rfind(|sent| sent.to == ALEX).expect("Alex is told")
    }

    /// Nothing was done to the ticket, and nobody but staff and the mail's own sender hears of it.
    pub async fn unharmed(&self, sender: &str) {
        assert_eq!(self.desk.row(1).await.status.as_str(), "open");
        for sent in self.desk.sent().await.iter() {
            let is_outside = ![ALEX, TEAM, sender].contains(&sent.to.as_str());
            assert!(!is_outside || !sent.raw.contains("evil"), "{}", sent.raw);
            assert!(!is_outside || sent.to == ANN, "{}", sent.to);
        }
        let view = self.desk.ticket(1).await;
        let view = view.lines().next().expect("it has a first line");
        assert!(!view.contains("cc eve") && !view.contains("closed") && !view.contains("resolved"), "{view}");
    }
}
