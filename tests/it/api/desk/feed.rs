//! Following events by the Desk API: page by page, by waiting, and by a stream.

use std::time::Duration;
use std::time::Instant;

use helpdeskd::ticket::person::Role;
use helpdeskd::worker;
use serde_json::Value;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::http_client;
use crate::support::programs::Caller;

/// A program on a desk whose events are placed, as the daemon does.
async fn follower(desk: &TestDesk) -> Caller {
    desk.app.tasks.spawn(worker::positions::run(desk.app.clone()));
    let susan = desk.user(Role::Agent, "susan", "fido").await;
    desk.program_of("read,write", Some(susan)).await
}

async fn open(desk: &TestDesk, caller: &Caller, subject: &str) {
    let body = json!({"queue": "support", "subject": subject, "text": "It burns.", "submitter": {"email": "max@customer.test"}});
    assert_eq!(desk.call(caller, "POST", "/tickets", body).await.status, 201);
}

/// Events behind a position, once there are some.
async fn events(desk: &TestDesk, caller: &Caller, query: &str) -> (Vec<Value>, i64) {
    let reply = desk.ask(caller, &format!("/events?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let feed = reply.json();
    (feed["items"].as_array().expect("items").clone(), feed["next"].as_i64().expect("a position"))
}

fn kinds(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(|item| item["kind"].as_str()).collect()
}

/// A stream of events, as it arrives.
struct Stream(TcpStream, String);

impl Stream {
    async fn open(desk: &TestDesk, caller: &Caller, query: &str, last: Option<&str>) -> Self {
        let mut headers = vec![("Authorization", caller.bearer.as_str()), ("Accept", "text/event-stream")];
        headers.extend(last.map(|last| ("Last-Event-ID", last)));
        let mut stream = TcpStream::connect(desk.address).await.expect("the server answers");
        let request = http_client::request("GET", &format!("/api/v2/events?{query}"), &headers, b"");
        stream.write_all(&request).await.expect("it is sent");
        let mut stream = Self(stream, String::new());
        stream.until("\r\n\r\n").await;
        assert!(
            stream.1.starts_with("HTTP/1.1 200") && stream.1.contains("text/event-stream"),
            "{}",
            stream.1
        );
        stream
    }

    async fn until(&mut self, words: &str) {
        let read = async {
            while !self.1.contains(words) {
                let mut bytes = [0; 4096];
                let count = self.0.read(&mut bytes).await.expect("it is read");
                assert!(count > 0, "it ended after {}", self.1);
                self.1.push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        };
        tokio::time::timeout(Duration::from_secs(20), read).await.expect("it is told soon");
    }
}

both! {
    events_are_read_in_order_and_by_kind(desk) {
        let caller = follower(&desk).await;
        open(&desk, &caller, "Printer on fire").await;
        desk.call(&caller, "PATCH", "/tickets/1", json!({"priority": 1, "tags": ["fire"]})).await;
        let (all, next) = events(&desk, &caller, "wait=5&limit=1").await;
        assert_eq!((kinds(&all), all[0]["seq"].as_i64(), all[0]["position"].as_i64()), (vec!["ticket.opened"], Some(1), Some(next)));
        let (rest, end) = events(&desk, &caller, &format!("wait=5&after={next}&kinds=ticket.priority,ticket.tags")).await;
        assert_eq!(kinds(&rest), ["ticket.priority", "ticket.tags"]);
        assert_eq!((&rest[0]["data"]["from"], &rest[0]["data"]["to"], &rest[0]["ticket_id"]), (&json!("2"), &json!("1"), &json!(1)));
        let (none, same) = events(&desk, &caller, &format!("after={end}")).await;
        assert!(none.is_empty() && same == end);
        let wrong = desk.ask(&caller, "/events?kinds=ticket.nothing").await;
        assert_eq!((wrong.status, &wrong.json()["errors"][0]["field"]), (422, &json!("kinds")));
        for query in ["wait=31", "limit=0", "limit=201"] {
            assert_eq!(desk.ask(&caller, &format!("/events?{query}")).await.status, 422, "{query}");
        }
        desk.mails().await;
    }

    who_waits_is_told_when_something_happens(desk) {
        let caller = follower(&desk).await;
        let begun = Instant::now();
        let (told, ()) = tokio::join!(events(&desk, &caller, "wait=30"), async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            open(&desk, &caller, "Printer on fire").await;
        });
        assert_eq!(kinds(&told.0)[0], "ticket.opened");
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        desk.mails().await;
    }

    a_stream_tells_at_once_and_goes_on_where_it_ended(desk) {
        let caller = follower(&desk).await;
        open(&desk, &caller, "Before").await;
        let (before, end) = events(&desk, &caller, "wait=5").await;
        assert!(!before.is_empty());
        let mut stream = Stream::open(&desk, &caller, &format!("kinds=ticket.opened&after={end}"), None).await;
        open(&desk, &caller, "During").await;
        stream.until("\"ticket_id\":2").await;
        assert!(stream.1.contains("event: ticket.opened") && !stream.1.contains("\"ticket_id\":1,"), "{}", stream.1);
        let id = stream.1.lines().find_map(|line| line.strip_prefix("id: ")).expect("it has a number").to_owned();
        drop(stream);
        open(&desk, &caller, "After").await;
        let mut again = Stream::open(&desk, &caller, "kinds=ticket.opened", Some(&id)).await;
        again.until("\"ticket_id\":3").await;
        assert!(!again.1.contains("\"ticket_id\":2"), "{}", again.1);
        desk.mails().await;
    }
}
