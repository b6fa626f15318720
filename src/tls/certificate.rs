//! What a server's certificate says of itself, for people.
//!
//! Trusts nothing and decides nothing: that was done while the connection was made.

use tokio_rustls::client::TlsStream;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::x509::X509Name;

use crate::tls::pin::Pin;

/// Longest name of an issuer that is shown.
const LONGEST_NAME: usize = 80;

/// The certificate that a server showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The name of the authority that signed it.
    pub(crate) issuer: String,
    /// Seconds since 1970 UTC.
    pub expires_at: i64,
    /// By which it can be pinned.
    pub fingerprint: Pin,
}

impl Certificate {
    /// The certificate of the other side; none if it cannot be read.
    pub fn of<S>(stream: &TlsStream<S>) -> Option<Self> {
        Self::parse(stream.get_ref().1.peer_certificates()?.first()?)
    }

    fn parse(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        Some(Self {
            issuer: shown(certificate.issuer()),
            expires_at: certificate.validity().not_after.timestamp(),
            fingerprint: Pin::of(der),
        })
    }

    /// Whole days from `now`, in seconds since 1970, until it expires; negative afterwards.
    pub(crate) fn days_left(&self, now: i64) -> i64 {
        self.expires_at.saturating_sub(now).div_euclid(24 * 60 * 60)
    }
}

/// The organisation or the common name: what people know an authority by.
fn shown(name: &X509Name<'_>) -> String {
    let organisation = name.iter_organization().find_map(|part| part.as_str().ok());
    let common = name.iter_common_name().find_map(|part| part.as_str().ok());
    let text = match (organisation, common) {
        (Some(organisation), Some(common)) => format!("{organisation} {common}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => name.to_string(),
    };
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use rcgen::CertificateParams;
    use rcgen::DistinguishedName;
    use rcgen::DnType;
    use rcgen::KeyPair;

    use super::*;

    #[test]
    fn a_certificate_tells_who_signed_it_and_until_when_it_holds() {
        let mut params = CertificateParams::new(vec!["mail.example.com".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2030, 1, 2);
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, "Example\nTrust");
        params.distinguished_name.push(DnType::CommonName, "R1");
        let key = KeyPair::generate().unwrap();
        let signed = params.self_signed(&key).unwrap();
        let certificate = Certificate::parse(signed.der()).unwrap();
        assert_eq!(certificate.issuer, "Example Trust R1");
        let day = 24 * 60 * 60;
        assert_eq!(certificate.days_left(certificate.expires_at - 3 * day - 1), 3);
        assert_eq!(certificate.days_left(certificate.expires_at + 1), -1);
        assert_eq!(certificate.fingerprint, Pin::of(signed.der()));
        assert_eq!(Certificate::parse(b"no certificate"), None);
    }
}
