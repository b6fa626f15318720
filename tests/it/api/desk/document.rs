//! The OpenAPI document of the Desk API: every operation in it is called, and answers as it says.

use serde_json::Value;
use serde_json::json;

use crate::support::desk::TestDesk;
use crate::support::desk::both;
use crate::support::programs::Caller;
use crate::support::programs::Sent;

const VERBS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// An operation of the document, with a call of it that goes well, in this order.
const CALLS: &[(&str, &str, &str, &str)] = &[
    (
        "post",
        "/tickets",
        "/tickets",
        r#"{"queue": "support", "subject": "s", "text": "t", "submitter": {"email": "max@customer.test"}}"#,
    ),
    ("get", "/tickets", "/tickets?count=true&include=submitter,owner,queue", ""),
    ("get", "/tickets/{id}", "/tickets/1", ""),
    ("patch", "/tickets/{id}", "/tickets/1", r#"{"owner": null, "hold": {}, "tags": ["a"]}"#),
    ("post", "/tickets/{id}/entries", "/tickets/1/entries", r#"{"text": "t", "visibility": "private"}"#),
    ("get", "/tickets/{id}/entries", "/tickets/1/entries", ""),
    ("get", "/tickets/{id}/entries/{entry}", "/tickets/1/entries/1", ""),
    ("post", "/tickets/{id}/ccs", "/tickets/1/ccs", r#"{"email": "ann@customer.test"}"#),
    ("get", "/tickets/{id}/ccs", "/tickets/1/ccs", ""),
    ("delete", "/tickets/{id}/ccs/{email}", "/tickets/1/ccs/ann@customer.test", ""),
    ("post", "/tickets/{id}/tags", "/tickets/1/tags", r#"{"tag": "b"}"#),
    ("get", "/tickets/{id}/tags", "/tickets/1/tags", ""),
    ("delete", "/tickets/{id}/tags/{tag}", "/tickets/1/tags/b", ""),
    ("post", "/tickets/{id}/rating", "/tickets/1/rating", r#"{"user": "max@customer.test", "value": 4}"#),
    ("get", "/tickets/{id}/rating", "/tickets/1/rating", ""),
    ("get", "/tickets/{id}/events", "/tickets/1/events", ""),
    ("get", "/tickets/{id}/deliveries", "/tickets/1/deliveries", ""),
    ("post", "/tickets/{id}/split", "/tickets/1/split", r#"{"entries": [3]}"#),
    ("post", "/tickets/{id}/share", "/tickets/1/share", r#"{"agreement": "x"}"#),
    ("delete", "/tickets/{id}/share", "/tickets/1/share", ""),
    ("post", "/tickets/{id}/merge", "/tickets/2/merge", r#"{"into": 1}"#),
    ("get", "/outbox", "/outbox", ""),
    ("get", "/outbox/{id}", "/outbox/1", ""),
    ("post", "/outbox/{id}/cancel", "/outbox/1/cancel", ""),
    ("post", "/outbox/{id}/retry", "/outbox/1/retry", ""),
    ("delete", "/tickets/{id}", "/tickets/1", ""),
    ("get", "/queues", "/queues", ""),
    ("get", "/types", "/types", ""),
    ("get", "/stats", "/stats?by=day&from=2026-03-01&to=2026-03-02", ""),
    (
        "post",
        "/replies",
        "/replies",
        r#"{"name": "water", "body": "Use water.", "queue": "support", "locale": "de"}"#,
    ),
    ("get", "/replies", "/replies", ""),
    ("get", "/replies/{id}", "/replies/1", ""),
    ("patch", "/replies/{id}", "/replies/1", r#"{"body": "Use sand."}"#),
    ("delete", "/replies/{id}", "/replies/1", ""),
    (
        "post",
        "/suppressions",
        "/suppressions",
        r#"{"address": "max@customer.test", "reason": "asked for it", "days": 3}"#,
    ),
    ("get", "/suppressions", "/suppressions", ""),
    ("get", "/suppressions/{address}", "/suppressions/max@customer.test", ""),
    ("delete", "/suppressions/{address}", "/suppressions/max@customer.test", ""),
    ("get", "/events", "/events?kinds=ticket.*,entry.public&limit=5", ""),
    ("get", "/tokens", "/tokens", ""),
    ("delete", "/tokens/{name}", "/tokens/other", ""),
    ("post", "/users", "/users", r#"{"email": "eve@customer.test"}"#),
    ("get", "/users", "/users?role=customer", ""),
    ("get", "/users/{id}", "/users/1", ""),
    ("patch", "/users/{id}", "/users/1", r#"{"name": "Max"}"#),
    ("get", "/users/{id}/export", "/users/1/export", ""),
    ("post", "/users/{id}/erase", "/users/1/erase", ""),
];
/// What has nothing to share with: told as a problem.
const REFUSED: [&str; 3] =
    ["post /tickets/{id}/share", "delete /tickets/{id}/share", "delete /tokens/{name}"];

async fn document(desk: &TestDesk) -> Value {
    let reply = desk.get("/api/v2/openapi.json").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    reply.json()
}

fn operations(document: &Value) -> Vec<(String, String)> {
    let paths = document["paths"].as_object().expect("paths");
    let each = paths.iter().flat_map(|(path, item)| {
        let verbs = VERBS.iter().filter(|verb| item.get(**verb).is_some());
        verbs.map(|verb| ((*verb).to_owned(), path.clone())).collect::<Vec<_>>()
    });
    each.collect()
}

async fn send(
    desk: &TestDesk,
    caller: &Caller,
    verb: &str,
    path: &str,
    body: &str,
) -> crate::support::http_client::Reply {
    let body = (!body.is_empty()).then(|| serde_json::from_str(body).expect("a body is JSON"));
    desk.call(caller, &verb.to_uppercase(), path, Sent { body, headers: &[] }).await
}

/// What is wrong with a value by a schema: of the schemas that our documents have.
fn mistakes(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let found = document.pointer(name.trim_start_matches('#')).expect("a reference leads somewhere");
        return mistakes(document, found, value, at);
    }
    if let Some(any) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let fits = any.iter().any(|one| mistakes(document, one, value, at).is_empty());
        return if fits { Vec::new() } else { vec![format!("{at}: none of the alternatives: {value}")] };
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return Vec::new(),
    };
    let is = |kind: &&str| match *kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    if !kinds.iter().any(is) {
        return vec![format!("{at}: {value} is no {kinds:?}")];
    }
    let mut found = Vec::new();
    if let (Some(fields), Some(known)) = (value.as_object(), schema["properties"].as_object()) {
        for (name, inner) in fields {
            match known.get(name) {
                Some(schema) => found.extend(mistakes(document, schema, inner, &format!("{at}.{name}"))),
                None => found.push(format!("{at}.{name}: not in the document")),
            }
        }
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        found.extend(
            required.filter(|name| !fields.contains_key(*name)).map(|name| format!("{at}.{name}: missing")),
        );
    }
    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(mistakes(document, &schema["items"], item, &format!("{at}[{n}]")));
    }
    found
}

/// What an answer has that the document does not say of it.
fn answered(
    document: &Value,
    verb: &str,
    path: &str,
    reply: &crate::support::http_client::Reply,
) -> Vec<String> {
    let told = &document["paths"][path][verb]["responses"][reply.status.to_string()];
    if told.is_null() {
        return vec![format!("{verb} {path}: {} is not in the document", reply.status)];
    }
    if reply.body.is_empty() {
        return Vec::new();
    }
    let schema = &told["content"][reply.header("content-type")]["schema"];
    if schema.is_null() {
        return vec![format!("{verb} {path}: no schema for {}", reply.header("content-type"))];
    }
    mistakes(document, schema, &reply.json(), &format!("{verb} {path}"))
}

both! {
    every_operation_answers_as_the_document_says(desk) {
        let document = document(&desk).await;
        let mut listed: Vec<(String, String)> = CALLS.iter().map(|call| (call.0.to_owned(), call.1.to_owned())).collect();
        let mut told = operations(&document);
        listed.sort();
        told.sort();
        assert_eq!(listed, told);
        let caller = desk.program("read,write,customers,admin").await;
        for (verb, path, address, body) in CALLS {
            let reply = send(&desk, &caller, verb, address, body).await;
            let is_refused = REFUSED.contains(&format!("{verb} {path}").as_str());
            assert_eq!(reply.status >= 400, is_refused, "{verb} {path}: {} {}", reply.status, reply.body);
            assert_eq!(answered(&document, verb, path, &reply), Vec::<String>::new());
            if *verb != "get" {
                // Neither without a token.
                let refused = desk.send(&verb.to_uppercase(), &format!("/api/v2{address}"), &[], b"").await;
                assert_eq!((refused.status, answered(&document, verb, path, &refused)), (401, Vec::new()));
            }
        }
        desk.mails().await;
    }

    every_operation_needs_its_scope_and_no_other(desk) {
        let document = document(&desk).await;
        let scopes = ["read", "write", "customers", "admin"];
        let mut callers = Vec::new();
        for scope in scopes {
            callers.push((scope, desk.program(scope).await));
        }
        for (verb, path) in operations(&document) {
            let needed = document["paths"][&path][&verb]["security"][0]["token"][0].as_str().expect("a scope");
            assert!(scopes.contains(&needed), "{verb} {path}: {needed}");
            // Of nothing that is there.
            let address = path.replace("{id}", "999").replace("{entry}", "999").replace("{email}", "x").replace("{tag}", "x").replace("{name}", "x").replace("{address}", "x");
            for (scope, caller) in &callers {
                let reply = send(&desk, caller, &verb, &address, "").await;
                assert_eq!(reply.status == 403, *scope != needed, "{verb} {path} with {scope}: {}", reply.status);
                assert_eq!(answered(&document, &verb, &path, &reply), Vec::<String>::new(), "{}", reply.body);
            }
        }
    }

    a_page_says_the_same_without_a_script(desk) {
        for address in ["/api/v2", "/api/v2/"] {
            let page = desk.get(address).await;
            assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{address}");
            assert!(page.body.contains("/tickets/{id}/entries") && !page.body.contains("<script"), "{}", page.body);
        }
        assert_eq!(document(&desk).await["openapi"], json!("3.1.0"));
    }
}
