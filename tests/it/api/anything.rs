//! Anything at all in any argument: an answer that the contract knows, in its format, and no partial effect.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::prelude::prop_oneof;
use proptest::sample::select;
use proptest::strategy::Just;
use proptest::strategy::Strategy;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use url::form_urlencoded;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::http_client::Reply;
use crate::support::people::Key;

const CASES: usize = 150;

/// Values that are right somewhere, wrong elsewhere, or awkward everywhere.
const VALUES: &[&str] = &[
    "",
    " ",
    "0",
    "1",
    "2",
    "3",
    "5",
    "6",
    "-1",
    "1.5",
    "1e3",
    "99999999999999999999",
    "true",
    "false",
    "y",
    "n",
    "susan",
    "fido",
    "susan@staff.test",
    "max@customer.test",
    "new@customer.test",
    "Payment",
    "Bare",
    "urgent",
    "admin",
    "user",
    "open",
    "overdue",
    "2026-03-05",
    "02-03-2026 10:00",
    "\0",
    "a\r\nb",
    "\u{202e}\u{feff}",
    "<b>x</b>",
    "<script>",
    "%00",
    "' or 1=1 --",
    "{}",
    "[1]",
    "\u{10ffff}",
    "null",
];
const NAMES: &[&str] = &[
    "queue",
    "title",
    "submitter_email",
    "assigned_to",
    "priority",
    "body",
    "due_date",
    "ticket",
    "confirm",
    "message",
    "public",
    "resolution",
    "username",
    "type",
    "subject",
    "userId",
    "comments",
    "closeTicketImmediately",
    "resolutionType",
    "resolutionSubject",
    "ticketId",
    "ticketMessage",
    "sender",
    "sender_name",
    "showToUser",
    "admin",
    "ratingValue",
    "fromDate",
    "toDate",
    "limit",
    "before",
];
/// What JSON can have in place of a text.
const TOKENS: &[&str] = &[
    "null",
    "true",
    "1",
    "5",
    "-0",
    "1e3",
    "1e999",
    "1.5",
    "99999999999999999999",
    "[]",
    "[[[[\"1\"]]]]",
    "{\"a\": {\"a\": 1}}",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\"1\"",
    "nonsense",
    "\"Payment\"",
    "\"true\"",
    "\"user\"",
];
/// Types that a form does not have, or hardly.
const TYPES: &[&str] = &[
    "application/xml",
    "text/html",
    "",
    "/",
    "application/x-www-form-urlencoded; charset=utf-16",
    "APPLICATION/X-WWW-FORM-URLENCODED",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/json;",
];
const METHODS: &[&str] = &[
    "create_ticket",
    "delete_ticket",
    "hold_ticket",
    "unhold_ticket",
    "add_followup",
    "resolve",
    "list_queues",
    "find_user",
    "nothing",
];
const CALLS: &[&str] = &[
    "raise_ticket",
    "get_tickets",
    "get_tickets/0",
    "get_tickets/1",
    "send_message",
    "get_ticket_details/1",
    "close_ticket/1",
    "close_ticket/2",
    "assign_ticket_to_admin",
    "reopen_ticket",
    "ticket_rating",
    "nothing",
];

type Arguments = Vec<(String, Vec<u8>)>;

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => select(VALUES).prop_map(|text| text.as_bytes().to_vec()),
        2 => any::<String>().prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..40),
        1 => (1..3000_usize).prop_map(|n| "long ".repeat(n).into_bytes()),
    ]
}

/// What makes every call succeed, but for what is drawn in place of some of it.
const GOOD: &[(&str, &str)] = &[
    ("queue", "1"),
    ("title", "t"),
    ("ticket", "1"),
    ("confirm", "1"),
    ("message", "m"),
    ("resolution", "r"),
    ("username", "susan"),
    ("type", "Payment"),
    ("subject", "s"),
    ("userId", "1"),
    ("comments", "c"),
    ("ticketId", "1"),
    ("ticketMessage", "m"),
    ("sender", "user"),
    ("sender_name", "1"),
    ("showToUser", "true"),
    ("admin", "susan"),
    ("ratingValue", "5"),
];

fn arguments() -> impl Strategy<Value = Arguments> {
    let name = prop_oneof![20 => select(NAMES).prop_map(str::to_owned), 1 => any::<String>()];
    let nearly_good = vec((select(NAMES).prop_map(str::to_owned), value()), 0..3).prop_map(|drawn| {
        let good = GOOD.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
        good.chain(drawn).collect()
    });
    prop_oneof![1 => vec((name, value()), 0..12), 2 => nearly_good]
}

fn encoding() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just("form"), 2 => Just("multipart"), 2 => Just("json"), 2 => Just("tokens"), 1 => Just("raw"), 1 => Just("typeless")]
}

fn draw<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).expect("a value is drawn").current()
}

/// The content type and body that carry arguments.
fn encode(encoding: &str, arguments: &Arguments) -> (&'static str, Vec<u8>) {
    match encoding {
        "form" => {
            let mut body = Vec::new();
            for (name, value) in arguments {
                body.extend(form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().bytes());
                body.push(b'=');
                body.extend(form_urlencoded::byte_serialize(value).collect::<String>().bytes());
                body.push(b'&');
            }
            ("application/x-www-form-urlencoded", body)
        }
        "multipart" => {
            let mut body = Vec::new();
            for (name, value) in arguments {
                let name: String = name.chars().filter(|c| !c.is_control() && *c != '"').collect();
                body.extend(
                    format!("--bound\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").bytes(),
                );
                body.extend(value);
                body.extend(b"\r\n");
            }
            body.extend(b"--bound--\r\n");
            ("multipart/form-data; boundary=bound", body)
        }
        "json" => {
            let text = |value: &Vec<u8>| serde_json::Value::from(String::from_utf8_lossy(value).into_owned());
            let map: serde_json::Map<_, _> =
                arguments.iter().map(|(name, value)| (name.clone(), text(value))).collect();
            ("application/json", serde_json::Value::from(map).to_string().into_bytes())
        }
        "tokens" => {
            let token = |value: &Vec<u8>| {
                TOKENS[value.iter().map(|byte| usize::from(*byte)).sum::<usize>() % TOKENS.len()]
            };
            let text = |name: &str| serde_json::Value::from(name).to_string();
            let members: Vec<String> =
                arguments.iter().map(|(name, value)| format!("{}: {}", text(name), token(value))).collect();
            ("application/json", format!("{{{}}}", members.join(", ")).into_bytes())
        }
        "typeless" => {
            let (_, body) = encode("form", arguments);
            (TYPES[body.len() % TYPES.len()], body)
        }
        _ => ("application/json", arguments.iter().flat_map(|(_, value)| value.clone()).collect()),
    }
}

async fn jaze(desk: &TestDesk, key: &Key, (verb, path): (&str, &str), (kind, body): (&str, &[u8])) -> Reply {
    let headers = [("Authorization", key.authorization.as_str()), ("Content-Type", kind)];
    desk.send(verb, path, &headers, body).await
}

both! {
    any_call_of_the_jutda_api_is_answered_by_its_contract(desk) {
        desk.susan().await;
        let mut runner = TestRunner::deterministic();
        let mut before = desk.totals().await;
        for _ in 0..CASES {
            let method = draw(&mut runner, &select(METHODS));
            let mut arguments = draw(&mut runner, &arguments());
            arguments.extend([("user".to_owned(), b"susan".to_vec()), ("password".to_owned(), b"fido".to_vec())]);
            let (kind, body) = encode(draw(&mut runner, &encoding()), &arguments);
            let reply = desk.send("POST", &format!("/api/{method}/"), &[("Content-Type", kind)], &body).await;
            let format = if reply.status == 200 && method == "list_queues" { "text/json" } else { "text/plain; charset=utf-8" };
            assert!([200, 400, 403, 404].contains(&reply.status), "{method} {arguments:?}: {reply:?}");
            assert_eq!(reply.header("content-type"), format, "{method} {arguments:?}");
            assert!(!reply.body.is_empty());
            let after = desk.totals().await;
            assert!(reply.status == 200 || after == before, "{method} {arguments:?}: {reply:?}");
            before = after;
        }
        assert!(before[0] > 0, "not one call opened a ticket");
    }

    any_call_of_the_jaze_api_is_answered_by_its_contract(desk) {
        desk.customer("max@customer.test", "Max").await;
        desk.susan().await;
        let key = desk.token().await;
        let mut runner = TestRunner::deterministic();
        let mut before = desk.totals().await;
        for _ in 0..CASES {
            let call = draw(&mut runner, &select(CALLS));
            let verb = draw(&mut runner, &select(&["POST", "POST", "POST", "GET", "PUT"][..]));
            let arguments = draw(&mut runner, &arguments());
            let (kind, body) = encode(draw(&mut runner, &encoding()), &arguments);
            let step: String = form_urlencoded::byte_serialize(&draw(&mut runner, &value())).take(300).collect();
            let path = draw(&mut runner, &select(vec![format!("/api/v1/{call}"), format!("/api/v1/{call}/{step}"), format!("/api/v1/{call}?limit={step}")]));
            let reply = jaze(&desk, &key, (verb, &path), (kind, &body)).await;
            assert!([200, 400, 403, 404, 405].contains(&reply.status), "{verb} {path} {arguments:?}: {reply:?}");
            assert_eq!((reply.header("content-type"), &reply.json()["errorCode"]), ("application/json", &reply.status.into()), "{path}");
            assert_eq!(reply.json()["status"], if reply.status == 200 { "success" } else { "error" });
            let after = desk.totals().await;
            assert!(reply.status == 200 || after == before, "{verb} {path} {arguments:?}: {reply:?}");
            before = after;
        }
        assert!(before[0] > 0, "not one call opened a ticket");
    }

    any_credentials_are_refused_in_the_format_of_the_api(desk) {
        let mut runner = TestRunner::deterministic();
        for _ in 0..30 {
            let (name, password) = (draw(&mut runner, &value()), draw(&mut runner, &value()));
            let arguments = vec![("user".to_owned(), name.clone()), ("password".to_owned(), password.clone())];
            let (kind, body) = encode(draw(&mut runner, &encoding()), &arguments);
            let reply = desk.send("POST", "/api/resolve/", &[("Content-Type", kind)], &body).await;
            assert!([400, 403].contains(&reply.status) && reply.header("content-type") == "text/plain; charset=utf-8", "{reply:?}");
            let encoded = BASE64_STANDARD.encode([name, b":".to_vec(), password].concat());
            let reply = desk.send("GET", "/api/v1/get_tickets/0", &[("Authorization", &format!("Basic {encoded}"))], b"").await;
            assert!([401, 431].contains(&reply.status), "{reply:?}");
        }
    }
}
