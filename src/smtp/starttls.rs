//! From clear text to TLS, before anything that matters is said.
//!
//! A server that does not offer STARTTLS, refuses it, or says more than its answer is left alone.

use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio_rustls::client::TlsStream;

use crate::config::server::Server;
use crate::smtp::outcome::Refusal;
use crate::smtp::outcome::Stage;
use crate::smtp::reply::Offer;
use crate::smtp::reply::Reply;
use crate::tls;
use crate::tls::Io;

/// Longest reply before encryption.
const LONGEST: usize = 16 * 1024;

/// Asks for encryption and shakes hands. The caller limits the time.
pub async fn upgrade(
    mut stream: Box<dyn Io>,
    hello: &str,
    server: &Server,
) -> Result<TlsStream<Box<dyn Io>>, Refusal> {
    let (greeting, _) = hear(&mut stream).await?;
    if !greeting.is_positive() {
        return Err(Refusal::answered(Stage::Greeting, &greeting));
    }
    let (reply, raw) = ask(&mut stream, &format!("EHLO {hello}\r\n")).await?;
    if !reply.is_positive() {
        return Err(Refusal::answered(Stage::Greeting, &reply));
    }
    if !Offer::parse(&raw).starttls {
        return Err(Refusal::of(
            Stage::Tls,
            "the server does not offer STARTTLS; nothing was sent in clear text",
        ));
    }
    let (reply, _) = ask(&mut stream, "STARTTLS\r\n").await?;
    if !reply.is_positive() {
        return Err(Refusal { stage: Stage::Tls, ..Refusal::answered(Stage::Tls, &reply) });
    }
    let secured = tls::wrap(stream, &server.host, &server.trust).await;
    secured.map_err(|error| Refusal::of(Stage::Tls, error.to_string()))
}

async fn ask(stream: &mut Box<dyn Io>, line: &str) -> Result<(Reply, Vec<u8>), Refusal> {
    stream.write_all(line.as_bytes()).await.map_err(|_| closed())?;
    stream.flush().await.map_err(|_| closed())?;
    hear(stream).await
}

/// One reply and nothing after it: what is said in clear text beyond it could be somebody else's.
async fn hear(stream: &mut Box<dyn Io>) -> Result<(Reply, Vec<u8>), Refusal> {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 1024];
        let read = stream.read(&mut piece).await.map_err(|_| closed())?;
        if read == 0 || bytes.len() > LONGEST {
            return Err(closed());
        }
        bytes.extend_from_slice(&piece[..read]);
        match Reply::parse(&bytes) {
            Some((reply, used)) if used == bytes.len() => return Ok((reply, bytes)),
            Some(_) => return Err(Refusal::of(Stage::Tls, "the server said more than it was asked")),
            None => {}
        }
    }
}

fn closed() -> Refusal {
    Refusal::of(Stage::Greeting, "the server closed the connection before it was encrypted")
}
