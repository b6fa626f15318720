//! An agent answers from his own mail program.

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::LISTS;
use crate::support::office::MAILBOX;
use crate::support::office::Office;
use crate::support::office::TEAM;
use crate::support::office::quoted;
use crate::support::story::On;

#[rstest]
#[tokio::test]
async fn an_agents_answer_reaches_customer_and_ccs_in_the_queues_name(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, LISTS).await;
    office.operator().cc(1, BOB).await;
    office.operator().assign(1, Some(&office.alex)).await;
    let assigned = office.sent().await.to(ALEX).clone();
    let text = format!("Use water.\n\nOn Monday Support wrote:\n{}", quoted(&assigned.text));
    let answer = assigned.answer(&text).attachment("plan.pdf", "application/pdf", b"%PDF-1.4 x");
    assert_eq!(office.receives(answer.id("secret-host@alex.staff.test")).await, "followup #1");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ANN, BOB, TEAM], "and no copy for himself");
    for outsider in [ANN, BOB] {
        let mail = sent.to(outsider);
        assert_eq!(mail.header("From").as_deref(), Some("Support <support@desk.test>"));
        assert_eq!(mail.attachments, ["plan.pdf"]);
        assert!(mail.text.contains("Use water.") && mail.html.contains("Use water."), "{}", mail.text);
        assert_eq!(mail.header("In-Reply-To").as_deref(), Some("<first@client.test>"), "it threads");
        assert_eq!(mail.header("Auto-Submitted"), None, "these are a person's words");
        for internal in ["staff.test", "##-", "Queue:", "#note", "Owner"] {
            assert!(
                !mail.raw.contains(internal) && !mail.html.contains(internal),
                "{internal}: {}",
                mail.raw
            );
        }
    }
    assert_snapshot!(office.ticket(1).await, @r"
    #1 open `Printer on fire`, 2 messages, owner alex@staff.test
    from ann@customer.test, cc bob@customer.test
    - ann@customer.test, opened, public: My printer is on fire since nine o'clock.
    - alex@staff.test, comment, public: Use water.
      + plan.pdf (application/pdf, attachment, 10 bytes)
    ");
    assert_eq!(office.followups(1).await[1].text, "Use water.", "what is quoted is not even kept beside it");
    assert!(office.followups(1).await[1].html.is_none());
}

#[rstest]
#[tokio::test]
async fn the_conversation_goes_on_by_mail_alone(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::with_config(on, LISTS).await;
    let team = office.told.to(TEAM).clone();
    // A list hands its mail on to Alex, who answers it.
    let answer = team.answer("Is it out?").header("From", ALEX);
    assert_eq!(office.receives(answer).await, "followup #1");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ANN, TEAM]);
    office.receives(sent.to(ANN).answer("No, it burns.")).await;
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, TEAM], "it is his now");
    let answer = sent.to(TEAM).answer("#resolve\nThen leave the house.").header("From", ALEX);
    assert_eq!(office.receives(answer).await, "followup #1");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ANN, TEAM]);
    assert!(sent.to(ANN).text.contains("Then leave the house."));
    office.receives(sent.to(ANN).answer("And now?")).await;
    assert_snapshot!(office.ticket(1).await, @r"
    #1 reopened `Printer on fire`, 5 messages, owner alex@staff.test
    from ann@customer.test
    - ann@customer.test, opened, public: My printer is on fire since nine o'clock.
    - alex@staff.test, comment, public: Is it out?
    - ann@customer.test, comment, public: No, it burns.
    - alex@staff.test, resolved, public: Then leave the house.
    - ann@customer.test, reopened, public: And now?
    ");
}

#[rstest]
#[tokio::test]
async fn an_agent_without_a_token_is_told_how_to_confirm_and_does(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let tagged = mail(ALEX, "Re: [support-1] Printer on fire")
        .text("#close\nUse water, and plenty of it, until it is out.");
    assert_eq!(office.receives(tagged).await, "followup #1 (unverified)");
    let told = office.sent().await;
    assert_eq!(told.recipients(), [ALEX]);
    let told = told.to(ALEX).clone();
    assert!(told.text.contains("#confirm"), "{}", told.text);
    let again = told.answer(&format!("#confirm\n\n{}", quoted(&told.text)));
    assert_eq!(office.receives(again).await, "followup #1");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ANN]);
    assert!(sent.to(ANN).text.contains("plenty of it"), "{}", sent.to(ANN).text);
    assert_snapshot!(office.ticket(1).await, @r"
    #1 closed `Printer on fire`, 3 messages, owner alex@staff.test
    from ann@customer.test
    - ann@customer.test, opened, public: My printer is on fire since nine o'clock.
    - alex@staff.test, withheld, private: #close / Use water, and plenty of it, until it is out.
    - alex@staff.test, closed, public: Use water, and plenty of it, until it is out.
    ");
    // Once.
    assert_eq!(office.receives(told.answer("#confirm")).await, "followup #1 (note)");
    assert_eq!(office.sent().await.to_string(), "nothing");
}

#[rstest]
#[case(Authentication::None)]
#[case(Authentication::Unknown)]
#[tokio::test]
async fn an_agent_whom_nothing_vouches_for_is_kept_private_and_told(
    #[case] result: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let reply = office.notice().answer("#resolve\nUse water.");
    assert_eq!(office.receive_as(result, reply).await, "followup #1 (unverified)");
    let told = office.sent().await;
    assert_eq!(told.recipients(), [ALEX]);
    assert!(told.to(ALEX).text.contains("Nothing vouches for you"), "{}", told.to(ALEX).text);
    assert_eq!(office.row(1).await.status.as_str(), "open");
}

#[rstest]
#[tokio::test]
async fn a_queue_may_take_the_token_alone(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::with_config(on, "accept_token_only = true").await;
    let reply = office.notice().answer("Use water.");
    assert_eq!(office.receive_as(Authentication::Unknown, reply).await, "followup #1");
    assert_eq!(office.sent().await.recipients(), [ANN]);
    let tagged = mail(ALEX, "Re: [support-1] Printer on fire");
    assert_eq!(office.receive_as(Authentication::Unknown, tagged).await, "followup #1 (unverified)");
    let fresh = mail(ALEX, "Something else");
    assert_eq!(office.receive_as(Authentication::Unknown, fresh).await, "ticket #2 (unverified)");
    let forged = office.notice().answer("Pay me.");
    assert_eq!(office.receive_as(Authentication::Fail, forged).await, "suspended (spoofed)");
}

#[rstest]
#[tokio::test]
async fn a_plus_address_is_a_token_too_and_used_only_where_it_arrives(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, MAILBOX).await;
    assert_eq!(office.notice().header("Reply-To"), None, "no probe was seen");
    office.plus_addresses_arrive().await;
    office.operator().assign(1, Some(&office.alex)).await;
    office.operator().comment(1, "We look into it.").await;
    let sent = office.sent().await;
    let reply_to = |to: &str| {
        let mail = sent.iter().rfind(|mail| mail.to == to).expect("he was told");
        let field = mail.header("Reply-To").expect("plus-addresses arrive");
        field.rsplit_once('<').map_or(field.clone(), |(_, address)| address.trim_end_matches('>').to_owned())
    };
    for address in [reply_to(ALEX), reply_to(ANN)] {
        let local = address.strip_suffix("@desk.test").expect("it is ours");
        assert!(local.starts_with("support+") && local.len() <= 64, "{address}");
    }
    // A program that keeps no references, and a server that changes the case.
    let reply = mail(ALEX, "No subject").to(&reply_to(ALEX).to_uppercase()).text("Use water.");
    assert_eq!(office.receives(reply).await, "followup #1");
    let reply = mail(ANN, "No subject").to(&reply_to(ANN)).text("Thanks.");
    assert_eq!(office.receives(reply).await, "followup #1");
    assert_snapshot!(office.ticket(1).await, @r"
    #1 open `Printer on fire`, 4 messages, owner alex@staff.test
    from ann@customer.test
    - ann@customer.test, opened, public: My printer is on fire since nine o'clock.
    - nobody, comment, public: We look into it.
    - alex@staff.test, comment, public: Use water.
    - ann@customer.test, comment, public: Subject: No subject /  / Thanks.
    ");
}

#[rstest]
#[tokio::test]
async fn an_answer_between_the_lines_shows_only_what_the_customer_knows(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let text = "> ##- Please type your reply above this line -##\n> There is a new ticket from Ann Lee.\n>\n> My printer is on fire\n> since nine o'clock.\n\nWhich one?\n\n> Queue: Support\n> State: open\n\nUse water.\n";
    assert_eq!(office.reply(text).await, "followup #1");
    let sent = office.sent().await;
    let mail = sent.to(ANN);
    assert!(mail.text.contains("My printer is on fire") && mail.text.contains("Which one?"), "{}", mail.text);
    for internal in ["##-", "Queue:", "State:", "There is a new ticket"] {
        assert!(!mail.text.contains(internal), "{internal}: {}", mail.text);
    }
}

#[rstest]
#[case::empty("")]
#[case::below("##- Please type your reply above this line -##\n\nThere is news.\n\nUse water.\n")]
#[case::header(
    "From: Support\nSent: Monday\nTo: Alex\nSubject: x\n\n##- Please type your reply above this line -##\nQueue: Support\n\nUse water."
)]
#[tokio::test]
async fn where_his_words_cannot_be_told_from_ours_nothing_is_sent(
    #[case] text: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    assert_eq!(office.reply(text).await, "followup #1 (withheld)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX]);
    assert!(sent.to(ALEX).text.contains("Not done:\n- Your answer:"), "{}", sent.to(ALEX).text);
}

#[rstest]
#[tokio::test]
async fn a_picture_of_a_signature_alone_is_no_answer(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let logo = [("Content-Type", "image/png"), ("Content-Disposition", "inline"), ("Content-ID", "<logo@x>")];
    let reply = office.notice().answer("#assign me").part(&logo, b"\x89PNG\r\n\x1a\n");
    assert_eq!(office.receives(reply).await, "followup #1 (commands)");
    assert_eq!(office.sent().await.recipients(), [ALEX]);
}

#[rstest]
#[tokio::test]
async fn a_program_in_an_agents_name_changes_nothing(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let away = office.notice().answer("#close\nI am away.").header("Auto-Submitted", "auto-replied");
    assert_eq!(office.receives(away).await, "followup #1 (machine)");
    assert_eq!(office.row(1).await.status.as_str(), "open");
    assert_snapshot!(office.sent().await, @"nothing");
}

#[rstest]
#[tokio::test]
async fn an_answer_to_a_merged_ticket_goes_to_the_survivor(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    office.operator().open(Some(BOB), "Smoke", "I see smoke.").await;
    office.operator().merge(1, 2).await;
    office.sent().await;
    assert_eq!(office.reply("Use water.").await, "followup #2");
    assert_eq!(office.sent().await.recipients(), [ANN, BOB]);
}

#[rstest]
#[tokio::test]
async fn whoever_got_the_answer_directly_gets_no_second_copy(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    office.operator().cc(1, BOB).await;
    let reply = office.notice().answer("Use water.").cc(BOB);
    office.receives(reply).await;
    assert_eq!(office.sent().await.recipients(), [ANN]);
}
