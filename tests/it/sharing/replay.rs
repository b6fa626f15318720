//! Every captured request of the reference client and of the Node client, with its answer and its effect.

use helpdeskd::sharing::Side;
use helpdeskd::sharing::agreement_status::Status;
use helpdeskd::sharing::base::Base;
use helpdeskd::sharing::token::WireId;
use helpdeskd::store;
use rstest::rstest;

use super::captured;
use super::captured::Captured;
use super::captured::GEM;
use super::captured::NODE;
use crate::support::http_client::Reply;
use crate::support::sharer::Sharer;
use crate::support::story::On;

fn id(text: &str) -> WireId {
    WireId::parse(text).expect("it is an id")
}

async fn replay(desk: &Sharer, name: &str) -> Reply {
    desk.raw(&captured::named(name).bytes()).await
}

#[rstest]
#[tokio::test]
async fn the_reference_client_goes_through_its_whole_life(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 0).await;
    let invited = replay(&desk, "gem-invite").await;
    assert_eq!((invited.status, invited.body.as_str(), invited.header("content-length")), (201, "", "0"));
    assert_eq!(invited.header("x-ticket-sharing-version"), "1");
    assert_eq!(replay(&desk, "gem-invite").await.status, 200, "repeated after a lost answer");
    assert_eq!(replay(&desk, "gem-share").await.status, 403, "nobody accepted it");
    assert_eq!(replay(&desk, "gem-accept").await.status, 403, "a sender cannot accept his own invitation");
    assert_eq!(desk.status(&id(GEM)).await, Status::Pending);

    desk.accept(&id(GEM)).await;
    assert_eq!(replay(&desk, "gem-accept").await.status, 200, "what is so already may be said");
    let shared = replay(&desk, "gem-share").await;
    assert_eq!((shared.status, shared.body.as_str()), (201, ""));
    assert_eq!(desk.desk.row(1).await.subject, "Printer on fire");
    assert_eq!(desk.talk(1).await, ["public opened Joé <User>: Ça brûle — \"help\"\nline 2 🔥"]);
    assert_eq!(desk.desk.followups(1).await[0].html.as_deref(), Some("<p>Ça <b>brûle</b></p>"));
    assert_eq!(desk.tags(1).await, ["fire", "printer"]);
    let shares = desk.shares(1).await;
    assert_eq!(
        (shares[0].original_id.as_deref(), shares[0].uuid.as_str()),
        (Some("1"), captured::GEM_TICKET)
    );
    let fields = shares[0].custom_fields.as_deref().unwrap_or_default();
    assert_eq!(fields, r#"{"zd_custom_fields":{"Camera model":"X100"}}"#);

    assert_eq!(replay(&desk, "gem-comment").await.status, 200);
    assert_eq!(
        desk.talk(1).await[1..],
        [
            "private comment Zoe Agent: internal",
            "private sharing Zoe Agent: Ticket put on hold by Acme Support",
        ]
    );
    assert_eq!(desk.state(1).await, "open held by partner");
    let before = desk.talk(1).await;
    for again in ["gem-comment", "gem-empty-update", "gem-share"] {
        assert_eq!(replay(&desk, again).await.status, 200, "{again}");
        let state = if again == "gem-share" { "open" } else { "open held by partner" };
        assert_eq!(desk.state(1).await, state, "{again}");
    }
    assert_eq!(desk.talk(1).await[..before.len()], before, "nothing is said twice");
    assert_eq!(desk.tags(1).await, ["fire", "printer"]);

    let unshared = replay(&desk, "gem-unshare").await;
    assert_eq!((unshared.status, unshared.body.as_str()), (204, ""));
    assert_eq!(replay(&desk, "gem-unshare").await.status, 204, "once more changes nothing");
    assert_eq!(replay(&desk, "gem-comment").await.status, 410);
    assert_eq!(replay(&desk, "gem-share").await.status, 200, "sharing is resumed on the same ticket");
    assert_eq!(desk.desk.tickets().await.lines().count(), 1);
}

#[rstest]
#[tokio::test]
async fn the_reference_client_accepts_our_invitation(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 0).await;
    // As if we had sent it: the captured acceptance names this id, this key and these URLs.
    assert_eq!(replay(&desk, "gem-invite").await.status, 201);
    let mut ours = desk.agreement(&id(GEM)).await;
    ours.uuid = id("ours");
    ours.side = Side::Sender;
    ours.partner_name = "Partner".to_owned();
    let mut tx = desk.desk.write().await;
    store::agreements::insert(&mut tx, &ours).await.expect("it is written").expect("it is new");
    tx.commit().await.expect("it commits");

    let accept = captured::named("gem-accept");
    let ours = |captured: &Captured| Captured {
        path: captured.path.replace(GEM, "ours"),
        ..captured.with_body(captured.body.replace(GEM, "ours"))
    };
    let token = desk.token(&id("ours")).await;
    let accept = ours(&accept).with_header("X-Ticket-Sharing-Token", &token);
    let reply = desk.raw(&accept.bytes()).await;
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    let accepted = desk.agreement(&id("ours")).await;
    assert_eq!((accepted.status, accepted.partner_name.as_str()), (Status::Accepted, "Acme Support"));
    assert_eq!(Ok(accepted.receiver_url), Base::parse("http://127.0.0.1:45825/sharing"));
    let share = ours(&captured::named("gem-share")).with_header("X-Ticket-Sharing-Token", &token);
    assert_eq!(desk.raw(&share.bytes()).await.status, 403, "only the sender shares tickets");
}

#[rstest]
#[tokio::test]
async fn the_node_client_goes_through_its_whole_life(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 0).await;
    assert_eq!(replay(&desk, "node-invite").await.status, 201);
    desk.accept(&id(NODE)).await;
    assert_eq!(replay(&desk, "node-share").await.status, 201);
    assert_eq!(desk.talk(1).await, ["public opened John Doe: hi"]);
    assert_eq!(desk.desk.row(1).await.subject, "from node");
    assert_eq!(replay(&desk, "node-share").await.status, 200);
    assert_eq!(desk.talk(1).await.len(), 1, "the short id of a comment is an id");
    assert_eq!(replay(&desk, "node-deactivate").await.status, 200);
    assert_eq!(desk.status(&id(NODE)).await, Status::Inactive);
    assert_eq!(desk.agreement(&id(NODE)).await.deactivated_by, Some(Side::Sender));
    assert_eq!(replay(&desk, "node-share").await.status, 410);
    assert_eq!(replay(&desk, "node-deactivate").await.status, 200, "it has ended already");
    assert_eq!(
        desk.raw(&captured::named("node-share").with_header("x-ticket-sharing-version", "2").bytes())
            .await
            .status,
        422
    );
}

#[rstest]
#[tokio::test]
async fn request_tracker_sends_its_token_with_everything(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = Sharer::start(on, 0).await;
    let token = captured::named("gem-accept").headers.into_iter().find(|(name, _)| name.contains("Token"));
    let token = token.expect("it has a token").1;
    let strict = |name: &str| {
        captured::named(name)
            .with_header("X-Ticket-Sharing-Token", &token)
            .with_header("X-Ticket-Sharing-Version", "1")
            .with_header("Content-Type", "text/x-json; charset=\"UTF-8\"")
    };
    let foreign = strict("gem-invite").with_header("X-Ticket-Sharing-Token", &format!("{GEM}:other"));
    assert_eq!(desk.raw(&foreign.bytes()).await.status, 401, "the token is not that of the invitation");
    assert_eq!(desk.raw(&strict("gem-invite").bytes()).await.status, 201);
    desk.accept(&id(GEM)).await;
    assert_eq!(desk.raw(&strict("gem-share").bytes()).await.status, 201);
    // Only what changed is named, and the content type may be missing altogether.
    let update = strict("gem-comment").without_header("Content-Type").with_body(r#"{"status":"solved"}"#);
    assert_eq!(desk.raw(&update.bytes()).await.status, 200);
    assert_eq!(desk.state(1).await, "resolved");
    let shown = Captured { verb: "GET".to_owned(), ..strict("gem-comment").with_body("") };
    let shown = desk.raw(&shown.bytes()).await;
    assert_eq!((shown.status, &shown.json()["status"]), (200, &"solved".into()), "{}", shown.body);
}
