//! What clients do to a server, by mistake or on purpose: each gets an answer in its API's own format, or none.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use helpdeskd::store;
use helpdeskd::ticket::id::TicketId;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;
use tokio::net::TcpStream;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::http_client;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// Sends bytes and nothing more, keeping the connection open.
async fn begin(desk: &TestDesk, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(desk.address).await.expect("the server listens");
    stream.write_all(bytes).await.expect("the server reads");
    stream
}

/// The same from another address of this machine.
async fn begin_from(desk: &TestDesk, address: &str, bytes: &[u8]) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket is made");
    socket
        .bind(SocketAddr::new(address.parse().expect("an address"), 0))
        .expect("loopback is a whole network");
    let mut stream = socket.connect(desk.address).await.expect("the server listens");
    stream.write_all(bytes).await.expect("the server reads");
    stream
}

both! {
    a_message_of_ten_megabytes_is_kept_whole(desk) {
        desk.susan().await;
        desk.jutda("create_ticket", &[("queue", "1"), ("title", "long"), ("submitter_email", "carl@customer.test")]).await;
        let message = "ten bytes.".repeat(1 << 20);
        let reply = desk.jutda("add_followup", &[("ticket", "1"), ("message", &message), ("public", "y")]).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "OK"));
        let mut tx = desk.app.db.read().await.unwrap();
        let entries = store::followups::list(&mut tx, TicketId(1)).await.unwrap();
        assert!(entries[1].text == message);
    }

    line_breaks_and_nul_in_a_title_cannot_reach_a_header(desk) {
        desk.susan().await;
        let title = "a\r\nBcc: eve@customer.test\r\n\r\nb\0c";
        let arguments = [("queue", "1"), ("title", title), ("submitter_email", "carl@customer.test")];
        assert_eq!(desk.jutda("create_ticket", &arguments).await.status, 200);
        assert!(desk.ticket(1).await.contains("\"a Bcc: eve@customer.test b\u{fffd}c\""));
        let mail = desk.mail_to("carl@customer.test").await;
        assert!(!mail.subject.contains(['\r', '\n', '\0']), "{:?}", mail.subject);
        for address in ["a@b\r\nc", "a@b.test\0", "<a@b.test>", "a@b.test, c@d.test", "a@b..test", "a..b@c.test", "a@b", "@b.test", "a@@b.test"] {
            let reply = desk.jutda("create_ticket", &[("queue", "1"), ("title", "x"), ("submitter_email", address)]).await;
            assert_eq!(reply.body, "* submitter_email\n  * Enter a valid email address.", "{address:?}");
        }
    }

    the_last_of_repeated_arguments_counts(desk) {
        desk.susan().await;
        let reply = desk.jutda("create_ticket", &[("queue", "9"), ("title", "a"), ("queue", "2"), ("title", "b")]).await;
        assert_eq!((reply.status, desk.ticket(1).await.as_str()), (200, "#1 open, p3 \"b\", bare, for nobody, of nobody"));
    }

    bytes_that_are_no_utf8_are_replaced(desk) {
        desk.susan().await;
        let body = b"user=susan&password=fido&queue=2&title=caf%e9\xff+%00";
        let reply = desk.send("POST", "/api/create_ticket", &[FORM], body).await;
        assert_eq!(reply.status, 200);
        assert!(desk.ticket(1).await.contains("\"caf\u{fffd}\u{fffd} \u{fffd}\""), "{}", desk.ticket(1).await);
    }

    clients_that_hang_up_leave_whole_tickets_or_none(desk) {
        desk.susan().await;
        desk.jutda("list_queues", &[]).await;
        let body = b"user=susan&password=fido&queue=1&title=gone";
        let request = http_client::request("POST", "/api/create_ticket", &[FORM], body);
        join_all((0..30).map(|_| async { drop(begin(&desk, &request).await) })).await;
        assert_eq!(desk.jutda("create_ticket", &[("queue", "1"), ("title", "last")]).await.status, 200);
        // Waits for every call that was begun.
        assert!(desk.app.tasks.shutdown(Duration::from_secs(20)).await);
        let [tickets, entries, changes, mails, ..] = desk.totals().await;
        assert_eq!((entries, changes, mails), (tickets, tickets, 2 * tickets));
    }

    many_clients_at_once_are_all_served(desk) {
        desk.susan().await;
        desk.jutda("list_queues", &[]).await;
        let calls = (0..100).map(|_| desk.jutda("create_ticket", &[("queue", "1"), ("title", "one of many")]));
        assert!(join_all(calls).await.iter().all(|reply| reply.status == 200));
        let holds = (0..40).map(|n| {
            let desk = &desk;
            async move { desk.jutda(if n % 2 == 0 { "hold_ticket" } else { "unhold_ticket" }, &[("ticket", "7")]).await }
        });
        assert!(join_all(holds).await.iter().all(|reply| reply.body == "OK"));
    }

    a_body_that_does_not_come_is_answered_in_time(desk, "request_timeout_seconds = 90" => "request_timeout_seconds = 2") {
        let key = desk.token().await;
        let head =
            "HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n";
        let jutda = begin(&desk, format!("POST /api/resolve/ {head}\r\nuser=susan").as_bytes()).await;
        let authorization = format!("Authorization: {}\r\n", key.authorization);
        let jaze =
            begin(&desk, format!("POST /api/v1/raise_ticket {head}{authorization}\r\ntype=").as_bytes()).await;
        let (jutda, jaze) = tokio::join!(http_client::finish(jutda), http_client::finish(jaze));
        let (jutda, jaze) = (jutda.expect("an answer"), jaze.expect("an answer"));
        assert_eq!((jutda.status, jutda.body.as_str()), (400, "Request timed out"));
        assert_eq!((jaze.status, &jaze.json()["errorCode"]), (408, &json!(408)));
    }

    a_body_that_drips_is_answered_in_time_too(desk, "request_timeout_seconds = 90" => "request_timeout_seconds = 2") {
        let head = "POST /api/resolve/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
        let (mut reader, mut writer) = begin(&desk, head.as_bytes()).await.into_split();
        let mut answer = Vec::new();
        let drip = async {
            let mut pause = tokio::time::interval(Duration::from_millis(100));
            while writer.write_all(b"x").await.is_ok() {
                pause.tick().await;
            }
        };
        let _ = tokio::join!(drip, reader.read_to_end(&mut answer));
        assert!(String::from_utf8_lossy(&answer).ends_with("Request timed out"));
    }

    a_body_above_the_limit_is_refused_however_it_is_sent(desk, "12 MB" => "1 MB") {
        let key = desk.token().await;
        let body = vec![b'x'; 2 << 20];
        let chunked = |path: &str, headers: &[(&str, &str)]| {
            let mut bytes =
                format!("POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n")
                    .into_bytes();
            for (name, value) in headers {
                bytes.extend(format!("{name}: {value}\r\n").bytes());
            }
            bytes.extend(format!("\r\n{:x}\r\n", body.len()).bytes());
            bytes.extend(&body);
            bytes.extend(b"\r\n0\r\n\r\n");
            bytes
        };
        let auth = ("Authorization", key.authorization.as_str());
        for reply in [
            desk.send("POST", "/api/add_followup/", &[FORM], &body).await,
            desk.raw(&chunked("/api/add_followup/", &[FORM])).await,
        ] {
            assert_eq!((reply.status, reply.body.as_str()), (400, "Message too long"));
        }
        for reply in [
            desk.send("POST", "/api/v1/raise_ticket", &[FORM, auth], &body).await,
            desk.raw(&chunked("/api/v1/raise_ticket", &[FORM, auth])).await,
        ] {
            assert_eq!((reply.status, &reply.json()["errorCode"]), (413, &json!(413)));
        }
    }

    a_client_that_asks_first_is_not_made_to_send_what_is_too_large(desk, "12 MB" => "1 MB") {
        let head =
            "POST /api/resolve/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n";
        let reply = http_client::finish(begin(&desk, head.as_bytes()).await).await.expect("an answer");
        assert_eq!((reply.status, reply.body.as_str()), (400, "Message too long"));
    }

    a_head_without_end_is_refused(desk) {
        let endless = format!("GET /api/ HTTP/1.1\r\nHost: x\r\nX: {}", "x".repeat(300_000));
        let reply = desk.raw(endless.as_bytes()).await;
        assert_eq!(reply.status, 431);
        let many = "X-Y: z\r\n".repeat(500);
        assert_eq!(desk.raw(format!("GET /api/ HTTP/1.1\r\nHost: x\r\n{many}\r\n").as_bytes()).await.status, 431);
        assert_eq!(desk.raw(b"\x16\x03\x01nonsense\r\n\r\n").await.status, 400);
        assert_eq!(desk.get("/healthz").await.status, 200);
    }

    odd_paths_are_answered_by_the_api_they_belong_to(desk) {
        for (path, status, kind) in [
            ("/api/%ff/", 403, "text/plain; charset=utf-8"),
            ("/api/..%2f..%2fetc/", 403, "text/plain; charset=utf-8"),
            ("/api/v1/%ff", 404, "application/json"),
            ("/api/v1//", 404, "application/json"),
            ("/api/v1/get_tickets/%E0%A4%A", 401, "application/json"),
            ("//api/", 404, "text/plain; charset=utf-8"),
        ] {
            let reply = desk.send("POST", path, &[], b"").await;
            assert_eq!((reply.status, reply.header("content-type")), (status, kind), "{path}");
        }
    }

    unfinished_requests_keep_nobody_out(desk, "[http]" => "[http]\nmax_requests = 2", "[\"127.0.0.0/8\"]" => "[]") {
        // More than there are places, of two addresses and in every state that is not a whole request.
        let mut held = Vec::new();
        for begun in ["", "GET /healthz HTTP/1.1\r\n", "POST /api/resolve/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nuser="] {
            for address in ["127.0.0.2", "127.0.0.3"] {
                for _ in 0..4 {
                    held.push(begin_from(&desk, address, begun.as_bytes()).await);
                }
            }
            let asked = http_client::request("GET", "/healthz", &[], b"");
            let other = begin_from(&desk, "127.0.0.4", &asked).await;
            let answer = tokio::time::timeout(Duration::from_secs(5), http_client::finish(other)).await;
            assert_eq!(answer.expect("not kept out").expect("an answer").status, 200, "{begun:?}");
            // Nor themselves: what they left open gives way.
            let own = begin_from(&desk, "127.0.0.2", &asked).await;
            let answer = tokio::time::timeout(Duration::from_secs(5), http_client::finish(own)).await;
            assert_eq!(answer.expect("not kept out").expect("an answer").status, 200, "{begun:?}");
        }
    }

    an_answer_that_is_begun_is_whole_however_many_ask(desk, "[http]" => "[http]\nmax_requests = 2", "[\"127.0.0.0/8\"]" => "[]") {
        let asked = http_client::request("GET", "/openapi.json", &[("Connection", "close")], b"");
        let calls = (0..60).map(|n| {
            let (desk, asked, address) = (&desk, &asked, format!("127.0.0.{}", 2 + n % 6));
            async move { http_client::finish(begin_from(desk, &address, asked).await).await }
        });
        let answers: Vec<_> = join_all(calls).await.into_iter().flatten().collect();
        assert!(!answers.is_empty());
        for answer in answers {
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-length"), answer.body.len().to_string());
        }
    }
}
