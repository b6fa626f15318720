//! More attacks that fail in every configuration: those that would send answers astray, speak in a customer's name,
//! silence agents, or use up what the genuine customer needs.

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::worker::scheduler::Job;

use crate::security::target::EVE;
use crate::security::target::EVIL;
use crate::security::target::Setting;
use crate::security::target::Target;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::TEAM;
use crate::support::story::On;
use crate::support::story::minutes;

const ANSWERS: [&str; 5] = [
    EVE,
    "Ann <eve@evil.test>",
    "\"ann@customer.test\" <eve@evil.test>",
    "eve@evil.test, ann@customer.test",
    "ann@customer.test, eve@evil.test",
];

const FIELDS: [&str; 7] =
    ["Reply-To", "Cc", "Sender", "Mail-Followup-To", "Mail-Reply-To", "Return-Path", "Resent-From"];

/// A request in a victim's name, with another address for the answers.
#[rstest]
#[tokio::test]
async fn no_forged_request_says_where_answers_go(
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    let mut heard = Vec::new();
    for (field, address) in FIELDS.into_iter().flat_map(|field| ANSWERS.map(|address| (field, address))) {
        let forged = mail(ANN, "My password").header(field, address);
        let became = target.forged(&forged).await;
        heard.extend(target.desk.sent().await.iter().map(|sent| sent.to.clone()));
        if let Some(number) = became.strip_prefix("ticket #").and_then(|number| number.parse().ok()) {
            target.desk.operator().comment(number, "It is 1234.").await;
            heard.extend(target.desk.sent().await.iter().map(|sent| sent.to.clone()));
        }
    }
    assert!(heard.iter().all(|to| [ANN, ALEX, TEAM].contains(&to.as_str())), "{heard:?}");
}

/// By the number, by the id of her own mail, and by one of ours that somebody passed on without its token.
#[rstest]
#[tokio::test]
async fn nobody_speaks_as_the_customer(
    #[values("It is fine, close it.", EVIL, "#close", "")] text: &str,
    #[values(Setting::Defaults, Setting::Stamps)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    target.desk.operator().cc(1, "bob@customer.test").await;
    target.desk.operator().resolve(1, "Use water.").await;
    target.desk.sent().await;
    for forged in [
        mail(ANN, "Re: [support-1] Printer on fire"),
        mail(ANN, "Re: Printer on fire").in_reply_to("first@customer.test"),
        mail(ANN, "Printer on fire").references(&["first@customer.test"]),
    ] {
        target.forged(&forged.text(text)).await;
        for sent in target.desk.sent().await.iter() {
            assert!([ALEX, TEAM].contains(&sent.to.as_str()) || sent.to == ANN, "{}", sent.to);
            assert!(sent.to != ANN || !sent.raw.contains("evil"), "{}", sent.raw);
        }
    }
    assert_eq!(target.desk.row(1).await.status.as_str(), "resolved");
    let spoken = target.desk.followups(1).await;
    assert!(spoken.iter().all(|one| one.visibility != Visibility::Public || !one.text.contains("evil")));
}

/// Twenty mails of strangers in ten minutes, and as many in the owner's and the customer's names, then what agents wait
/// for.
#[rstest]
#[tokio::test]
async fn a_flood_silences_no_agent(
    #[values("", "Re: [support-1] Printer on fire", "Undelivered Mail")] subject: &str,
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    target.desk.step(Job::Digest).await;
    for n in 0..20 {
        target.forged(&mail(&format!("eve{n}@evil.test"), subject).text(EVIL)).await;
        target.forged(&mail(ALEX, subject).text(EVIL)).await;
        target.forged(&mail(ANN, subject).text(EVIL)).await;
    }
    target.desk.sent().await;
    assert_eq!(target.genuine(&target.anns().answer("It burns.")).await, "followup #1");
    let asked = mail("bob@customer.test", "Another printer").text("It smokes.");
    let opened = target.genuine(&asked).await;
    if setting == Setting::Internal {
        // Whoever can write there is believed, and the rest of a flood of theirs comes as one list.
        target.desk.advance(minutes(11));
        target.desk.step(Job::Digest).await;
    }
    let told = target.desk.sent().await;
    let burns = told.iter().find(|sent| sent.to == ALEX && sent.text.contains("It burns."));
    let listed = told.iter().find(|sent| sent.to == ALEX && sent.text.contains("[support-1]"));
    assert!(burns.is_some() || setting == Setting::Internal && listed.is_some(), "{told}");
    let number = opened.strip_prefix("ticket #").expect("it opens one");
    let tag = format!("[support-{number}]");
    let smokes = told.iter().find(|sent| sent.to == TEAM && sent.subject.contains(&tag));
    let listed = told.iter().find(|sent| sent.to == TEAM && sent.text.contains(&tag));
    assert!(smokes.is_some() || setting == Setting::Internal && listed.is_some(), "{told}");
    assert!(told.to("bob@customer.test").subject.contains(&tag));
}

/// What the genuine mail looks like is used before it.
#[rstest]
#[tokio::test]
async fn nothing_that_a_forger_used_first_is_missing_to_the_genuine(
    #[values(Setting::Defaults, Setting::Stamps)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    let genuine = mail(ANN, "It smokes").id("second@customer.test").text("Really.");
    for n in 0..12 {
        target.forged(&mail(ANN, "It smokes").text("Really.")).await;
        target.forged(&mail(&format!("Evil <{EVE}>"), "It smokes").id("second@customer.test")).await;
        let names = [format!("Evil {n} <{ANN}>"), format!("ann+{n}@customer.test")];
        for name in names {
            target.forged(&mail(&name, "It smokes").text("Really.")).await;
        }
    }
    target.desk.sent().await;
    assert!(target.genuine(&genuine).await.starts_with("ticket #"));
    let told = target.desk.sent().await;
    let acknowledged = told.to(ANN);
    assert!(!acknowledged.raw.contains("Evil"), "{}", acknowledged.raw);
    assert!(told.iter().any(|sent| sent.to == TEAM), "{told}");
    assert_eq!(target.genuine(&acknowledged.answer("And?")).await.split(' ').next(), Some("followup"));
    target.desk.sent().await;
}

/// Who can close it by a forged answer needs no reopening: five of them used up an hour's.
#[rstest]
#[tokio::test]
async fn forged_answers_use_up_no_reopening(
    #[values(Setting::Defaults, Setting::Stamps)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    for n in 0..9 {
        target.desk.operator().resolve(1, "Use water.").await;
        let forged = target.anns().answer("No.").id(&format!("{n}@customer.test"));
        target.forged(&forged).await;
    }
    target.desk.sent().await;
    target.genuine(&target.anns().answer("It burns.")).await;
    assert_eq!(target.desk.row(1).await.status.as_str(), "reopened");
    target.desk.sent().await;
}

/// A colleague, or a service that may send for their domain: theirs, but no answer to a mail of ours.
#[rstest]
#[tokio::test]
async fn an_agents_mail_without_a_token_sends_no_words_out(
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    for command in [
        "#resolve",
        "#close",
        "#cc victim@bank.test",
        "#forward victim@bank.test",
        "#cc victim@bank.test\n#resolve",
    ] {
        asks_without_token(&target, &format!("{command}\n\n{EVIL}")).await;
    }
    assert_eq!(target.desk.row(1).await.status.as_str(), "open");
}

async fn asks_without_token(target: &Target, text: &str) {
    let forward = format!(
        "{text}\n\n---------- Forwarded message ---------\nFrom: Vic <victim@bank.test>\nDate: Fri, Feb 27, 2026 at 6:26 PM\nSubject: Help\nTo: <alex@staff.test>\n\nPlease help me.\n"
    );
    for theirs in [
        mail(ALEX, "Fwd: Help").text(&forward),
        mail(ALEX, "Help").text(text).cc("victim@bank.test"),
        mail(ALEX, "[support-1] Printer on fire").text(text),
        mail(ALEX, "Re: Printer on fire").in_reply_to("first@customer.test").text(text),
    ] {
        target.genuine(&theirs).await;
        for sent in target.desk.sent().await.iter().filter(|sent| ![ALEX, TEAM].contains(&sent.to.as_str())) {
            assert!(!sent.raw.contains("evil.test"), "{}", sent.raw);
        }
    }
}

/// Who reads a warning of the desk's and answers "that was not me" tells nobody outside.
#[rstest]
#[tokio::test]
async fn a_warning_repeats_no_words_and_its_answer_stays_inside(
    #[values("Re: [support-1] Printer on fire", "[support-1] http://evil.test", "#close")] subject: &str,
    #[values(Setting::Defaults, Setting::Stamps)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    target.forged(&target.notice().answer(&format!("#close\n{EVIL}")).header("Subject", subject)).await;
    let told = target.desk.sent().await;
    let warnings: Vec<_> = told.iter().filter(|sent| sent.to == ALEX).collect();
    assert!(!warnings.is_empty(), "{told}");
    for warning in warnings {
        assert!(!warning.raw.contains("evil.test"), "{}", warning.raw);
        target.genuine(&warning.answer("That was not me.")).await;
        assert!(target.desk.sent().await.iter().all(|sent| sent.to != ANN));
    }
    assert_eq!(target.desk.row(1).await.status.as_str(), "open");
}

/// The same bytes once more, and with what no signature covers written anew.
#[rstest]
#[tokio::test]
async fn a_genuine_mail_sent_again_by_a_stranger_does_nothing(
    #[values("Cc", "Reply-To", "In-Reply-To", "X-Loop", "Bcc", "Resent-To")] field: &str,
    #[values(Setting::Defaults, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    let answer = target.anns().answer("It burns.").id("burns@customer.test");
    let signed = target.signed(&answer);
    assert_eq!(target.desk.receive(signed.clone()).await, "followup #1");
    target.desk.sent().await;
    let added = format!("{field}: <{EVE}>\r\n").into_bytes();
    for again in [signed.clone(), [added, signed].concat()] {
        let became = target.desk.receive(again).await;
        assert!(!became.starts_with("ticket"), "{became}");
        assert!(target.desk.sent().await.iter().all(|sent| !sent.to.contains("evil")));
    }
    let said = target.desk.followups(1).await;
    let burns = said.iter().filter(|one| one.text.contains("It burns.")).count();
    assert_eq!(burns, 1);
    assert_eq!(said.iter().filter(|one| one.authentication == Some(Authentication::Pass)).count(), 2);
    target.desk.operator().comment(1, "Use water.").await;
    assert!(target.desk.sent().await.iter().all(|sent| !sent.to.contains("evil")));
}
