//! Attacks by way of copies: getting some, and ending somebody else's.

use std::net::SocketAddr;
use std::sync::Arc;

use rstest::rstest;
use tokio::net::TcpListener;

use helpdeskd::http;
use helpdeskd::mail::token;
use helpdeskd::mail::token::Purpose;
use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::id::TicketId;

use crate::support::http_client;
use crate::support::http_client::Reply;
use crate::support::mail::mail;
use crate::support::story::Mails;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";
const BOB: &str = "bob@customer.test";
const CLICKABLE: &str = "cc = \"all\"\n[http]\npublic_url = \"https://help.desk.test\"\n";
const CLICK: &str = "List-Unsubscribe=One-Click";

async fn ccs(desk: &TestDesk) -> usize {
    store::ticket_ccs::list(&mut desk.read().await, TicketId(1)).await.expect("it is read").len()
}

/// A ticket of Ann's with a copy to Bob, and the mails of one comment.
async fn copied(desk: &TestDesk) -> Mails {
    desk.receive(mail(ANN, "Printer on fire").cc(BOB)).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.by(&alex).assign(1, Some(&alex)).await;
    desk.sent().await;
    desk.by(&alex).comment(1, "Is it hot?").await;
    desk.sent().await
}

/// The path of the link in Bob's mail.
fn link(mails: &Mails) -> String {
    let field = mails.to(BOB).header("List-Unsubscribe").expect("he has a way out");
    field.trim_matches(['<', '>']).trim_start_matches("https://help.desk.test").to_owned()
}

async fn serve(desk: &TestDesk) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let router = http::router(desk.app.clone(), Arc::new(String::new));
    let app = desk.app.clone();
    desk.app.tasks.spawn(async move { http::serve::serve(listener, router, &app).await });
    address
}

async fn send(server: SocketAddr, verb: &str, path: &str, body: &str) -> Reply {
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    let bytes = http_client::request(verb, path, &kind, body.as_bytes());
    http_client::exchange(server, &bytes).await.expect("the server answers")
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_ends_the_copies_is_noted_and_told_to_the_owner(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, CLICKABLE).await;
    let path = link(&copied(&desk).await);
    let server = serve(&desk).await;
    let done = send(server, "POST", &path, CLICK).await;
    assert_eq!((done.status, ccs(&desk).await), (200, 0));
    assert_eq!(send(server, "POST", &path, CLICK).await.status, 200, "twice is no error");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["alex@staff.test"]);
    assert!(sent[0].text.contains("ended the copies"), "{}", sent[0].text);
    let changes = store::events::list(&mut desk.read().await, TicketId(1)).await.expect("they are read");
    let left = changes.iter().rfind(|change| change.field == "cc").expect("it is in the log");
    assert_eq!((left.door.as_str(), left.old.as_deref()), ("link", Some(BOB)));
    let alex = desk.user("alex@staff.test").await;
    desk.by(&alex).comment(1, "And now?").await;
    assert_eq!(desk.sent().await.recipients(), [ANN]);
    desk.app.tasks.drain();
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scanner_that_opens_every_link_ends_nothing(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, CLICKABLE).await;
    let path = link(&copied(&desk).await);
    let server = serve(&desk).await;
    let page = send(server, "GET", &path, "").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.body.contains("method=\"post\"") && page.body.contains("<button"), "{}", page.body);
    assert!(page.header("content-security-policy").contains("form-action 'self'"));
    for (verb, body, status) in
        [("HEAD", "", 200), ("OPTIONS", "", 405), ("PUT", CLICK, 405), ("DELETE", "", 405), ("POST", "", 400)]
    {
        assert_eq!(send(server, verb, &path, body).await.status, status, "{verb} {body}");
    }
    let query = format!("{path}?{CLICK}");
    send(server, "GET", &query, "").await;
    assert_eq!(send(server, "POST", &query, "").await.status, 400, "a click is in the body");
    assert_eq!(ccs(&desk).await, 1);
    assert_eq!(desk.sent().await.to_string(), "nothing");
    desk.app.tasks.drain();
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_behind_a_link_is_in_the_language_of_its_reader(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, &format!("locale = \"pl\"\n{CLICKABLE}")).await;
    let path = link(&copied(&desk).await);
    let server = serve(&desk).await;
    let ask = async |verb: &str, path: &str, languages: &str, body: &str| {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers: &[(&str, &str)] =
            if languages.is_empty() { &[kind] } else { &[kind, ("Accept-Language", languages)] };
        let bytes = http_client::request(verb, path, headers, body.as_bytes());
        http_client::exchange(server, &bytes).await.expect("the server answers")
    };
    for (languages, lang, button) in [
        ("de-AT,de;q=0.9,en;q=0.8", "de", "Keine weiteren Kopien"),
        ("sv, pt-BR;q=0.5", "pt", "Não receber mais cópias"),
        // Without a wish that can be met: in the language of the mail that the link came in.
        ("sv", "pl", "Zrezygnuj z kopii"),
        ("", "pl", "Zrezygnuj z kopii"),
        (";;q=,,*;q=x", "pl", "Zrezygnuj z kopii"),
    ] {
        let page = ask("GET", &path, languages, "").await;
        assert_eq!((page.status, page.header("vary")), (200, "Accept-Language"), "{languages}");
        assert!(page.body.contains(&format!("<html lang=\"{lang}\" dir=\"ltr\">")), "{}", page.body);
        assert!(page.body.contains(&format!("<button type=\"submit\">{button}</button>")), "{}", page.body);
    }
    let wrong = ask("POST", &path, "fr", "").await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.contains("Veuillez utiliser le bouton de cette page."), "{}", wrong.body);
    let invalid = ask("GET", "/unsubscribe/aaaa", "it", "").await;
    assert_eq!(invalid.status, 404);
    assert!(invalid.body.contains("Questo link non è valido."), "{}", invalid.body);
    let done = ask("POST", &path, "nl", CLICK).await;
    assert!(done.status == 200 && done.body.contains("U ontvangt geen kopieën"), "{}", done.body);
    assert_eq!(ccs(&desk).await, 0);
    desk.sent().await;
    desk.app.tasks.drain();
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_can_make_a_link_or_use_another_token_as_one(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, CLICKABLE).await;
    let mails = copied(&desk).await;
    let path = link(&mails);
    let server = serve(&desk).await;
    let genuine = path.rsplit('/').next().expect("it ends with a token");
    // Bob's own reply token, signed for him and this mail, but for another purpose.
    let reply = mails.to(BOB).message_id.split_once('@').expect("it has a host").0.replace("hd.", "");
    assert_ne!(reply, genuine);
    let other_last = if genuine.ends_with('a') { 'b' } else { 'a' };
    let changed = format!("{}{other_last}", &genuine[..genuine.len() - 1]);
    // The same row and person, signed with a key that is not the desk's.
    let parsed = token::read(genuine).expect("it is a token");
    let foreign = helpdeskd::secret::SigningKey { id: parsed.key_id, bytes: vec![7; 32] };
    let ring = helpdeskd::secret::Keyring::new(vec![foreign]).expect("it has a key");
    let forged = token::sign(&ring, Purpose::Unsubscribe, parsed.row, &desk.row(1).await.uuid, BOB);
    for bad in [reply, changed, forged, "a".repeat(32), "x".repeat(9000), "%00".to_owned()] {
        let answer = send(server, "POST", &format!("/unsubscribe/{bad}"), CLICK).await;
        assert_eq!(answer.status, 404, "{bad}");
    }
    assert_eq!(ccs(&desk).await, 1);
    // His link ends his copies only, and on this ticket only.
    desk.receive(mail(ANN, "Another matter").cc(BOB)).await;
    send(server, "POST", &path, CLICK).await;
    let other = store::ticket_ccs::list(&mut desk.read().await, TicketId(2)).await.expect("it is read");
    assert_eq!((ccs(&desk).await, other.len()), (0, 1));
    desk.sent().await;
    desk.app.tasks.drain();
}

#[rstest]
#[tokio::test]
async fn a_mail_that_is_not_from_whom_it_says_brings_nobody_in(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"\n").await;
    let forged = mail(ANN, "Printer on fire").cc("eve@evil.test").to("support@desk.test, eva@evil.test");
    assert_eq!(desk.receive_as(Authentication::Fail, forged).await, "ticket #1");
    assert_eq!(ccs(&desk).await, 0);
    desk.operator().comment(1, "The password is …").await;
    assert_eq!(desk.sent().await.recipients(), [ANN]);
}

/// CVE-2024-49193: whoever could name a ticket added himself to it by a copy.
#[rstest]
#[tokio::test]
async fn a_mail_to_a_known_ticket_brings_nobody_in(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"\n").await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    let ours = desk.sent().await.to(ANN).clone();
    desk.receive(ours.answer("And this").cc("eve@evil.test")).await;
    let stranger = mail("eve@evil.test", "Re: [support-1] Printer on fire").in_reply_to("first@client.test");
    assert_eq!(desk.receive(stranger.cc("eva@evil.test")).await, "followup #1 (external)");
    assert_eq!(ccs(&desk).await, 0);
    desk.operator().comment(1, "The password is …").await;
    assert_eq!(desk.sent().await.recipients(), [ANN]);
}
