//! Whoever answers a ticket that nobody has takes it, and whoever answered one hears of it until it ends.

use rstest::rstest;

use helpdeskd::desk::actor::Door;
use helpdeskd::store;
use helpdeskd::ticket::event::Kind;
use helpdeskd::ticket::id::TicketId;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";
const ALEX: &str = "alex@staff.test";
const KIM: &str = "kim@staff.test";
const OLGA: &str = "olga@staff.test";

/// A ticket of Ann's, and the mail by which Alex was told of it.
async fn staged(on: On, queue: &str) -> (TestDesk, Sent) {
    let desk = TestDesk::with_config(on, queue).await;
    for agent in [ALEX, KIM, OLGA] {
        desk.agent(agent).await;
    }
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    let notice = desk.sent().await.to(ALEX).clone();
    (desk, notice)
}

async fn owner(desk: &TestDesk) -> Option<String> {
    let id = desk.row(1).await.owner_id?;
    store::users::find(&mut desk.read().await, id).await.expect("it is read")?.email
}

/// The mails that Ann's next word causes.
async fn told(desk: &TestDesk) -> Vec<String> {
    desk.sent().await;
    desk.receive(mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test")).await;
    desk.sent().await.recipients().iter().map(ToString::to_string).collect()
}

#[rstest]
#[case("Use water.", Some(ALEX))]
#[case("#resolve\nUse water.", Some(ALEX))]
#[case("#note\nA hopeless case.", None)]
#[case("#assign nobody\nUse water.", None)]
#[case("#assign kim\nUse water.", Some(KIM))]
#[case("#close", None)]
#[tokio::test]
async fn an_answer_by_mail_takes_a_ticket_that_nobody_has(
    #[case] answer: &str,
    #[case] taken: Option<&str>,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (desk, notice) = staged(on, "").await;
    assert!(desk.receive(notice.answer(answer)).await.starts_with("followup #1"));
    assert_eq!(owner(&desk).await.as_deref(), taken, "{answer}");
    let log = store::events::list(&mut desk.read().await, TicketId(1)).await.expect("it is read");
    let events = log.iter().filter(|event| event.kind == Kind::Owner).count();
    assert_eq!(events, usize::from(taken.is_some()), "{log:?}");
    let expected = match taken {
        // Who answered follows.
        Some(KIM) => vec![ALEX, KIM],
        Some(owner) => vec![owner],
        None => vec![ALEX, KIM, OLGA],
    };
    assert_eq!(told(&desk).await, expected, "{answer}");
}

/// Their programs read who owns a ticket, and assign for themselves.
#[rstest]
#[tokio::test]
async fn an_answer_takes_a_ticket_at_the_command_line_and_not_through_the_apis(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (desk, _) = staged(on, "").await;
    let alex = desk.user(ALEX).await;
    desk.through(&alex, Door::Jutda).comment(1, "Use water.").await;
    assert_eq!(owner(&desk).await, None);
    desk.operator().comment(1, "Use sand.").await;
    assert_eq!(owner(&desk).await, None, "in nobody's name");
    desk.through(&alex, Door::Cli).comment(1, "Use foam.").await;
    assert_eq!(owner(&desk).await.as_deref(), Some(ALEX));
    desk.through(&desk.user(KIM).await, Door::Cli).comment(1, "Use air.").await;
    assert_eq!(owner(&desk).await.as_deref(), Some(ALEX), "somebody has it");
    desk.disable(&alex).await;
    desk.through(&desk.user(KIM).await, Door::Cli).comment(1, "Use air.").await;
    assert_eq!(owner(&desk).await.as_deref(), Some(KIM), "who is gone has nothing");
}

#[rstest]
#[tokio::test]
async fn a_queue_may_leave_answered_tickets_to_everybody(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, notice) = staged(on, "answer_assigns = false\n").await;
    desk.receive(notice.answer("Use water.")).await;
    assert_eq!(owner(&desk).await, None);
    assert_eq!(told(&desk).await, [ALEX, KIM, OLGA], "who answered alone is not enough");
}

/// Only the owner heard of the customer's answer to somebody else's.
#[rstest]
#[tokio::test]
async fn whoever_answered_hears_of_the_ticket_until_it_ends(#[values(On::Sqlite, On::Postgres)] on: On) {
    let (desk, _) = staged(on, "").await;
    let [olga, kim, alex] = [desk.user(OLGA).await, desk.user(KIM).await, desk.user(ALEX).await];
    desk.operator().assign(1, Some(&olga)).await;
    desk.by(&kim).comment(1, "Use water.").await;
    desk.by(&alex).note(1, "A hopeless case").await;
    assert_eq!(told(&desk).await, [KIM, OLGA], "a note is no answer");
    let word = mail("eve@other.test", "Re: Printer on fire").in_reply_to("first@client.test");
    desk.receive(word).await;
    assert_eq!(desk.sent().await.recipients(), [KIM, OLGA]);
    desk.by(&olga).comment(1, "Or sand.").await;
    assert_eq!(desk.sent().await.recipients(), [ANN], "of customers' and outsiders' words");
    desk.by(&olga).resolve(1, "It is out.").await;
    assert_eq!(told(&desk).await, [OLGA], "it ended");
    desk.by(&kim).comment(1, "Is it?").await;
    desk.disable(&kim).await;
    assert_eq!(told(&desk).await, [OLGA]);
}
