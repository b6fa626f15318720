//! What mail servers of both kinds have in common: how they are reached, and how they are encrypted.

use std::time::Duration;

use crate::cli::check::report::Section;
use crate::cli::check::settings;
use crate::clock::Clock;
use crate::config::server::Login;
use crate::config::server::Server;
use crate::config::server::Tls;
use crate::tls::TlsError;
use crate::tls::certificate::Certificate;

/// Somebody waits at a screen: a server that is slower than this is as good as down.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Days before the end of a certificate at which somebody should look.
const SOON: i64 = 14;

/// A look that ended in a panic, because a server said what its parser does not bear.
pub fn unreadable(about: String) -> Section {
    let mut section = Section::new(about);
    section.bad("the server answers in a way that cannot be understood", "is this the right port?");
    section
}

/// That a server answered, and how the connection is encrypted.
pub fn reached(section: &mut Section, server: &Server, certificate: Option<&Certificate>) {
    let place = place(server);
    let Some(certificate) = certificate else {
        match server.tls {
            Tls::None if server.is_local() => {
                section.ok(format!("{place} answers; not encrypted, and on this machine"));
            }
            _ => section.note(
                format!("{place} answers, and nothing is encrypted: everybody on the way can read passwords and mail"),
                "set `tls = \"implicit\"` or `tls = \"starttls\"`",
            ),
        }
        return;
    };
    let days = certificate.days_left(Clock::System.now().seconds());
    let pinned = if server.trust.pin.is_some() { ", which is pinned" } else { "" };
    let text = format!("{place} answers, encrypted; its certificate by {}{pinned}", certificate.issuer);
    if days < 0 {
        section.note(format!("{text} has expired"), "renew it on the server, then set `pin` to the new one");
    } else if days <= SOON {
        section.note(format!("{text} expires in {days} days"), "see that it is renewed in time");
    } else {
        section.ok(format!("{text} holds for {days} more days"));
    }
}

/// Where a log-in's secret is kept, if others can read it there.
pub fn secret(section: &mut Section, login: &Login) {
    for secret in login.secrets() {
        settings::exposed_secret(section, secret);
    }
}

pub fn place(server: &Server) -> String {
    format!("{}:{}", server.host, server.port)
}

pub(crate) fn reach_fix(server: &Server) -> String {
    format!("are `host` and `port` right ({}), and does a firewall let this machine out?", place(server))
}

/// What helps against a failed handshake; the error itself says what was wrong.
///
/// `protocol` is what `openssl s_client` calls it.
pub(crate) fn tls_fix(server: &Server, error: &str, protocol: &str) -> String {
    let place = place(server);
    if error.contains("speak TLS") {
        let other = if server.tls == Tls::Implicit { "starttls" } else { "implicit" };
        format!("this port may want `tls = \"{other}\"`")
    } else if error.contains("another host name") {
        "set `host` to the name that the certificate has".to_owned()
    } else if error.contains("pinned") {
        "was it renewed? If you are sure that it is your server, set `pin` anew".to_owned()
    } else if error.contains("expired") {
        "renew the certificate on the server".to_owned()
    } else {
        let starttls =
            if server.tls == Tls::StartTls { format!(" -starttls {protocol}") } else { String::new() };
        format!(
            "set `ca_file` to the PEM file of its authority, or `pin` to what this prints: \
             openssl s_client{starttls} -connect {place} </dev/null | openssl x509 -noout -fingerprint -sha256"
        )
    }
}

/// The same for the error itself.
pub(crate) fn tls_error_fix(server: &Server, error: &TlsError, protocol: &str) -> String {
    match error {
        TlsError::NoRoots => "install the package ca-certificates".to_owned(),
        TlsError::CaFile { .. } => "set `ca_file` to a PEM file that this user can read".to_owned(),
        TlsError::Name(_) => "set `host` to the server's name".to_owned(),
        TlsError::Handshake(text) => tls_fix(server, text, protocol),
    }
}

/// Whether an error is that of a certificate which only its owner can vouch for.
pub(crate) fn is_untrusted(error: &str) -> bool {
    error.contains("unknown authority") || error.contains("self-signed")
}

pub(crate) const LOGIN_FIX: &str = "are `username` and `password` right? Many providers want a password made for this \
                             program, or a `token` in its place, and IMAP or SMTP to be switched on";
