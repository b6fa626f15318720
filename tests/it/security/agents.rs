//! Attempts to act as an agent, and to make an agent give away what is private.

use rstest::rstest;

use helpdeskd::desk::rotate;
use helpdeskd::mail::reply::MARKER;
use helpdeskd::mail::token;
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

const EVE: &str = "eve@stranger.test";
const SECRET: &str = "She has not paid since March, and her lawyer called us twice.";

/// Alex noted something that Ann must not read, and got a mail that shows it.
async fn with_secret(on: On) -> Office {
    let office = Office::with_config(on, LISTS).await;
    office.operator().assign(1, Some(&office.alex)).await;
    office.operator().note(1, &format!("Short.\n{SECRET}")).await;
    office
}

#[rstest]
#[tokio::test]
async fn a_spoofed_agent_is_suspended_whatever_he_answers(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let forged = office.notice().answer("#close\nWe are closed.");
    assert_eq!(office.receive_as(Authentication::Fail, forged).await, "suspended (spoofed)");
    let told = office.sent().await;
    assert_eq!(told.recipients(), [ALEX], "he hears of it, as the forger has a mail that was sent to him");
    let told = told.to(ALEX);
    assert!(!told.raw.contains("We are closed") && told.text.contains("kept back"), "{}", told.text);
    let blind = mail(ALEX, "[support-1] Printer on fire").text("#close");
    assert_eq!(office.receive_as(Authentication::Fail, blind).await, "suspended (spoofed)");
    assert_snapshot!(office.sent().await, @"nothing");
    assert_snapshot!(office.tickets().await, @"#1 open `Printer on fire`, 1 message");
}

#[rstest]
#[tokio::test]
async fn an_agents_token_is_worth_nothing_from_another_address(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let stolen = office.notice().answer("#close\nWe are closed.");
    let by_eve = stolen.clone().header("From", EVE).id("eve@stranger.test");
    assert_eq!(office.receives(by_eve).await, "followup #1 (external)");
    let by_ann = stolen.header("From", ANN).id("ann@stranger.test");
    assert_eq!(office.receives(by_ann).await, "followup #1", "it is Ann's own word");
    assert_snapshot!(office.ticket(1).await, @r"
    #1 open `Printer on fire`, 3 messages
    from ann@customer.test
    - ann@customer.test, opened, public: My printer is on fire since nine o'clock.
    - nobody, external, private: #close / We are closed.
    - ann@customer.test, comment, public: #close / We are closed.
    ");
}

#[rstest]
#[tokio::test]
async fn another_agents_token_is_worth_nothing_either(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    office.agent("kim@staff.test").await;
    let borrowed = office.notice().answer("#close").header("From", "kim@staff.test");
    assert_eq!(office.receives(borrowed).await, "followup #1 (unverified)");
}

#[rstest]
#[tokio::test]
async fn a_customers_token_is_no_agents(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let forwarded = office.told.to(ANN).answer("#close").header("From", ALEX);
    assert_eq!(office.receives(forwarded).await, "followup #1 (unverified)");
    // Where the agent is himself a customer, and the token was sent to him, he speaks as one.
    office.operator().open(Some(ALEX), "My own chair", "It squeaks.").await;
    let own = office.sent().await.iter().rfind(|mail| mail.to == ALEX).unwrap().clone();
    assert!(own.text.contains("We have received your request"), "{}", own.text);
    assert_eq!(office.receives(own.answer("#close")).await, "followup #2");
    assert!(office.ticket(2).await.ends_with("- alex@staff.test, comment, public: #close"));
    assert_eq!([office.row(1).await.status.as_str(), office.row(2).await.status.as_str()], ["open"; 2]);
}

#[rstest]
#[tokio::test]
async fn a_token_of_one_ticket_opens_no_other(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    office.receives(mail(BOB, "Chair").id("chair@client.test")).await;
    office.sent().await;
    // Ticket 2 is chosen by the address, the token in the references is ticket 1's.
    let crossed =
        mail(ALEX, "Re: Chair").in_reply_to("chair@client.test").references(&[&office.notice().message_id]);
    let became = office.receives(crossed.text("#close")).await;
    assert_eq!(became, "followup #1 (commands)", "the token chooses the ticket");
    assert_eq!(office.row(2).await.status.as_str(), "open");
    let tagged = mail(ALEX, "Re: [support-2] Chair").text("#close");
    assert_eq!(office.receives(tagged).await, "followup #2 (unverified)");
}

#[rstest]
#[tokio::test]
async fn a_forged_signed_id_makes_nobody_an_agent(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let ours = office.notice().message_id.clone();
    let (local, domain) = ours.split_once('@').unwrap();
    for at in [4, 6, 10, 20, local.len() - 1] {
        let mut forged = local.as_bytes().to_vec();
        forged[at] = if forged[at] == b'c' { b'd' } else { b'c' };
        let forged = format!("{}@{domain}", String::from_utf8(forged).unwrap());
        let became = office.receives(mail(ALEX, "[support-1] x").in_reply_to(&forged).text("#close")).await;
        assert_eq!(became, "followup #1 (unverified)", "{forged}");
    }
    // The purpose turned from customer to agent.
    let customers = &office.told.to(ANN).message_id;
    let text = customers.strip_prefix("hd.").unwrap().split('@').next().unwrap();
    let mut bytes = helpdeskd::ids::from_base32(text).unwrap();
    bytes[0] = (bytes[0] & 0xf0) | 2;
    let turned = token::message_id(&helpdeskd::ids::base32(&bytes), "desk.test");
    let became = office.receives(mail(ALEX, "[support-1] x").in_reply_to(&turned).text("#close")).await;
    assert_eq!(became, "followup #1 (unverified)");
    assert_eq!(office.row(1).await.status.as_str(), "open");
}

#[rstest]
#[tokio::test]
async fn a_token_is_refused_once_its_key_is_retired(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let mut tx = office.write().await;
    let newest = rotate::rotate(&mut tx, &office.app.desk().ids, office.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(office.reply("An older key is still believed.").await, "followup #1");
    office.operator().assign(1, None).await;
    office.operator().assign(1, Some(&office.alex)).await;
    let renewed = office.sent().await.to(ALEX).clone();
    // Another process retires it.
    let mut tx = office.write().await;
    assert_eq!(rotate::retire_older(&mut tx, newest, office.now()).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(office.reply("#close\nReplayed.").await, "followup #1 (unverified)");
    assert_eq!(office.receives(renewed.answer("The new key counts.")).await, "followup #1");
    assert_eq!(office.row(1).await.status.as_str(), "open");
}

#[rstest]
#[tokio::test]
async fn only_agents_act_on_what_a_team_address_got(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut office = Office::with_config(on, LISTS).await;
    let team = office.told.to(TEAM).clone();
    // A member of the list who is no agent, and the list itself, are strangers.
    for from in ["intern@staff.test", TEAM] {
        let answer = team.answer("#close").header("From", from);
        assert_eq!(office.receives(answer).await, "followup #1 (external)", "{from}");
    }
    office.sent().await;
    assert_eq!(office.row(1).await.status.as_str(), "open");
    assert_eq!(
        office.receives(team.answer("#tag seen").header("From", ALEX)).await,
        "followup #1 (commands)"
    );
    // The address left the list: what it was sent is worth nothing any more.
    office.desk.restart("").await;
    assert_eq!(office.receives(team.answer("#close").header("From", ALEX)).await, "followup #1 (unverified)");
}

/// A team's address on the lists that is also a CC of the ticket would get what is private.
#[rstest]
#[tokio::test]
async fn a_team_address_is_told_once_and_never_what_it_must_not_read(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, LISTS).await;
    office.operator().cc(1, TEAM).await;
    office.operator().comment(1, "For everybody.").await;
    assert_eq!(office.sent().await.recipients(), [ANN, TEAM], "one mail for each");
    office.operator().note(1, SECRET).await;
    assert_snapshot!(office.sent().await, @"nothing");
}

#[rstest]
#[tokio::test]
async fn command_lines_of_a_customer_are_plain_text(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::with_config(on, LISTS).await;
    office.operator().cc(1, BOB).await;
    let lines = "#close\n#assign me\n#priority 1\n#cc eve@stranger.test\nPlease.";
    for from in [ANN, BOB] {
        let answer = office.told.to(ANN).answer(lines).header("From", from);
        assert_eq!(office.receives(answer).await, "followup #1", "{from}");
    }
    assert_eq!(office.receives(mail(ANN, "New").text(lines)).await, "ticket #2");
    assert_snapshot!(office.tickets().await, @r"
    #1 open `Printer on fire`, 3 messages
    #2 open `New`, 1 message
    ");
    assert!(!office.sent().await.recipients().contains(&EVE));
}

#[rstest]
#[case::below_the_marker("{}")]
#[case::wrapped("{wrapped}")]
#[case::inline("{inline}")]
#[tokio::test]
async fn a_private_note_in_an_untrimmed_quote_is_not_sent(
    #[case] how: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Box::pin(with_secret(on)).await;
    let told = office.sent().await.iter().rfind(|mail| mail.to == ALEX).unwrap().clone();
    assert!(told.text.contains(SECRET), "{}", told.text);
    let (first, rest) = SECRET.split_at(30);
    let text = match how {
        // A program that does not mark what it quotes.
        "{}" => format!("Use water.\n\nSupport hat das hier gesagt\n\n{}", told.text.replace(MARKER, "")),
        "{wrapped}" => format!("Use water.\n> {first}\n> {rest}\nIs it out?"),
        _ => format!("As I wrote to my colleague:\n{SECRET}\nIs it out?"),
    };
    assert_eq!(office.receives(told.answer(&text)).await, "followup #1 (withheld)");
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX], "nobody but the agent is told");
    assert!(sent.to(ALEX).text.contains("Not done:"), "{}", sent.to(ALEX).text);
    // What everybody may read can be quoted, however long it is.
    let public = "Is it still so?\n> My printer is on fire since nine o'clock.\nUse water.";
    assert_eq!(office.receives(told.answer(public)).await, "followup #1");
}

#[rstest]
#[tokio::test]
async fn a_private_note_in_a_trimmed_quote_harms_nobody(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Box::pin(with_secret(on)).await;
    let told = office.sent().await.iter().rfind(|mail| mail.to == ALEX).unwrap().clone();
    let text = format!(
        "Use water.\n\nOn Mon, 2 Mar 2026 at 09:00, Support <support@desk.test> wrote:\n{}",
        quoted(&told.text)
    );
    assert_eq!(office.receives(told.answer(&text)).await, "followup #1");
    let sent = office.sent().await;
    assert!(sent.iter().filter(|mail| mail.to == ANN).all(|mail| !mail.raw.contains("lawyer")));
    assert_eq!(office.followups(1).await.last().unwrap().text, "Use water.");
}

#[rstest]
#[tokio::test]
async fn no_marker_no_token_and_no_enclosed_notice_is_sent_to_a_customer(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::with_config(on, MAILBOX).await;
    let token = office.notice().message_id.split(['.', '@']).nth(1).unwrap().to_owned();
    for text in [
        format!("Use water. {MARKER}"),
        format!("Use water.\nI got this by support+{token}@desk.test."),
        format!("See <hd.{token}@desk.test>"),
    ] {
        assert_eq!(office.reply(&text).await, "followup #1 (withheld)", "{text}");
    }
    let notice = office.notice().raw.clone().into_bytes();
    let enclosing = office.notice().answer("See below.").attachment("mail.eml", "message/rfc822", &notice);
    assert_eq!(office.receives(enclosing).await, "followup #1 (withheld)");
    assert!(!office.sent().await.recipients().contains(&ANN));
}

#[rstest]
#[tokio::test]
async fn an_agent_without_a_name_does_not_give_away_his_address(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    let nameless = office
        .operator()
        .acts(async |tx| {
            let new = helpdeskd::store::users::NewUser {
                role: helpdeskd::ticket::person::Role::Agent,
                email: Some("nameless@staff.test"),
                name: "nameless@staff.test",
                username: None,
                password_hash: None,
                weak_password: false,
                locale: None,
            };
            Ok(helpdeskd::store::users::insert(tx, &new, office.now()).await?)
        })
        .await;
    office.by(&nameless).comment(1, "Use water.").await;
    let sent = office.sent().await;
    assert!(!sent.to(ANN).raw.contains("staff.test") && !sent.to(ANN).html.contains("staff.test"));
}
