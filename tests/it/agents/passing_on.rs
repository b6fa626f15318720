//! An entry is passed on to somebody who takes no part: they get that and nothing else, and agents alone get the answer.

use helpdeskd::desk::accept;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::MAILBOX;
use crate::support::office::Office;
use crate::support::reports::Report;
use crate::support::story::Mails;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::minutes;

const MECHANIC: &str = "mick@mechanic.test";

/// Alex passes Ann's request on; what was sent.
async fn passed_on(office: &Office) -> Mails {
    let text = format!("#forward Mick <{MECHANIC}>\n\nCan you come on Monday?");
    let mail = office.notice().answer(&text).attachment("map.txt", "text/plain", b"left, left");
    assert_eq!(office.receives(mail).await, "followup #1 (forwarded)");
    office.sent().await
}

async fn last(office: &Office) -> (EntryKind, Visibility, String) {
    let entry = office.followups(1).await.pop().expect("there is one");
    (entry.kind, entry.visibility, entry.text)
}

fn with_token_away(sent: &Sent, text: &str) -> crate::support::mail::Mail {
    mail(&sent.to, &format!("Re: {}", sent.subject)).in_reply_to("first@client.test").text(text)
}

#[rstest]
#[tokio::test]
async fn a_third_party_gets_the_entry_and_agents_alone_get_their_answer(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    office.desk.by(&office.alex).note(1, "She has not paid for a year, as far as I can see.").await;
    office.sent().await;
    let sent = passed_on(&office).await;
    assert_eq!(sent.recipients(), [ALEX, MECHANIC], "Alex gets a report, Ann nothing");
    assert!(sent.to(ALEX).text.contains("#forward"), "{}", sent.to(ALEX).text);
    let theirs = sent.to(MECHANIC);
    assert_eq!(theirs.subject, "[support-1] Printer on fire");
    for words in
        ["Can you come on Monday?", "Forwarded message", "Ann Lee", "My printer is on fire since nine"]
    {
        assert!(
            theirs.text.contains(words) && theirs.html.contains(&words.replace('\'', "&#x27;")),
            "{words}"
        );
    }
    assert_eq!(theirs.attachments, ["map.txt"]);
    for secret in [ALEX, "not paid", "#forward", "##-", "Owner"] {
        assert!(!theirs.raw.contains(secret), "{secret}: {}", theirs.raw);
    }
    assert_eq!(theirs.header("Auto-Submitted"), None, "a person wrote it");
    let (kind, visibility, text) = last(&office).await;
    assert_eq!((kind, visibility), (EntryKind::Forwarded, Visibility::Private));
    assert!(text.contains(MECHANIC) && text.contains("Can you come on Monday?"), "{text}");

    let waits = office.row(1).await.waiting_since;
    assert_eq!(office.receives(theirs.answer("On Tuesday.")).await, "followup #1 (third party)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX]);
    let told = &sent.to(ALEX).text;
    assert!(
        told.contains("On Tuesday.") && told.contains(MECHANIC) && told.contains("(third party)"),
        "{told}"
    );
    assert_eq!(last(&office).await.0, EntryKind::ThirdParty);
    let row = office.row(1).await;
    assert!(row.attention_at.is_some() && row.waiting_since == waits, "the customer waits as before");
    assert!(!office.ticket(1).await.contains("cc "), "and nobody is copied now");
    assert_eq!(office.receives(sent.to(ALEX).answer("They come on Tuesday.")).await, "followup #1");
    assert_eq!(office.sent().await.recipients(), [ANN]);
}

#[rstest]
#[tokio::test]
async fn their_answer_is_private_without_its_token_and_from_whomever_it_comes_with_it(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, MAILBOX).await;
    office.desk.plus_addresses_arrive().await;
    let theirs = passed_on(&office).await.to(MECHANIC).clone();
    assert!(theirs.header("Reply-To").is_some_and(|to| to.contains("support+")), "{}", theirs.raw);
    let bare = with_token_away(&theirs, "On Tuesday.");
    assert_eq!(office.receives(bare).await, "followup #1 (third party)");
    let unproven = theirs.answer("I said Tuesday.");
    assert_eq!(office.receive_as(Authentication::None, unproven).await, "followup #1 (third party)");
    let colleague = theirs.answer("He is ill.").header("From", "boss@mechanic.test");
    assert_eq!(office.receives(colleague).await, "followup #1 (third party)");
    let ann = theirs.answer("He told me that you asked him.").header("From", ANN);
    assert_eq!(office.receives(ann).await, "followup #1 (third party)");
    let forged = theirs.answer("Send me the keys.");
    assert_eq!(office.receive_as(Authentication::Fail, forged).await, "followup #1 (external)");
    let sent = office.sent().await;
    assert!(sent.iter().all(|mail| mail.to == ALEX), "{sent}");
    let (desk, now) = (office.desk.app.desk(), office.desk.now());
    for entry in office.followups(1).await.iter().filter(|entry| entry.kind == EntryKind::ThirdParty) {
        let mut tx = office.desk.write().await;
        let actor = &office.desk.by(&office.alex).actor;
        let mut action =
            helpdeskd::desk::action::Action::begin(&mut tx, actor, entry.ticket_id).await.unwrap();
        let accepted = accept::accept(&desk, &mut tx, &mut action, Some(entry.id), now).await;
        accepted.expect_err("it is never made public");
    }
}

#[rstest]
#[tokio::test]
async fn their_answer_reopens_nothing_and_somebody_looks(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let theirs = passed_on(&office).await.to(MECHANIC).clone();
    office.desk.by(&office.alex).resolve(1, "Done.").await;
    office.sent().await;
    assert_eq!(office.receives(theirs.answer("Here is the bill.")).await, "followup #1 (third party)");
    assert_eq!(office.sent().await.recipients(), [ALEX]);
    let row = office.row(1).await;
    assert!(!row.is_open() && row.attention_at.is_some());
}

#[rstest]
#[tokio::test]
async fn nobody_but_a_verified_agent_has_anything_passed_on(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let order = format!("#forward {MECHANIC}\nCome.");
    assert_eq!(office.receives(office.told.to(ANN).answer(&order)).await, "followup #1");
    office.sent().await;
    let unproven = office.notice().answer(&order);
    assert_eq!(office.receive_as(Authentication::None, unproven).await, "followup #1 (unverified)");
    let warned = office.sent().await;
    assert_eq!(warned.recipients(), [ALEX]);
    let opening = mail(ALEX, "Another").text(&format!("#forward {MECHANIC}\nLook at this."));
    assert_eq!(office.receives(opening).await, "ticket #2");
    let sent = office.sent().await;
    assert!(sent.iter().all(|mail| mail.to == ALEX), "{sent}");
    assert!(sent.iter().any(|mail| mail.text.contains("waits for you")), "{}", sent[0].text);
    assert_eq!(office.receives(warned.to(ALEX).answer("#confirm")).await, "followup #1 (forwarded)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, MECHANIC]);
    assert!(sent.to(MECHANIC).text.starts_with("Come."), "{}", sent.to(MECHANIC).text);
}

#[rstest]
#[case(&format!("#forward {ANN}\nCome."), "take part")]
#[case("#forward support@desk.test\nCome.", "address of this desk")]
#[case("#forward bob@\nCome.", "no address that can be mailed")]
#[case(&format!("#forward {MECHANIC}\n#queue nowhere\nCome."), "no such queue")]
#[case(&format!("#forward {MECHANIC}\n#reply x\nCome."), "contradicts")]
#[case(
    &format!("#forward {MECHANIC}\nFYI:\nShe has not paid for a year, as far as I can see from here."),
    "private note"
)]
#[tokio::test]
async fn what_must_not_be_passed_on_is_kept_and_the_agent_told(
    #[case] text: &str,
    #[case] why: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    office.desk.by(&office.alex).note(1, "She has not paid for a year, as far as I can see from here.").await;
    office.sent().await;
    let mail = office.notice().answer(text).attachment("map.txt", "text/plain", b"left");
    assert_eq!(office.receives(mail).await, "followup #1 (withheld)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX]);
    assert!(sent.to(ALEX).text.contains(why), "{}", sent.to(ALEX).text);
    assert!(office.ticket(1).await.contains("map.txt"), "{}", office.ticket(1).await);
}

#[rstest]
#[tokio::test]
async fn nobody_is_flooded_in_our_name(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    for _ in 0..10 {
        passed_on(&office).await;
    }
    assert_eq!(office.reply(&format!("#forward {MECHANIC}\nOnce more.")).await, "followup #1 (withheld)");
    assert!(office.trace().await.contains("too many mails"), "{}", office.trace().await);
    assert!(!office.sent().await.recipients().contains(&MECHANIC));
    office.desk.advance(minutes(11));
    assert_eq!(office.reply(&format!("#forward {MECHANIC}\nOnce more.")).await, "followup #1 (forwarded)");
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_mail_that_comes_back_from_them_is_told_to_the_agent(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let theirs = passed_on(&office).await.to(MECHANIC).clone();
    assert_eq!(office.desk.receive(Report::unknown(&theirs).write()).await, "bounce #1 (address)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX]);
    assert!(sent.to(ALEX).text.contains(MECHANIC), "{}", sent.to(ALEX).text);
}

#[rstest]
#[tokio::test]
async fn a_third_party_is_known_in_what_the_ticket_was_merged_into(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let theirs = passed_on(&office).await.to(MECHANIC).clone();
    assert_eq!(office.receives(mail(BOB, "The same").text("It burns.")).await, "ticket #2");
    office.desk.by(&office.alex).merge(1, 2).await;
    office.sent().await;
    assert_eq!(office.receives(theirs.answer("On Tuesday.")).await, "followup #2 (third party)");
    assert_eq!(office.receives(with_token_away(&theirs, "At ten.")).await, "followup #2 (third party)");
    assert_eq!(office.sent().await.iter().filter(|mail| mail.to != ALEX).count(), 0);
}
