//! A TLS server that says one thing, for tests of what speaks through TLS.
//!
//! Serves one connection on loopback.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;

use rustls::ServerConfig;
use rustls::ServerConnection;
use rustls::StreamOwned;

/// Starts a server with a certificate for `host` that answers one request with `answer`; gives its port and
/// its certificate as PEM.
pub fn server(host: &str, answer: &'static str) -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(vec![host.to_owned()]).expect("a host name");
    let key = rustls_pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks the usual versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a key that fits");
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("a bound listener").port();
    thread::spawn(move || listener.accept().and_then(|(stream, _)| serve(stream, config, answer)));
    (port, made.cert.pem())
}

fn serve(stream: TcpStream, config: ServerConfig, answer: &str) -> std::io::Result<()> {
    let connection = ServerConnection::new(Arc::new(config)).expect("a checked configuration");
    let mut stream = StreamOwned::new(connection, stream);
    let mut head = String::new();
    let mut reader = BufReader::new(&mut stream);
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
    stream.write_all(answer.as_bytes())?;
    stream.conn.send_close_notify();
    stream.flush()
}
