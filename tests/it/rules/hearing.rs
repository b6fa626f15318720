//! Who hears of what needs an agent: nothing that a customer, an outsider or a program says may reach nobody.

use rstest::rstest;

use helpdeskd::desk::action::News;
use helpdeskd::desk::actor::Actor;
use helpdeskd::desk::notify;
use helpdeskd::desk::notify::Told;
use helpdeskd::desk::notify::announcement::Announcement;
use helpdeskd::desk::table::Event;
use helpdeskd::smtp::outcome::Outcome;
use helpdeskd::smtp::outcome::Refusal;
use helpdeskd::smtp::outcome::Stage;
use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::worker::escalation;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::reports::Report;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::minutes;

const ANN: &str = "ann@customer.test";
const ALEX: &str = "alex@staff.test";
const KIM: &str = "kim@staff.test";
const OLGA: &str = "olga@staff.test";
const TEAM: &str = "team@staff.test";
const LISTS: &str = "new_ticket_cc = [\"team@staff.test\"]\nupdated_ticket_cc = [\"team@staff.test\"]\n";
const TIMES: &str = "escalate_after = \"1d\"\n[[queues.types]]\nname = \"Fire\"\ndue_hours = 48\n";

/// Who looks after the ticket.
#[derive(Clone, Copy, Debug)]
enum Keeper {
    Nobody,
    DisabledOwner,
    Owner,
    List,
}

impl Keeper {
    /// Who hears of what needs an agent.
    fn all(self) -> &'static [&'static str] {
        match self {
            Self::Nobody => &[ALEX, KIM, OLGA],
            Self::DisabledOwner => &[ALEX, KIM],
            Self::Owner | Self::List => self.around(),
        }
    }

    /// Who hears of what an agent did.
    fn around(self) -> &'static [&'static str] {
        match self {
            Self::Nobody | Self::DisabledOwner => &[],
            Self::Owner => &[OLGA],
            Self::List => &[TEAM],
        }
    }
}

/// What happens, with the mail that the owner gets of it, and the one that everybody else gets.
const NEEDS_AN_AGENT: [(&str, &str, &str); 17] = [
    ("opened", "assigned_owner", "newticket_cc"),
    ("answer", "updated_owner", "updated_cc"),
    ("answer to an agent's answer", "updated_owner", "updated_cc"),
    ("outsider's word", "updated_owner", "updated_cc"),
    ("forged answer", "updated_owner", "updated_cc"),
    ("outsider's note", "updated_owner", "updated_cc"),
    ("monitoring", "updated_owner", "updated_cc"),
    ("bulk mail", "updated_owner", "updated_cc"),
    ("list mail", "updated_owner", "updated_cc"),
    ("complaint", "updated_owner", "updated_cc"),
    ("given up", "delivery_failed", "delivery_failed"),
    ("came back", "delivery_failed", "delivery_failed"),
    ("monitoring of what is closed", "updated_owner", "updated_cc"),
    ("reopened by the customer", "updated_owner", "updated_cc"),
    ("reopened by an outsider", "updated_owner", "updated_cc"),
    ("escalated", "escalated_owner", "escalated_cc"),
    ("overdue", "due_reminder", "due_reminder"),
];

/// What an agent does is told to those around the ticket.
const BY_AN_AGENT: [(&str, &str, &str); 5] = [
    ("agent's answer", "updated_owner", "updated_cc"),
    ("agent's note", "updated_owner", "updated_cc"),
    ("resolved", "resolved_owner", "resolved_cc"),
    ("reopened", "updated_owner", "updated_cc"),
    ("closed", "closed_owner", "closed_cc"),
];

/// What nobody hears of, whoever is there.
const NOISE: [&str; 6] = ["tag", "hold", "out of office", "vacation", "receipt", "delay"];

/// A ticket of Ann's that was answered by nobody's name; the answer as she got it.
async fn staged(on: On, keeper: Keeper) -> (TestDesk, Sent) {
    let lists = if matches!(keeper, Keeper::List) { LISTS } else { "" };
    let desk = TestDesk::with_config(on, &format!("{lists}{TIMES}")).await;
    for agent in [ALEX, KIM, OLGA] {
        desk.agent(agent).await;
    }
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    let olga = desk.user(OLGA).await;
    if matches!(keeper, Keeper::Owner | Keeper::DisabledOwner) {
        desk.operator().assign(1, Some(&olga)).await;
    }
    if matches!(keeper, Keeper::DisabledOwner) {
        desk.disable(&olga).await;
    }
    desk.sent().await;
    desk.operator().comment(1, "Is it hot?").await;
    let answer = desk.sent().await.to(ANN).clone();
    (desk, answer)
}

fn program(subject: &str, field: &str, value: &str) -> Mail {
    mail("nagios@monitor.test", subject).header(field, value).in_reply_to("first@client.test")
}

fn report(kind: &str, part: &str) -> Mail {
    let kind = [("Content-Type", kind)];
    mail("fbl@provider.test", "Report").part(&kind, part.as_bytes()).in_reply_to("first@client.test")
}

async fn act(desk: &TestDesk, answer: &Sent, event: &str) {
    let refused = Refusal { code: Some(550), ..Refusal::of(Stage::Recipient, "5.7.1 not wanted here") };
    let hand = desk.operator();
    let ann = desk.user(ANN).await;
    match event {
        "opened" => tell_opened(desk).await,
        "answer" => received(desk, mail(ANN, "Re: Printer").in_reply_to("first@client.test")).await,
        "answer to an agent's answer" | "reopened by the customer" => {
            received(desk, answer.answer("It still burns.")).await;
        }
        "outsider's word" => {
            received(desk, mail("eve@other.test", "Re: Fire").in_reply_to(&answer.message_id)).await;
        }
        "forged answer" => {
            desk.receive_as(Authentication::Fail, answer.answer("Send it to Mallory.")).await;
        }
        "outsider's note" => desk.by(&ann).note(1, "Said by telephone").await,
        "monitoring" | "monitoring of what is closed" => {
            received(desk, program("Disk full", "Auto-Submitted", "auto-generated")).await;
        }
        "bulk mail" => received(desk, program("Offer", "Precedence", "bulk")).await,
        "list mail" => received(desk, program("News", "List-Id", "<news.monitor.test>")).await,
        "complaint" => {
            let part = "Feedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n";
            received(desk, report("message/feedback-report", part)).await;
        }
        "given up" => {
            desk.next_attempts([Outcome::Rejected(refused)]);
            desk.deliver().await;
        }
        "came back" => received(desk, Report::unknown(answer).write()).await,
        "reopened by an outsider" => desk.by(&ann).reopen(1, "It burns again.").await,
        "escalated" => assert_eq!(desk.escalate().await, [1]),
        "overdue" => escalation::run_due(&desk.app).await.expect("it runs"),
        "agent's answer" => hand.comment(1, "Use water.").await,
        "agent's note" => hand.note(1, "A hopeless case").await,
        "resolved" => hand.resolve(1, "Use water.").await,
        "reopened" => hand.reopen(1, "Not yet.").await,
        "closed" => hand.close(1, "").await,
        "tag" => assert!(hand.tag(1, "fire").await),
        "hold" => assert!(hand.hold(1).await),
        "out of office" => received(desk, program("Away", "Auto-Submitted", "auto-replied")).await,
        "vacation" => received(desk, program("Away", "X-Autoreply", "yes")).await,
        "receipt" => {
            let part =
                "Final-Recipient: rfc822; ann@customer.test\r\nDisposition: manual-action; displayed\r\n";
            received(desk, report("message/disposition-notification", part)).await;
        }
        "delay" => {
            let late = Report { action: "delayed", status: "4.2.0", ..Report::unknown(answer) };
            received(desk, late.write()).await;
        }
        other => panic!("nobody can do `{other}`"),
    }
}

/// A mail that must end on the ticket.
async fn received(desk: &TestDesk, mail: Mail) {
    let outcome = desk.receive(mail).await;
    assert!(outcome.contains("#1"), "{outcome}");
}

async fn tell_opened(desk: &TestDesk) {
    let ticket = desk.row(1).await;
    let mut tx = desk.write().await;
    let actor = Actor::desk();
    let news = News::new(Event::Opened);
    let announcement = Announcement::new(&news, &actor);
    notify::tell(&desk.app.desk(), &mut tx, &ticket, &announcement, &mut Told::default(), desk.now())
        .await
        .expect("it is told");
    tx.commit().await.expect("it commits");
}

/// What must have happened before, without being looked at.
async fn prepare(desk: &TestDesk, event: &str) {
    match event {
        "given up" => desk.operator().comment(1, "Use water.").await,
        "monitoring of what is closed" | "reopened by an outsider" => desk.operator().close(1, "").await,
        "escalated" => desk.advance(days(1)),
        "overdue" => desk.advance(days(2)),
        _ => {}
    }
    if event != "given up" {
        desk.deliver().await;
    }
}

/// Recipient and template of every mail to staff since the last look, in the order of the alphabet.
async fn news(desk: &TestDesk, seen: &mut usize) -> Vec<(String, String)> {
    let rows = store::outbox::list(&mut desk.read().await, 1000).await.expect("it is read");
    let new = rows.len() - std::mem::replace(seen, rows.len());
    let staff = rows.into_iter().take(new).filter(|row| row.recipient.ends_with("@staff.test"));
    let mut mails: Vec<_> = staff.map(|row| (row.recipient, row.template)).collect();
    mails.sort();
    mails
}

fn mails(to: &[&str], keeper: Keeper, owner: &str, other: &str) -> Vec<(String, String)> {
    let template = if matches!(keeper, Keeper::Owner) { owner } else { other };
    to.iter().map(|&to| (to.to_owned(), template.to_owned())).collect()
}

/// A customer's answer reached no agent, unless the ticket had an active owner or the queue a list.
#[rstest]
#[tokio::test]
async fn what_needs_an_agent_reaches_one_whoever_looks_after_the_ticket(
    #[values(Keeper::Nobody, Keeper::DisabledOwner, Keeper::Owner, Keeper::List)] keeper: Keeper,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (desk, answer) = staged(on, keeper).await;
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (event, owner, other) in NEEDS_AN_AGENT {
        prepare(&desk, event).await;
        news(&desk, &mut seen).await;
        act(&desk, &answer, event).await;
        let (told, expected) = (news(&desk, &mut seen).await, mails(keeper.all(), keeper, owner, other));
        if told != expected {
            wrong.push(format!("{event}: {told:?}"));
        }
        desk.deliver().await;
        desk.advance(minutes(40));
    }
    assert!(wrong.is_empty(), "{keeper:?} {:?}:\n{}", keeper.all(), wrong.join("\n"));
}

#[rstest]
#[tokio::test]
async fn what_an_agent_does_is_told_to_owner_and_lists_and_to_nobody_else(
    #[values(Keeper::Nobody, Keeper::DisabledOwner, Keeper::Owner, Keeper::List)] keeper: Keeper,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (desk, answer) = staged(on, keeper).await;
    let mut seen = 0;
    for (event, owner, other) in BY_AN_AGENT {
        news(&desk, &mut seen).await;
        act(&desk, &answer, event).await;
        let expected = mails(keeper.around(), keeper, owner, other);
        assert_eq!(news(&desk, &mut seen).await, expected, "{keeper:?}: {event}");
        desk.deliver().await;
        desk.advance(minutes(40));
    }
    for event in NOISE {
        act(&desk, &answer, event).await;
        assert_eq!(news(&desk, &mut seen).await, [], "{keeper:?}: {event}");
    }
    assert_eq!(desk.row(1).await.attention_at, None, "what nobody need see asks for nobody");
}

/// A colleague's or a second address's answer had no author in the mail about it.
#[rstest]
#[tokio::test]
async fn the_agents_mail_about_an_outsiders_word_says_whose_it_is(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.agent(ALEX).await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    desk.sent().await;
    let word = mail("\"Bob <b>Stone</b>\" <bob@other.test>", "Re: Printer on fire");
    assert_eq!(desk.receive(word.in_reply_to("first@client.test")).await, "followup #1 (external)");
    let sent = desk.sent().await;
    let text = sent.to(ALEX).text.clone();
    assert!(text.contains("from Bob <b>Stone</b> <bob@other.test> (external)"), "{text}");
    assert!(sent.to(ALEX).html.contains("&lt;bob@other.test&gt; (external)"), "{}", sent.to(ALEX).html);
}

/// The owner is the only one who is told; when that fails, it must not stay unheard.
#[rstest]
#[tokio::test]
async fn a_notice_that_its_owner_cannot_get_reaches_the_other_agents(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (desk, answer) = staged(on, Keeper::Owner).await;
    desk.receive(answer.answer("It still burns.")).await;
    let gone = Refusal { code: Some(550), ..Refusal::of(Stage::Recipient, "5.1.1 no such user") };
    desk.next_attempts([Outcome::Rejected(gone.clone())]);
    assert_eq!(desk.sent().await.recipients(), [ALEX, KIM]);
    // Where all were told, each of the others has had his own.
    desk.disable(&desk.user(OLGA).await).await;
    desk.receive(answer.answer("It burns and burns.")).await;
    desk.next_attempts([Outcome::Rejected(gone)]);
    assert_eq!(desk.sent().await.recipients(), [KIM]);
}

#[rstest]
#[tokio::test]
async fn a_queue_names_the_agents_whom_it_concerns(#[values(On::Sqlite, On::Postgres)] on: On) {
    let sales = "agents = [\"kim\", \"gone\", \"nobody\"]\n[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"
        address = \"sales@desk.test\"\nagents = [\"gone\"]\n";
    let desk = TestDesk::with_config(on, sales).await;
    desk.agent(ALEX).await;
    desk.agent(KIM).await;
    let gone = desk.agent("gone@staff.test").await;
    desk.disable(&gone).await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    assert_eq!(desk.sent().await.recipients(), [ANN, KIM]);
    desk.receive(mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test")).await;
    assert_eq!(desk.sent().await.recipients(), [KIM]);
    desk.receive_in("sales", mail(ANN, "Offer").to("sales@desk.test")).await;
    assert_eq!(desk.sent().await.recipients(), [ALEX, ANN, KIM], "where none is active, all are asked");
}
