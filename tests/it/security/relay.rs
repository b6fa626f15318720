//! Strangers who would have the desk write to others for them: with their words, or with what agents say.

use rstest::rstest;

use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::id::TicketId;

use crate::support::mail::mail;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::LISTS;
use crate::support::office::Office;
use crate::support::office::TEAM;
use crate::support::story::On;
use crate::support::story::TestDesk;

const EVE: &str = "eve@webmail.test";
const VICTIM: &str = "victim@webmail.test";

/// A stranger's ticket with copies to others, and what went out after two more mails of theirs.
async fn relayed(desk: &TestDesk, victims: &str) -> Vec<String> {
    let opening = mail(EVE, "Win now").cc(victims).text("http://evil.test");
    assert!(desk.receive_as(Authentication::Pass, opening).await.starts_with("ticket #"));
    let acknowledged = desk.sent().await;
    let own = acknowledged.to(EVE).clone();
    let mut recipients: Vec<String> = acknowledged.iter().map(|mail| mail.to.clone()).collect();
    for text in ["http://evil.test/2", "http://evil.test/3"] {
        let more = own.answer(text).attachment("virus.exe", "application/octet-stream", b"MZ");
        assert!(desk.receive_as(Authentication::Pass, more).await.starts_with("followup #"));
        recipients.extend(desk.sent().await.iter().map(|mail| mail.to.clone()));
    }
    recipients
}

/// A forged mail made its victim known, and a known address in Cc got each further mail of the stranger.
#[rstest]
#[tokio::test]
async fn a_forged_mail_does_not_make_its_victim_somebody_to_whom_words_are_passed_on(
    #[values(Authentication::Fail, Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values("", "cc = \"all\"\n", "authserv_ids = [\"mx.desk.test\"]\n", "verify = false\n")] config: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, config).await;
    desk.receive_as(proof, mail(&format!("Your Bank <{VICTIM}>"), "Hello")).await;
    desk.sent().await;
    let recipients = relayed(&desk, VICTIM).await;
    assert!(!recipients.contains(&VICTIM.to_owned()), "{recipients:?}");
    desk.operator().comment(2, "What is this?").await;
    let heard = desk.sent().await.recipients().contains(&VICTIM);
    assert_eq!(heard, config.contains("all"), "agents' answers go to copies by the queue's policy");
}

#[rstest]
#[tokio::test]
async fn twenty_victims_of_one_ticket_get_none_of_a_strangers_words(
    #[values("cc = \"known\"\n", "cc = \"all\"\n")] config: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, config).await;
    let victims: Vec<String> = (0..20).map(|n| format!("victim{n}@webmail.test")).collect();
    for victim in &victims {
        // Even where each of them is known.
        desk.customer(victim).await;
    }
    let recipients = relayed(&desk, &victims.join(", ")).await;
    assert_eq!(recipients, [EVE], "only the acknowledgement");
}

#[rstest]
#[tokio::test]
async fn what_an_unproven_mail_asks_for_is_not_where_answers_go(
    #[values(Authentication::Fail, Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, LISTS).await;
    let hijacking = mail(VICTIM, "My password").header("Reply-To", EVE);
    assert_eq!(desk.receive_as(proof, hijacking).await, "ticket #1");
    desk.sent().await;
    desk.operator().comment(1, "It is 1234.").await;
    assert!(desk.sent().await.iter().all(|mail| mail.to != EVE));
    // Nor does whoever reads that address take part.
    let joining = mail(EVE, "Re: [support-1] My password");
    assert_eq!(desk.receive_as(Authentication::Pass, joining).await, "ticket #2");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_proven_mail_says_where_answers_go_and_staff_are_told(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, LISTS).await;
    let asking = mail(ANN, "Printer on fire").header("Reply-To", "office@customer.test");
    desk.receive_as(Authentication::Pass, asking).await;
    let told = desk.sent().await;
    assert_eq!(told.recipients(), [ANN, TEAM], "the acknowledgement goes to the author");
    let line = "Answers go to: office@customer.test";
    assert!(told.to(TEAM).text.contains(line), "{}", told.to(TEAM).text);
    assert!(!told.to(TEAM).text.contains("not proven"), "{}", told.to(TEAM).text);
    desk.operator().comment(1, "Use water.").await;
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["office@customer.test", TEAM]);
    assert!(sent.to(TEAM).text.contains(line), "{}", sent.to(TEAM).text);
}

#[rstest]
#[case(Authentication::None, "From: ann@customer.test (sender not proven: none)")]
#[case(Authentication::Unknown, "From: ann@customer.test (sender not proven: unknown)")]
#[case(Authentication::Fail, "From: ann@customer.test (sender not proven: fail)")]
#[tokio::test]
async fn staff_are_always_told_that_a_sender_is_not_proven(
    #[case] proof: Authentication,
    #[case] line: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, LISTS).await;
    desk.receive_as(proof, mail(ANN, "Printer on fire")).await;
    let told = desk.sent().await.to(TEAM).text.clone();
    assert!(told.contains(line), "{told}");
    desk.operator().comment(1, "Use water.").await;
    let told = desk.sent().await.to(TEAM).text.clone();
    assert!(told.contains(line), "and in each later mail: {told}");
}

/// CVE-2024-49193's kind: whom a forged opening mail copies read what agents answered to the victim.
#[rstest]
#[tokio::test]
async fn whom_an_unproven_opening_mail_copies_gets_no_agents_answer(
    #[values(Authentication::Fail, Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values("cc = \"known\"\n", "cc = \"all\"\n")] config: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, config).await;
    desk.customer(EVE).await;
    desk.receive_as(proof, mail(VICTIM, "My password").cc(EVE)).await;
    desk.sent().await;
    desk.operator().comment(1, "It is 1234.").await;
    assert_eq!(desk.sent().await.recipients(), [VICTIM]);
}

/// One forged mail set a victim's name for good, and it was printed in mails to them.
#[rstest]
#[tokio::test]
async fn an_unproven_mail_names_nobody_and_a_proven_one_does(
    #[values(Authentication::Fail, Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    // Once as nobody whom the desk knows, once as somebody whom it has heard of.
    for subject in ["Hello", "Hello you"] {
        desk.receive_as(proof, mail(&format!("Click evil.test <{VICTIM}>"), subject)).await;
    }
    desk.sent().await;
    desk.operator().comment(1, "Yes?").await;
    let sent = desk.sent().await;
    assert!(!sent.to(VICTIM).raw.contains("Click"), "{}", sent.to(VICTIM).raw);
    let user = desk.user(VICTIM).await;
    assert_eq!((user.name.as_str(), user.locale, user.proven_at), (VICTIM, None, None));
    desk.receive_as(Authentication::Pass, mail(&format!("Vic Tim <{VICTIM}>"), "Hello again")).await;
    let user = desk.user(VICTIM).await;
    assert_eq!((user.name.as_str(), user.proven_at), ("Vic Tim", Some(desk.now())));
    desk.receive_as(proof, mail(&format!("Click evil.test <{VICTIM}>"), "Hello")).await;
    assert_eq!(desk.user(VICTIM).await.name, "Vic Tim");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn colleagues_in_a_proven_mails_cc_get_what_agents_answer(
    #[values("cc = \"known\"\n", "cc = \"all\"\n")] config: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, config).await;
    desk.receive_as(Authentication::Pass, mail(&format!("Bob Brown <{BOB}>"), "Earlier")).await;
    desk.receive_as(Authentication::Pass, mail(ANN, "Printer on fire").cc(BOB)).await;
    let told = desk.sent().await;
    let own = told.iter().rfind(|mail| mail.to == ANN).expect("it is acknowledged");
    desk.operator().comment(2, "Is it hot?").await;
    let answered = desk.sent().await;
    assert_eq!(answered.recipients(), [ANN, BOB]);
    // Everybody answers to all; so the desk passes nothing on, and the conversation is whole.
    let reply = answered.to(BOB).answer("It is warm.").cc(ANN);
    assert_eq!(desk.receive_as(Authentication::Pass, reply).await, "followup #2");
    desk.receive_as(Authentication::Pass, own.answer("It is hot.")).await;
    assert_eq!(desk.sent().await.to_string(), "nothing");
    desk.operator().comment(2, "Use water.").await;
    assert_eq!(desk.sent().await.recipients(), [ANN, BOB]);
}

#[rstest]
#[tokio::test]
async fn customers_words_go_to_whom_an_agent_added_or_accepted(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"\n").await;
    desk.receive_as(Authentication::Pass, mail(ANN, "Printer on fire").cc(BOB)).await;
    let own = desk.sent().await.to(ANN).clone();
    desk.receive_as(Authentication::Pass, own.answer("Still.")).await;
    assert_eq!(desk.sent().await.to_string(), "nothing");
    assert!(desk.operator().cc(1, BOB).await, "he is accepted");
    assert!(!desk.operator().cc(1, BOB).await, "he was");
    assert!(desk.operator().cc(1, "carl@customer.test").await);
    desk.receive_as(Authentication::Pass, own.answer("Still.")).await;
    assert_eq!(desk.sent().await.recipients(), [BOB, "carl@customer.test"]);
    // What is not shown to be hers goes to nobody.
    desk.receive_as(Authentication::Unknown, own.answer("Pay here.")).await;
    assert_eq!(desk.sent().await.to_string(), "nothing");
}

#[rstest]
#[tokio::test]
async fn a_merge_accepts_nobody_whom_no_agent_did(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"\n").await;
    let copied = mail(BOB, "Printer on fire").cc("carl@customer.test, dora@customer.test");
    desk.receive_as(Authentication::Pass, copied).await;
    desk.operator().cc(1, "dora@customer.test").await;
    // Nobody knows whether this is a victim's own request.
    desk.receive_as(Authentication::Unknown, mail(VICTIM, "Printer on fire")).await;
    desk.receive_as(Authentication::Pass, mail(ANN, "Printer on fire")).await;
    let told = desk.sent().await;
    let own = told.to(ANN).clone();
    desk.operator().merge(1, 3).await;
    desk.operator().merge(2, 3).await;
    desk.sent().await;
    desk.receive_as(Authentication::Pass, own.answer("Still.")).await;
    assert_eq!(desk.sent().await.recipients(), [BOB, "dora@customer.test"]);
    let accepted = store::ticket_ccs::list_accepted(&mut desk.read().await, TicketId(3)).await.unwrap();
    assert_eq!(accepted.len(), 2);
}

/// From and the number in a subject used to be enough to speak in a customer's name.
#[rstest]
#[tokio::test]
async fn a_subject_tag_without_proof_speaks_in_nobodys_name(
    #[values(Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, LISTS).await;
    office.operator().cc(1, BOB).await;
    office.operator().resolve(1, "Use water.").await;
    office.sent().await;
    for forged in [ANN, BOB] {
        let tagged = mail(forged, "Re: [support-1] Printer on fire").text("Send the key to eve.");
        assert_eq!(office.receive_as(proof, tagged).await, "followup #1 (unproven)");
        assert_eq!(office.row(1).await.status.as_str(), "resolved", "it opens nothing");
        let view = office.ticket(1).await;
        let last = view.lines().last().unwrap().to_owned();
        assert_eq!(last, format!("- {forged}, unproven, private: Send the key to eve."));
        let told = office.sent().await;
        assert_eq!(told.recipients(), [TEAM], "staff hear of it at once, and nobody else");
        assert!(told[0].text.contains(&format!("not proven: {}", proof.as_str())), "{}", told[0].text);
    }
    let tagged = mail(ANN, "Re: [support-1] Printer on fire").text("It burns again.");
    assert_eq!(office.receives(tagged).await, "followup #1");
    assert_eq!(office.sent().await.recipients(), [BOB, TEAM]);
}

/// Ids are in every mail that was ever forwarded; a token of somebody else's too.
#[rstest]
#[tokio::test]
async fn an_id_or_anothers_token_without_proof_speaks_in_nobodys_name(
    #[values(Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, LISTS).await;
    office.operator().cc(1, BOB).await;
    office.operator().comment(1, "Is it hot?").await;
    let sent = office.sent().await;
    let by_id = mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test");
    let by_reference = mail(ANN, "Re: Printer on fire").references(&["first@client.test"]);
    let anothers = sent.to(BOB).answer("Yes.").header("From", ANN);
    for forged in [by_id, by_reference, anothers] {
        assert_eq!(office.receive_as(proof, forged).await, "followup #1 (unproven)");
        assert_eq!(office.sent().await.recipients(), [TEAM]);
    }
    let own = sent.to(ANN).answer("It is hot.");
    assert_eq!(
        office.receive_as(proof, own).await,
        "followup #1",
        "her own token shows that she got our mail"
    );
    let told = office.sent().await;
    assert_eq!(told.recipients(), [TEAM], "her words go to no copies");
    assert!(told[0].text.contains(&format!("not proven: {}", proof.as_str())), "{}", told[0].text);
}
