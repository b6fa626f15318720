//! People who get copies: how they come to a ticket, what they may say there, and how they leave.

use rstest::rstest;

use helpdeskd::desk::people;
use helpdeskd::ticket::id::TicketId;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";
const BOB: &str = "bob@customer.test";
const CLICKABLE: &str = "cc = \"all\"\n[http]\npublic_url = \"https://help.desk.test\"\n";

/// What becomes of the people of one mail, by policy.
#[rstest]
#[case("never", "from ann@customer.test")]
#[case("known", "from ann@customer.test, cc carl@customer.test")]
#[case("all", "from ann@customer.test, cc bob@customer.test, cc carl@customer.test")]
#[tokio::test]
async fn the_queue_says_which_other_recipients_take_part(
    #[case] policy: &str,
    #[case] people: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let more = format!("cc = \"{policy}\"\naliases = [\"help@desk.test\"]\n");
    let desk = TestDesk::with_config(on, &more).await;
    desk.customer("carl@customer.test").await;
    desk.agent("alex@staff.test").await;
    let others =
        format!("{BOB}, Carl <CARL@customer.test>, help@desk.test, support+x@desk.test, alex@staff.test");
    desk.receive(mail(ANN, "Printer on fire").cc(&others)).await;
    let view = desk.ticket(1).await;
    let mut shown: Vec<&str> = view.lines().nth(1).expect("it has people").split(", ").collect();
    shown[1..].sort_unstable();
    assert_eq!(shown.join(", "), people);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn who_gets_copies_speaks_under_his_own_name_and_the_submitter_stays(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, "cc = \"all\"\n").await;
    desk.receive(mail(ANN, "Printer on fire").cc(&format!("Bob Brown <{BOB}>"))).await;
    desk.operator().comment(1, "Is it hot?").await;
    let answer =
        desk.sent().await.to(BOB).answer("It is warm.").header("From", &format!("Bob Brown <{BOB}>"));
    assert_eq!(desk.receive(answer).await, "followup #1");
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 3 messages
    from ann@customer.test, cc bob@customer.test
    - ann@customer.test, opened, public: Please help.
    - nobody, comment, public: Is it hot?
    - bob@customer.test, comment, public: It is warm.
    ");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ANN], "he hears nothing of his own words");
    assert!(sent[0].text.contains("Bob Brown") && sent[0].text.contains("It is warm."), "{}", sent[0].text);
}

#[rstest]
#[tokio::test]
async fn only_mails_to_people_with_copies_have_a_way_out(#[values(On::Sqlite, On::Postgres)] on: On) {
    let more = format!("updated_ticket_cc = [\"team@staff.test\"]\n{CLICKABLE}");
    let desk = TestDesk::with_config(on, &more).await;
    desk.receive(mail(ANN, "Printer on fire").cc(BOB)).await;
    desk.operator().comment(1, "Is it hot?").await;
    let sent = desk.sent().await;
    for mail in sent.iter() {
        let link = mail.header("List-Unsubscribe");
        assert_eq!(link.is_some(), mail.to == BOB, "{}", mail.to);
        assert_eq!(mail.header("List-Unsubscribe-Post").is_some(), mail.to == BOB);
        assert_eq!(mail.text.contains("/unsubscribe/"), mail.to == BOB);
    }
    let link = sent.to(BOB).header("List-Unsubscribe").expect("there is one");
    assert!(link.starts_with("<https://help.desk.test/unsubscribe/") && link.len() < 100, "{link}");
    assert_eq!(sent.to(BOB).header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
}

#[rstest]
#[tokio::test]
async fn there_is_no_way_out_without_encryption(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, &CLICKABLE.replace("https", "http")).await;
    desk.receive(mail(ANN, "Printer on fire").cc(BOB)).await;
    desk.operator().comment(1, "Is it hot?").await;
    assert_eq!(desk.sent().await.to(BOB).header("List-Unsubscribe"), None);
}

#[rstest]
#[tokio::test]
async fn an_agent_can_take_somebody_off(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"\n").await;
    desk.receive(mail(ANN, "Printer on fire").cc(BOB)).await;
    let (alex, now) = (desk.agent("alex@staff.test").await, desk.now());
    let hand = desk.by(&alex);
    let about = (TicketId(1), BOB);
    assert!(hand.acts(async |tx| people::remove_cc(tx, &hand.actor, about, now).await).await);
    assert!(!hand.acts(async |tx| people::remove_cc(tx, &hand.actor, about, now).await).await);
    desk.sent().await;
    hand.comment(1, "Is it hot?").await;
    assert_eq!(desk.sent().await.recipients(), [ANN]);
    let stranger = mail(BOB, "Re: [support-1] Printer on fire").text("I am still here");
    assert_eq!(desk.receive(stranger).await, "ticket #2", "he takes no part any more");
    desk.sent().await;
}
