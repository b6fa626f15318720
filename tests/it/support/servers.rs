//! Where the servers of this run are, as `make test` says in the environment.
//!
//! Nothing is skipped when one is missing: a test without its server fails and says what to do.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

/// The password of every user of the IMAP and the SMTP server.
pub const PASSWORD: &str = "secret";

/// IMAP in plain text, with STARTTLS.
pub fn imap() -> SocketAddr {
    loopback("TEST_IMAP_PORT")
}

/// IMAP over TLS. The certificate is good on this address and bad on those of [`bad_imaps`].
pub fn imaps() -> SocketAddr {
    loopback("TEST_IMAPS_PORT")
}

/// SMTP in plain text, with STARTTLS.
pub fn smtp() -> SocketAddr {
    loopback("TEST_SMTP_PORT")
}

/// SMTP in plain text, which lets nobody who logs in send in another name than their own.
pub fn strict_smtp() -> SocketAddr {
    loopback("TEST_STRICT_SMTP_PORT")
}

/// SMTP over TLS.
pub fn smtps() -> SocketAddr {
    loopback("TEST_SMTPS_PORT")
}

/// The administrator's own database; tests make theirs beside it, see [`super::pg`].
pub fn postgres_url() -> String {
    variable("TEST_PG_URL")
}

/// The authority that signed the good certificate, the expired one and the one with a foreign name.
pub fn ca_file() -> PathBuf {
    variable("TEST_CA_FILE").into()
}

/// The program that tests an HTTP API by its OpenAPI document.
pub fn schemathesis() -> PathBuf {
    variable("TEST_SCHEMATHESIS").into()
}

/// Where the IMAP server keeps its mail, as one maildir for each user.
pub fn mail_dir() -> PathBuf {
    variable("TEST_MAIL_DIR").into()
}

/// What is wrong with the certificate of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Expired,
    WrongName,
    SelfSigned,
}

/// IMAP over TLS with a certificate that must not be trusted.
pub fn bad_imaps(flaw: Flaw) -> SocketAddr {
    let host = variable(match flaw {
        Flaw::Expired => "TEST_EXPIRED_IMAP_HOST",
        Flaw::WrongName => "TEST_WRONG_NAME_IMAP_HOST",
        Flaw::SelfSigned => "TEST_SELF_SIGNED_IMAP_HOST",
    });
    SocketAddr::new(host.parse().expect("the host is an address"), imaps().port())
}

/// SHA-256 of the self-signed certificate, in hexadecimal.
pub fn self_signed_pin() -> String {
    variable("TEST_SELF_SIGNED_SHA256")
}

/// The one user who may also log in by XOAUTH2, and the token.
pub fn oauth_user() -> (String, String) {
    (variable("TEST_OAUTH_USER"), variable("TEST_OAUTH_TOKEN"))
}

/// A mail address that no other test uses; the IMAP server makes its mailbox at the first log-in.
pub fn fresh_address(word: &str) -> String {
    static USED: AtomicUsize = AtomicUsize::new(0);
    format!("{word}.{}.{}@example.test", process::id(), USED.fetch_add(1, Ordering::Relaxed))
}

fn loopback(port: &str) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, variable(port).parse::<u16>().expect("a port is a number")))
}

#[expect(clippy::disallowed_methods, reason = "the test servers are told by the environment alone")]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run the tests by `make test`"))
}
