//! Captured requests, mangled at random: whatever comes, the answer is one that the reference client takes
//! quietly.

use helpdeskd::sharing::token::WireId;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::captured;
use super::captured::Captured;
use super::captured::GEM;
use super::captured::NODE;
use crate::support::sharer::Sharer;
use crate::support::story::On;

/// All that a partner may be answered.
const QUIET: [u16; 10] = [200, 201, 204, 401, 403, 404, 405, 410, 422, 503];

/// One change of a request.
#[derive(Clone, Debug)]
enum Mangle {
    /// Another byte at a place of the body.
    Byte(usize, u8),
    /// The body ends here.
    Cut(usize),
    /// The value of a key, by its number among all keys, becomes another one.
    Value(usize, Value),
    /// The whole body becomes this.
    Body(String),
    Verb(&'static str),
    Path(&'static str),
    /// A slash more at a slash of the path.
    Slash(usize),
    NoHeader(usize),
    Header(&'static str, String),
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(|number| serde_json::json!(number)),
        ".{0,40}".prop_map(Value::String),
        Just(Value::String("\0\u{202e}\r\nX: y".to_owned())),
        Just(Value::String("x".repeat(70_000))),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
        Just(serde_json::json!([null])),
        Just(
            serde_json::json!([{"uuid": "c9", "body": null, "public": null, "attachments": [{"url": "file:///x"}]}])
        ),
        Just(serde_json::json!([[["x"]]])),
        prop_oneof!["open", "closed", "solved", "hold", "accepted", "inactive", "2024-13-45", "javascript:x"]
            .prop_map(Value::String),
    ]
}

fn mangle() -> impl Strategy<Value = Mangle> {
    let body = prop_oneof![
        Just(String::new()),
        Just("null".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("\u{feff}{}".to_owned()),
        Just("NaN".to_owned()),
        Just(format!("{}{}", "[".repeat(50_000), "]".repeat(50_000))),
        Just(format!("{{\"comments\":[{}null]}}", "null,".repeat(5_000))),
        ".{0,200}",
    ];
    let header = prop_oneof![
        Just("X-Ticket-Sharing-Token"),
        Just("X-Ticket-Sharing-Version"),
        Just("Content-Type"),
        Just("Accept"),
        Just("Expect"),
        Just("Content-Encoding"),
    ];
    prop_oneof![
        3 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Mangle::Byte(at, byte)),
        2 => any::<usize>().prop_map(Mangle::Cut),
        6 => (any::<usize>(), value()).prop_map(|(at, value)| Mangle::Value(at, value)),
        2 => body.prop_map(Mangle::Body),
        1 => prop_oneof![
            Just("GET"), Just("PUT"), Just("POST"), Just("DELETE"), Just("PATCH"), Just("HEAD"), Just("OPTIONS"), Just("X")
        ].prop_map(Mangle::Verb),
        1 => prop_oneof![
            Just("/sharing"), Just("/sharing/tickets"), Just("/sharing/tickets/%2e%2e"), Just("/sharing/agreements/a b"),
            Just("/sharing/files/x/y"), Just("/sharing/tickets/x?a=1"), Just("/sharing//agreements//x//"),
            Just("/sharing/tickets/%00"),
        ].prop_map(Mangle::Path),
        1 => any::<usize>().prop_map(Mangle::Slash),
        1 => any::<usize>().prop_map(Mangle::NoHeader),
        2 => (header, "[ -~]{0,60}").prop_map(|(name, value)| Mangle::Header(name, value)),
    ]
}

fn apply(captured: &Captured, mangle: &Mangle) -> Captured {
    let mut changed = captured.clone();
    match mangle {
        Mangle::Byte(at, byte) => {
            let mut bytes = changed.body.into_bytes();
            if !bytes.is_empty() {
                let at = at % bytes.len();
                bytes[at] = byte & 0x7f;
            }
            changed.body = String::from_utf8_lossy(&bytes).into_owned();
        }
        Mangle::Cut(at) => {
            let at = changed.body.floor_char_boundary(at % (changed.body.len() + 1));
            changed.body.truncate(at);
        }
        Mangle::Value(at, value) => {
            if let Ok(mut body) = serde_json::from_str::<Value>(&changed.body) {
                let count = keys(&mut body, &mut usize::MAX.clone(), value);
                if count > 0 {
                    keys(&mut body, &mut (at % count), value);
                }
                changed.body = body.to_string();
            }
        }
        Mangle::Body(body) => changed.body.clone_from(body),
        Mangle::Verb(verb) => (*verb).clone_into(&mut changed.verb),
        Mangle::Path(path) => changed.path = path.replace(' ', "%20"),
        Mangle::Slash(at) => {
            let slashes: Vec<usize> = changed.path.match_indices('/').map(|(at, _)| at).collect();
            changed.path.insert(slashes[at % slashes.len()], '/');
        }
        Mangle::NoHeader(at) => {
            let at = at % changed.headers.len();
            // Without a host or a length it is no HTTP any more.
            if !["host", "content-length"].contains(&changed.headers[at].0.to_lowercase().as_str()) {
                changed.headers.remove(at);
            }
        }
        Mangle::Header(name, value) => changed = changed.with_header(name, value.trim()),
    }
    changed
}

/// Counts the values of all objects, and puts another one in the place of the one whose turn it is.
fn keys(value: &mut Value, turn: &mut usize, new: &Value) -> usize {
    let mut count = 0;
    let mut visit = |child: &mut Value, turn: &mut usize| {
        count += 1 + keys(child, turn, new);
        if *turn == 0 {
            child.clone_from(new);
        }
        *turn = turn.wrapping_sub(1);
    };
    match value {
        Value::Object(map) => map.values_mut().for_each(|child| visit(child, turn)),
        Value::Array(list) => list.iter_mut().for_each(|child| visit(child, turn)),
        _ => {}
    }
    count
}

#[test]
fn no_mangled_request_is_answered_with_a_code_that_clients_raise_on() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts");
    let desk = runtime.block_on(async {
        let desk = Sharer::start(On::Sqlite, 0).await;
        for (invitation, uuid) in [("gem-invite", GEM), ("node-invite", NODE)] {
            assert_eq!(desk.raw(&captured::named(invitation).bytes()).await.status, 201);
            desk.accept(&WireId::parse(uuid).expect("it is an id")).await;
        }
        desk
    });
    let all = captured::all();
    let requests = (0..all.len(), proptest::collection::vec(mangle(), 1..4));
    let mut runner = TestRunner::new(Config {
        cases: Config::default().cases.max(400),
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&requests, |(which, mangles)| {
        let mangled = mangles.iter().fold(all[which].clone(), |captured, mangle| apply(&captured, mangle));
        let reply = runtime.block_on(desk.raw(&mangled.bytes()));
        prop_assert!(QUIET.contains(&reply.status), "{} to {mangled:?}: {}", reply.status, reply.body);
        let secret = "83a5b8a7b2e181736b4cad2391e48691b4434fdb";
        prop_assert!(!reply.body.contains(secret), "{}", reply.body);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    runtime.block_on(async {
        // Still there, and still itself.
        assert_eq!(desk.raw(&captured::named("gem-invite").with_body("{}").bytes()).await.status, 422);
        drop(desk);
    });
}
