//! Opening connections to mail servers: TCP with keep-alive, and TLS with its one cryptographic provider.
//!
//! Decides whom to trust and says in words why not; never falls back to clear text, and knows no mail protocol.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use rustls::CertificateError;
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::ServerName;
use rustls_pki_types::pem::PemObject;
use socket2::SockRef;
use socket2::TcpKeepalive;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub mod certificate;
pub mod pin;
#[cfg(test)]
pub(crate) mod testing;

use crate::tls::pin::Pin;
use crate::tls::pin::Pinned;

/// How long one of several addresses of a host may take before the next is tried.
const ONE_ADDRESS: Duration = Duration::from_secs(10);

/// A network that is gone without a word shows after about two minutes.
const KEEPALIVE_AFTER: Duration = Duration::from_mins(1);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(15);

/// Any connection: plain, encrypted, or a test's.
pub trait Io: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug> Io for T {}

/// Whom to trust beside the certificate authorities of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// PEM file with further authorities, or with the server's own certificate.
    pub ca_file: Option<PathBuf>,
    /// The one certificate that is accepted; then neither issuer, name nor dates matter.
    pub pin: Option<Pin>,
}

/// Why no trusted connection could be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("this machine has no certificate authorities; install ca-certificates or set ca_file")]
    NoRoots,
    #[error("cannot use the ca_file {path}: {reason}")]
    CaFile { path: String, reason: String },
    #[error("{0} is no host name that a certificate can be checked against")]
    Name(String),
    #[error("no trusted connection: {0}")]
    Handshake(String),
}

/// Makes ring the provider of the whole process; harmless when called again.
pub(crate) fn install_provider() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Connects to the first address of `host` that answers, within `limit` in all.
pub async fn tcp(host: &str, port: u16, limit: Duration) -> io::Result<TcpStream> {
    timeout(limit, first_that_answers(host, port))
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Turns `stream` into a TLS connection with `host`. The caller limits the time.
pub async fn wrap<S>(stream: S, host: &str, trust: &Trust) -> Result<TlsStream<S>, TlsError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let config = client_config(trust)?;
    let name = ServerName::try_from(host.to_owned()).map_err(|_| TlsError::Name(host.to_owned()))?;
    let connected = TlsConnector::from(config).connect(name, stream).await;
    connected.map_err(|error| TlsError::Handshake(reason(&error)))
}

/// A client's TLS settings; reads `ca_file` each time, so that a corrected file needs no restart.
pub(crate) fn client_config(trust: &Trust) -> Result<Arc<ClientConfig>, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError::Handshake(error.to_string()))?;
    let config = match trust.pin {
        Some(pin) => builder.dangerous().with_custom_certificate_verifier(pinned(pin, provider)),
        None => builder.with_root_certificates(roots(trust.ca_file.as_deref())?),
    };
    Ok(Arc::new(config.with_no_client_auth()))
}

/// Why a handshake failed, if that is what an error of another library is about.
pub(crate) fn reason_within(error: &(dyn Error + 'static)) -> Option<String> {
    let io = error.downcast_ref::<io::Error>();
    // An I/O error hides the one it carries from the chain of sources.
    match io.and_then(io::Error::get_ref) {
        Some(carried) if carried.downcast_ref::<rustls::Error>().is_some() => io.map(reason),
        Some(carried) => reason_within(carried),
        None if error.is::<rustls::Error>() => Some(error.to_string()),
        None => error.source().and_then(reason_within),
    }
}

async fn first_that_answers(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host name has no address");
    for address in tokio::net::lookup_host((host, port)).await? {
        match timeout(ONE_ADDRESS, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                stream.set_nodelay(true)?;
                let keepalive = TcpKeepalive::new().with_time(KEEPALIVE_AFTER).with_interval(KEEPALIVE_EVERY);
                SockRef::from(&stream).set_tcp_keepalive(&keepalive)?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}

fn pinned(pin: Pin, provider: Arc<CryptoProvider>) -> Arc<Pinned> {
    Arc::new(Pinned { pin, provider })
}

fn roots(ca_file: Option<&Path>) -> Result<Arc<RootCertStore>, TlsError> {
    let native = native_roots();
    let Some(path) = ca_file else { return native.ok_or(TlsError::NoRoots) };
    let refuse = |reason: String| TlsError::CaFile { path: path.display().to_string(), reason };
    let mut store = native.map_or_else(RootCertStore::empty, |roots| (*roots).clone());
    let before = store.len();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|e| refuse(e.to_string()))? {
        let certificate = certificate.map_err(|e| refuse(e.to_string()))?;
        store.add(certificate).map_err(|e| refuse(e.to_string()))?;
    }
    if store.len() == before {
        Err(refuse("it holds no certificate".to_owned()))
    } else {
        Ok(Arc::new(store))
    }
}

/// The machine's authorities, read once: there are well over a hundred.
fn native_roots() -> Option<Arc<RootCertStore>> {
    static NATIVE: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    if let Some(roots) = NATIVE.get() {
        return Some(Arc::clone(roots));
    }
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if store.is_empty() {
        return None;
    }
    Some(Arc::clone(NATIVE.get_or_init(|| Arc::new(store))))
}

/// What an operator must know about a failed handshake.
fn reason(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(problem)) => certificate_reason(problem),
        Some(rustls::Error::InvalidMessage(_)) => "the server does not speak TLS on this port".to_owned(),
        Some(other) => other.to_string(),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the server closed the connection during the TLS handshake".to_owned()
        }
        None => error.to_string(),
    }
}

fn certificate_reason(problem: &CertificateError) -> String {
    match problem {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the server's certificate is not valid yet; is this machine's clock right?".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the server's certificate is for another host name".to_owned()
        }
        // A bad signature is that of another authority with the same name.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "the server's certificate is from an unknown authority; set ca_file or pin".to_owned()
        }
        CertificateError::ApplicationVerificationFailure => {
            "the server's certificate is not the pinned one".to_owned()
        }
        // Self-signed certificates of small servers are usually marked as an authority.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "the server's certificate is self-signed as an authority; set pin to its fingerprint".to_owned()
        }
        other => format!("the server's certificate is refused: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rcgen::CertificateParams;
    use rcgen::KeyPair;
    use rustls_pki_types::PrivateKeyDer;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    /// Shakes hands with a server that shows this certificate, as host `localhost`.
    async fn shake(
        params: CertificateParams,
        trust: impl FnOnce(&str, &[u8]) -> Trust,
    ) -> Result<(), TlsError> {
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let trust = trust(&certificate.pem(), certificate.der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let (near, far) = tokio::io::duplex(64 * 1024);
        let acceptor = TlsAcceptor::from(Arc::new(server));
        let (client, _server) = tokio::join!(wrap(near, "localhost", &trust), acceptor.accept(far));
        client.map(|_| ())
    }

    fn leaf() -> CertificateParams {
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap()
    }

    fn refusal(result: Result<(), TlsError>) -> String {
        result.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn only_a_trusted_certificate_is_accepted() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ca.pem");
        let by_file = |pem: &str, _: &[u8]| {
            fs::write(&file, pem).unwrap();
            Trust { ca_file: Some(file.clone()), pin: None }
        };
        assert!(shake(leaf(), by_file).await.is_ok());
        let nothing = |_: &str, _: &[u8]| Trust { ca_file: Some(file.clone()), pin: None };
        let refused = refusal(shake(leaf(), nothing).await);
        assert!(refused.contains("unknown authority"), "{refused}");
        let mut expired = leaf();
        expired.not_after = rcgen::date_time_ymd(2020, 1, 1);
        let refused = refusal(shake(expired, by_file).await);
        assert!(refused.contains("expired"), "{refused}");
        let other = CertificateParams::new(vec!["mail.example.com".to_owned()]).unwrap();
        let refused = refusal(shake(other, by_file).await);
        assert!(refused.contains("another host name"), "{refused}");
        let mut authority = leaf();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let refused = refusal(shake(authority, by_file).await);
        assert!(refused.contains("set pin"), "{refused}");
    }

    #[tokio::test]
    async fn a_pin_accepts_its_certificate_and_no_other() {
        let mut authority = leaf();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        authority.not_after = rcgen::date_time_ymd(2020, 1, 1);
        let right = |_: &str, der: &[u8]| Trust { ca_file: None, pin: Some(Pin::of(der)) };
        assert!(shake(authority, right).await.is_ok());
        let wrong = |_: &str, _: &[u8]| Trust { ca_file: None, pin: Some(Pin([7; 32])) };
        assert_eq!(
            refusal(shake(leaf(), wrong).await),
            "no trusted connection: the server's certificate is not the pinned one"
        );
    }

    #[tokio::test]
    async fn an_unusable_ca_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let empty = dir.path().join("empty.pem");
        fs::write(&empty, "no certificate here").unwrap();
        for path in [empty, dir.path().join("missing.pem")] {
            let error = client_config(&Trust { ca_file: Some(path.clone()), pin: None }).unwrap_err();
            assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        }
    }

    #[test]
    fn a_fingerprint_is_read_as_openssl_prints_it() {
        let pin = Pin::of(b"certificate");
        let plain = format!("{pin:?}");
        let pairs: Vec<_> = plain.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair)).collect();
        assert_eq!(Pin::parse(&plain), Some(pin));
        assert_eq!(Pin::parse(&pairs.join(":").to_uppercase()), Some(pin));
        assert_eq!(Pin::parse("ab:cd"), None);
        assert_eq!(Pin::parse(&"é".repeat(32)), None);
    }
}
