//! Requests to tiny servers on loopback, and to names that lead where they must not.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::thread;
use std::thread::JoinHandle;

use super::*;
use crate::net::dns::Fixed;

const LIMITS: Limits = Limits { time: Duration::from_secs(20), bytes: 1_000 };

/// A server that gives one answer to each connection and tells what it was asked.
struct Server {
    port: u16,
    asked: JoinHandle<Vec<String>>,
}

impl Server {
    fn start(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = thread::spawn(move || {
            let serve = |answer: String| {
                let (mut stream, _) = listener.accept().unwrap();
                let asked = read_request(&mut stream);
                stream.write_all(answer.as_bytes()).unwrap();
                asked
            };
            answers.into_iter().map(serve).collect()
        });
        Self { port, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://partner.test:{}{path}", self.port)
    }

    async fn asked(self) -> Vec<String> {
        ended(self.asked).await
    }
}

/// Waits for a server's thread while the client's side can still close its connection.
async fn ended<T: Send + 'static>(thread: JoinHandle<T>) -> T {
    tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap()
}

/// A request, as far as it came.
fn read_request(stream: &mut impl Read) -> String {
    let mut reader = BufReader::new(stream);
    let mut text = String::new();
    while !text.ends_with("\r\n\r\n") && reader.read_line(&mut text).is_ok_and(|read| read > 0) {}
    let length =
        text.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    text + &String::from_utf8(body).unwrap()
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nX-Odd: \u{e9}\r\n\r\n{body}", body.len())
}

fn moved(code: u16, location: &str) -> String {
    format!("HTTP/1.1 {code} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn names() -> Fixed {
    let loopback = [ip("127.0.0.1")];
    Fixed::default().address("partner.test", &loopback).address("other.test", &loopback)
}

fn client() -> Client {
    Client::new(Resolver::fixed(names()), Trust::default(), Networks::PrivateToo)
}

fn guarded(host: &str, addresses: &[&str]) -> Client {
    let addresses: Vec<_> = addresses.iter().map(|address| ip(address)).collect();
    Client::new(
        Resolver::fixed(Fixed::default().address(host, &addresses)),
        Trust::default(),
        Networks::Public,
    )
}

fn put(url: String) -> Request {
    let headers = vec![
        ("x-ticket-sharing-token".to_owned(), "u:secret".to_owned()),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    Request { method: Method::Put, url, headers, body: b"{\"a\":1}".to_vec(), limits: LIMITS }
}

#[tokio::test]
async fn a_request_and_its_answer_arrive_as_they_were_sent() {
    let server = Server::start(vec![ok("fine")]);
    let response = client().send(&put(server.url("/sharing/tickets/1?x=%20"))).await.unwrap();
    assert_eq!(
        (response.status, response.body.as_slice(), response.extent),
        (200, &b"fine"[..], Extent::Whole)
    );
    assert_eq!(response.header("content-length"), Some("4"));
    let asked = server.asked().await.remove(0);
    assert!(asked.starts_with("PUT /sharing/tickets/1?x=%20 HTTP/1.1\r\n"), "{asked}");
    assert!(asked.ends_with("\r\n\r\n{\"a\":1}"), "{asked}");
    let head = asked.to_lowercase();
    assert!(
        head.contains("x-ticket-sharing-token: u:secret") && head.contains("user-agent: helpdeskd/"),
        "{head}"
    );
    assert!(
        head.contains("host: partner.test:") && !head.contains("accept-encoding") && !head.contains("cookie")
    );
}

#[tokio::test]
async fn a_delete_without_a_body_says_that_it_has_none() {
    let server = Server::start(vec!["HTTP/1.1 204 No Content\r\n\r\n".into()]);
    let request = Request { method: Method::Delete, body: vec![], ..put(server.url("/x")) };
    assert_eq!(client().send(&request).await.unwrap().status, 204);
    let asked = server.asked().await.remove(0).to_lowercase();
    assert_eq!(asked.matches("content-length: 0").count(), 1, "{asked}");
}

#[tokio::test]
async fn every_redirect_keeps_verb_and_body_within_the_host() {
    for code in [301, 302, 303, 307, 308] {
        let server = Server::start(vec![moved(code, "/second"), moved(code, "third"), ok("there")]);
        let response = client().send(&put(server.url("/first"))).await.unwrap();
        assert_eq!(response.body, b"there");
        let asked = server.asked().await;
        for (asked, path) in asked.iter().zip(["/first", "/second", "/third"]) {
            assert!(
                asked.starts_with(&format!("PUT {path} ")) && asked.ends_with("{\"a\":1}"),
                "{code}: {asked}"
            );
        }
    }
}

#[tokio::test]
async fn a_third_redirect_is_not_followed() {
    let server = Server::start(vec![moved(302, "/1"), moved(302, "/2"), moved(302, "/3")]);
    let error = client().send(&put(server.url("/0"))).await.unwrap_err();
    assert!(matches!(error, NetError::Redirects { .. }), "{error}");
    assert_eq!(server.asked().await.len(), 3);
}

#[tokio::test]
async fn a_redirect_to_another_host_or_port_gets_no_request_and_no_token() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let port = elsewhere.local_addr().unwrap().port();
    for target in ["other.test", "partner.test", "127.0.0.1"] {
        let server = Server::start(vec![moved(307, &format!("http://{target}:{port}/steal"))]);
        let error = client().send(&put(server.url("/secret-path"))).await.unwrap_err();
        assert!(matches!(error, NetError::Redirect { .. }), "{error}");
        assert!(!error.to_string().contains("secret") && !error.to_string().contains("steal"), "{error}");
        assert_eq!(server.asked().await.len(), 1);
    }
    assert!(elsewhere.accept().is_err(), "nobody called");
}

#[tokio::test]
async fn codes_that_are_no_redirect_are_answers() {
    for answer in
        [moved(300, "/x"), moved(304, "/x"), "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".into()]
    {
        let server = Server::start(vec![answer]);
        let status = client().send(&put(server.url("/"))).await.unwrap().status;
        assert!((300..400).contains(&status), "{status}");
    }
}

/// A server that sends without end, until nobody listens.
fn endless(head: &'static str) -> (u16, JoinHandle<u64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let sent = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        read_request(&mut stream);
        stream.write_all(head.as_bytes()).unwrap();
        let chunk = vec![b'x'; 65_536];
        (1..160_000).find(|_| stream.write_all(&chunk).is_err()).unwrap_or(u64::MAX)
    });
    (port, sent)
}

#[tokio::test]
async fn an_answer_of_ten_gigabytes_is_cut_at_the_limit_and_the_rest_is_not_read() {
    for head in ["HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"] {
        let (port, sent) = endless(head);
        let request = put(format!("http://partner.test:{port}/"));
        let response = client().send(&request).await.unwrap();
        assert_eq!((response.body.len(), response.extent), (1_000, Extent::Cut));
        assert!(ended(sent).await < 1_000, "less than 64 MB left the server");
    }
}

#[tokio::test]
async fn a_download_beyond_the_limit_is_an_error() {
    let (port, _) = endless("HTTP/1.1 200 OK\r\n\r\n");
    let error =
        client().download(&format!("http://partner.test:{port}/f?key=secret"), LIMITS).await.unwrap_err();
    assert_eq!(error.to_string(), format!("the file at partner.test:{port} is larger than 1000 bytes"));
}

#[tokio::test]
async fn an_answer_of_exactly_the_limit_is_whole() {
    let server = Server::start(vec![ok(&"x".repeat(1_000))]);
    let response = client().download(&server.url("/f"), LIMITS).await.unwrap();
    assert_eq!((response.body.len(), response.extent), (1_000, Extent::Whole));
}

#[tokio::test]
async fn a_download_follows_to_another_host_and_carries_nothing() {
    let target = Server::start(vec![ok("file")]);
    let server = Server::start(vec![moved(302, &format!("http://other.test:{}/f", target.port))]);
    let response = client().download(&server.url("/f"), LIMITS).await.unwrap();
    assert_eq!(response.body, b"file");
    let asked = target.asked().await.remove(0).to_lowercase();
    assert!(
        asked.starts_with("get /f ") && !asked.contains("referer") && !asked.contains("token"),
        "{asked}"
    );
}

#[tokio::test]
async fn a_download_is_not_led_to_a_forbidden_address() {
    let server = Server::start(vec![moved(302, "http://169.254.169.254/latest/meta-data")]);
    let error = client().download(&server.url("/f"), LIMITS).await.unwrap_err();
    assert!(matches!(error, NetError::Address { reason: "link-local", .. }), "{error}");
}

#[tokio::test]
async fn a_host_that_never_answers_costs_only_the_time_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://partner.test:{}/", listener.local_addr().unwrap().port());
    let limits = Limits { time: Duration::from_millis(50), bytes: 1_000 };
    let error = client().send(&Request { limits, ..put(url) }).await.unwrap_err();
    assert!(matches!(error, NetError::Time { .. }), "{error}");
}

#[tokio::test]
async fn a_host_that_drips_its_answer_costs_only_the_time_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://partner.test:{}/", listener.local_addr().unwrap().port());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        read_request(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx").unwrap();
        // Waits for the client to hang up.
        stream.read(&mut [0]).unwrap_or(0)
    });
    let limits = Limits { time: Duration::from_millis(300), bytes: 1_000 };
    let error = client().send(&Request { limits, ..put(url) }).await.unwrap_err();
    assert!(matches!(error, NetError::Time { .. }), "{error}");
    assert_eq!(ended(server).await, 0);
}

#[tokio::test]
async fn refused_and_broken_connections_are_told_in_a_sentence() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = client().send(&put(format!("http://partner.test:{closed}/s"))).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("no connection to partner.test:{closed}: ")), "{error}");
    let server = Server::start(vec![String::new()]);
    let error = client().send(&put(server.url("/s"))).await.unwrap_err();
    assert!(matches!(error, NetError::Broken { .. }), "{error}");
    let server = Server::start(vec!["HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf".into()]);
    let error = client().send(&put(server.url("/s"))).await.unwrap_err();
    assert!(matches!(error, NetError::Broken { .. }), "{error}");
}

#[tokio::test]
async fn a_name_with_one_bad_address_is_not_called_at_all() {
    for (host, addresses) in [
        ("a.test", &["127.0.0.1"][..]),
        ("a.test", &["1.1.1.1", "10.0.0.1"]),
        ("a.test", &["2606:4700::1111", "::1"]),
        ("a.test", &["::ffff:127.0.0.1"]),
        ("a.test", &["64:ff9b::7f00:1"]),
        ("localhost", &["127.0.0.1"]),
    ] {
        let error = guarded(host, addresses).send(&put(format!("https://{host}/"))).await.unwrap_err();
        assert!(matches!(error, NetError::Address { .. }), "{host} {addresses:?}: {error}");
    }
}

#[tokio::test]
async fn an_address_in_the_url_is_judged_in_every_spelling() {
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "169.254.169.254",
        "0",
        "①②⑦.0.0.1",
        "%31%32%37.0.0.1",
    ] {
        let error = guarded("x", &[]).send(&put(format!("https://{host}/"))).await.unwrap_err();
        assert!(matches!(error, NetError::Address { .. }), "{host}: {error}");
    }
}

#[tokio::test]
async fn a_name_is_looked_up_once_and_the_checked_address_is_called() {
    let server = Server::start(vec![ok("first")]);
    let rebinding =
        Fixed::default().address("r.test", &[ip("127.0.0.1")]).address("r.test", &[ip("169.254.169.254")]);
    let client = Client::new(Resolver::fixed(rebinding), Trust::default(), Networks::PrivateToo);
    let request = put(format!("http://r.test:{}/", server.port));
    assert_eq!(client.send(&request).await.unwrap().body, b"first");
    assert!(
        matches!(client.send(&request).await, Err(NetError::Address { .. })),
        "the next call is judged anew"
    );
}

#[tokio::test]
async fn bad_requests_are_errors_and_never_panics() {
    let unknown = client().send(&put("http://nowhere.test/".into())).await.unwrap_err();
    assert_eq!(unknown.to_string(), "there is no host called nowhere.test");
    let mut bad = put("http://partner.test:1/".into());
    bad.headers.push(("x\r\ny".into(), "z".into()));
    assert!(matches!(client().send(&bad).await, Err(NetError::Request { .. })));
    assert!(matches!(client().send(&put("nonsense".into())).await, Err(NetError::Url)));
    assert!(!format!("{bad:?}").contains("secret"), "a request does not print its token");
}

#[tokio::test]
async fn a_certificate_is_checked_against_the_name_and_the_authorities() {
    const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    for (host, trusts, expected) in [
        ("partner.test", true, Ok(b"hi".to_vec())),
        ("other.test", true, Err("the server's certificate is for another host name")),
        ("partner.test", false, Err("")),
    ] {
        let (port, pem) = tls::testing::server("partner.test", ANSWER);
        let mut ca_file = tempfile::NamedTempFile::new().unwrap();
        ca_file.write_all(pem.as_bytes()).unwrap();
        let trust = Trust { ca_file: trusts.then(|| ca_file.path().to_owned()), pin: None };
        let client = Client::new(Resolver::fixed(names()), trust, Networks::PrivateToo);
        match (client.download(&format!("https://{host}:{port}/"), LIMITS).await, expected) {
            (Ok(response), Ok(body)) => assert_eq!(response.body, body),
            (Err(NetError::Tls { reason, .. }), Err(expected)) => {
                assert!(reason.contains(expected), "{reason}");
            }
            (result, expected) => panic!("{result:?} instead of {expected:?}"),
        }
    }
}
