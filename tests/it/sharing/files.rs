//! Attachments: out by links that nobody can guess, in by fetching what is there.

use std::time::Duration;

use helpdeskd::sharing::stored::FileState;
use helpdeskd::store;
use helpdeskd::ticket::id::TicketId;
use rstest::rstest;
use serde_json::Value;
use serde_json::json;

use crate::support::mail::mail;
use crate::support::scripted_partner::Act;
use crate::support::scripted_partner::ScriptedPartner;
use crate::support::sharer::FULL;
use crate::support::sharer::Sharer;
use crate::support::sharer::agreed;
use crate::support::story::On;
use crate::support::story::days;
use crate::support::story::minutes;

const PDF: &[u8] = b"%PDF-1.7 the invoice";

/// A desk of whose customer Ann the invisible partner has ticket 1; the path and the token of the partner.
async fn shared(on: On) -> (Sharer, ScriptedPartner, String, String) {
    let (desk, partner) = (Sharer::start(on, 1).await, ScriptedPartner::start().await);
    let uuid = desk.invite(&partner.base(), FULL).await;
    desk.exchange().await;
    let token = desk.token(&uuid).await;
    desk.call("PUT", &format!("/agreements/{uuid}"), &token, &json!({"status": "accepted"})).await;
    desk.desk.receive(mail("ann@customer.test", "Printer").text("It burns.")).await;
    desk.share(1, &uuid).await;
    desk.exchange().await;
    desk.desk.sent().await;
    let path = format!("/tickets/{}", desk.shares(1).await[0].uuid);
    (desk, partner, path, token)
}

fn with_files(uuid: &str, files: &[Value]) -> Value {
    json!({"comments": [{
        "uuid": uuid, "body": "See the files.", "author": {"uuid": "z", "name": "Zoe", "role": "agent"}, "attachments": files,
    }]})
}

#[rstest]
#[tokio::test]
async fn a_partners_file_reaches_the_customer_with_his_words(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, path, token) = shared(on).await;
    let url = partner.serve_at("/files/1", Act::file("application/pdf", PDF));
    let file = json!({"url": url, "filename": "../../in voice.pdf", "content_type": "text/html"});
    let reply = desk.call("PUT", &path, &token, &with_files("c1", &[file])).await;
    assert_eq!(reply.status, 200);
    assert_eq!(desk.desk.sent().await.len(), 0, "people are told when the file is here");
    desk.exchange().await;
    let sent = desk.desk.sent().await;
    let answer = sent.to("ann@customer.test");
    assert!(answer.text.contains("See the files."));
    assert_eq!(answer.attachments, ["in voice.pdf"]);
    assert!(desk.links(1).await.is_empty());
    // Repeated, it is neither fetched nor told again.
    let file = json!({"url": url, "filename": "in voice.pdf"});
    desk.call("PUT", &path, &token, &with_files("c1", &[file])).await;
    desk.exchange().await;
    assert_eq!(desk.desk.sent().await.len(), 0);
}

#[rstest]
#[tokio::test]
async fn what_is_no_file_stays_a_link(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, path, token) = shared(on).await;
    let file = |n: usize, act: Act| json!({"url": partner.serve_at(&format!("/files/{n}"), act), "filename": format!("f{n}.pdf")});
    let login = partner.serve_at("/login", Act::file("text/html", b"<html>Log in"));
    let files = [
        file(1, Act::file("text/html; charset=utf-8", b"<!doctype html><title>Log in</title>")),
        file(2, Act::redirect(302, &login)),
        file(3, Act::status(403)),
        file(4, Act::Flood),
        file(5, Act::redirect(302, "file:///etc/passwd")),
        file(6, Act::file("application/pdf", PDF)),
        json!({"url": "http://169.254.169.254/latest/meta-data", "filename": "f7.pdf"}),
    ];
    assert_eq!(desk.call("PUT", &path, &token, &with_files("c1", &files)).await.status, 200);
    let begun = std::time::Instant::now();
    desk.exchange().await;
    assert!(begun.elapsed() < Duration::from_secs(10), "ten gigabytes are not read");
    let links: Vec<String> =
        desk.links(1).await.iter().map(|file| format!("{} {}", file.name, file.state)).collect();
    assert_eq!(
        links,
        [
            "f1.pdf linked",
            "f2.pdf linked",
            "f3.pdf linked",
            "f4.pdf linked",
            "f5.pdf linked",
            "f7.pdf linked"
        ]
    );
    let reasons =
        desk.links(1).await.into_iter().map(|file| file.reason.unwrap_or_default()).collect::<Vec<_>>();
    for (reason, word) in
        reasons.iter().zip(["web page", "web page", "log-in", "larger", "redirect", "must not be called"])
    {
        assert!(reason.contains(word), "{reason}");
    }
    let sent = desk.desk.sent().await;
    let answer = sent.to("ann@customer.test");
    assert_eq!(answer.attachments, ["f6.pdf"]);
    assert!(answer.text.contains("/files/1"), "the link is kept: {}", answer.text);
}

#[rstest]
#[tokio::test]
async fn a_file_that_cannot_be_had_now_is_tried_again_but_not_for_long(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (desk, partner, path, token) = shared(on).await;
    let url = partner.serve_at("/files/1", Act::status(500));
    let file = json!({"url": url, "filename": "a.pdf"});
    desk.call("PUT", &path, &token, &with_files("c1", &[file])).await;
    desk.exchange().await;
    assert_eq!(desk.links(1).await[0].state, FileState::Waiting);
    assert_eq!(desk.desk.sent().await.len(), 0);
    desk.desk.advance(minutes(1));
    desk.exchange().await;
    desk.desk.advance(minutes(5));
    desk.exchange().await;
    let links = desk.links(1).await;
    assert_eq!((links[0].state, links[0].attempts), (FileState::Linked, 3));
    assert!(desk.desk.sent().await.to("ann@customer.test").text.contains("a.pdf"));
}

#[rstest]
#[tokio::test]
async fn files_travel_between_two_desks(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (sender, receiver, uuid) = agreed(on, FULL).await;
    let big = vec![7_u8; 3_000_000];
    let letter = mail("ann@customer.test", "Printer")
        .text("It burns.")
        .attachment("photo of fire.bin", "application/octet-stream", &big)
        .attachment("notes.txt", "text/plain", b"hot");
    sender.desk.receive(letter).await;
    assert_eq!(sender.share(1, &uuid).await.attachments, 2);
    sender.exchange().await;
    receiver.exchange().await;
    let mut tx = receiver.desk.read().await;
    let files = store::attachments::list(&mut tx, TicketId(1)).await.expect("they are read");
    let mut names: Vec<_> =
        files.iter().map(|file| (file.name.as_str(), file.content_type.as_str(), file.size)).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [("notes.txt", "text/plain", 3), ("photo of fire.bin", "application/octet-stream", 3_000_000),]
    );
    let body = sender.log(&uuid).await[1].body.clone();
    let body: Value = serde_json::from_str(&body).expect("it is JSON");
    let url = body["comments"][0]["attachments"][1]["url"].as_str().expect("it has a URL").to_owned();
    let path = url.strip_prefix(&format!("http://{}", sender.address)).expect("it is ours").to_owned();
    let got = sender.send("GET", &path, &[], b"").await;
    assert_eq!((got.status, got.body.as_str()), (200, "hot"));
    assert_eq!(
        got.header("content-disposition"),
        "attachment; filename=\"notes.txt\"; filename*=UTF-8''notes%2Etxt"
    );
    assert_eq!((got.header("x-content-type-options"), got.header("content-type")), ("nosniff", "text/plain"));
    assert_eq!(got.header("content-length"), "3");
    assert_eq!(sender.send("HEAD", &path, &[], b"").await.status, 200);
    let guessed = path.replace('a', "b");
    assert_eq!(sender.send("GET", &guessed, &[], b"").await.status, 404);
    assert_eq!(sender.unshare(1).await, 1);
    assert_eq!(sender.send("GET", &path, &[], b"").await.status, 404, "it ends with the share");
}

#[rstest]
#[tokio::test]
async fn a_link_of_ours_ends_after_ninety_days(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, partner, _, _) = shared(on).await;
    partner.asked();
    let letter = mail("ann@customer.test", "Printer").text("See.").attachment("a.txt", "text/plain", b"hot");
    desk.desk.receive(letter).await;
    let uuid = desk.shares(1).await[0].agreement_id;
    let agreement = store::agreements::find(&mut desk.desk.read().await, uuid).await;
    let agreement = agreement.expect("it is read").expect("it is there").uuid;
    desk.share(2, &agreement).await;
    desk.exchange().await;
    let asked = partner.asked_once().json();
    let url = asked["comments"][0]["attachments"][0]["url"].as_str().expect("it has a URL").to_owned();
    let path = url.strip_prefix(&format!("http://{}", desk.address)).expect("it is ours").to_owned();
    desk.desk.advance(days(89));
    assert_eq!(desk.send("GET", &path, &[], b"").await.status, 200);
    desk.desk.advance(days(2));
    assert_eq!(desk.send("GET", &path, &[], b"").await.status, 404);
    desk.partners.tidy().await.expect("the database works");
    assert_eq!(desk.send("GET", &path, &[], b"").await.status, 404);
}
