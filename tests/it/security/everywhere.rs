//! Attacks that fail in every configuration: where the desk checks mails itself, where its mail server does, and where
//! only colleagues can write and are believed without proof.

use rstest::rstest;

use helpdeskd::store;

use crate::security::target::EVE;
use crate::security::target::EVIL;
use crate::security::target::Setting;
use crate::security::target::Target;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::TEAM;
use crate::support::reports::Report;
use crate::support::story::On;

#[rstest]
#[tokio::test]
async fn a_forged_agent_does_nothing_with_a_stolen_token_or_without(
    #[values("#close", "#resolve", "#cc eve@evil.test", "#assign nobody", "#accept", "#confirm", "")] command: &str,
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    let text = format!("{command}\n\n{EVIL}");
    let tagged = mail(ALEX, "Re: [support-1] Printer on fire");
    let by_id = mail(ALEX, "Re: Printer on fire").in_reply_to("first@customer.test");
    for forged in
        [target.notice().answer(&text), target.anns().answer(&text).header("From", ALEX), tagged, by_id]
    {
        target.forged(&forged.text(&text)).await;
        target.unharmed(EVE).await;
    }
}

#[rstest]
#[tokio::test]
async fn a_stranger_gets_nothing_by_a_number_an_id_or_anybodys_token(
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    let text = format!("#close\n#cc {EVE}\n{EVIL}");
    let answers = [
        mail(EVE, "[support-1] Printer on fire"),
        mail(EVE, "Re: Printer on fire").in_reply_to("first@customer.test"),
        target.anns().answer("").header("From", EVE),
        target.notice().answer("").header("From", EVE),
    ];
    for answer in answers {
        target.forged(&answer.text(&text).cc("eva@evil.test")).await;
        target.unharmed(EVE).await;
    }
    target.desk.operator().comment(1, "The password is 1234.").await;
    assert!(target.desk.sent().await.iter().all(|sent| !sent.to.contains("evil")));
}

/// Their letters only look like those of the agent's address, or are folded into them by careless programs.
#[rstest]
#[tokio::test]
async fn an_address_that_looks_like_an_agents_or_the_queues_is_another(
    #[values(
        "\u{430}lex@staff.test",
        "alex@st\u{430}ff.test",
        "ale\u{445}@staff.test",
        "alex@xn--stff-43d.test",
        "\u{ff41}lex@staff.test",
        "alex@\u{17f}taff.test",
        "a\u{2c}lex@staff.test",
        "alex\u{200b}@staff.test",
        "alex@staff\u{3002}test",
        "alex@staff.test.evil.test",
        "\"alex@staff.test\" <eve@evil.test>",
        "\u{455}upport@desk.test",
        "support@de\u{455}k.test",
        "support@des\u{212a}.test"
    )]
    from: &str,
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    let text = format!("#close\n#cc {EVE}\n{EVIL}");
    for mail in
        [target.notice().answer(&text).header("From", from), mail(from, "[support-1] Fire").text(&text)]
    {
        let became = target.forged(&mail).await;
        assert!(!["followup #1", "followup #1 (commands)"].contains(&became.as_str()), "{became}");
        assert_eq!(target.desk.row(1).await.status.as_str(), "open", "{became}");
        let sent = target.desk.sent().await;
        assert!(sent.iter().all(|sent| sent.to != ANN), "{sent}");
    }
}

/// Routes that old servers take apart: to an address behind the desk's own, or behind another's.
#[rstest]
#[tokio::test]
async fn nobody_is_written_to_by_a_route_in_an_address(
    #[values(
        "victim%bank.test@desk.test",
        "victim%bank.test@evil.test",
        "bank.test!victim@evil.test",
        "evil.test!bank.test!victim@desk.test",
        "@relay.test:victim@bank.test",
        "@relay.test,@other.test:victim@bank.test",
        "victim@bank.test@evil.test",
        "\"victim@bank.test\"@evil.test",
        "victim@localhost",
        "victim@[127.0.0.1]",
        "victim@127.0.0.1"
    )]
    from: &str,
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    target.forged(&mail(&format!("<{from}>"), "Hello").header("Reply-To", from)).await;
    for sent in target.desk.sent().await.iter() {
        let is_plain = sent.to == "victim@bank.test" && from.starts_with('@');
        assert!([ALEX, TEAM, ANN].contains(&sent.to.as_str()) || is_plain, "{}", sent.to);
    }
}

#[rstest]
#[tokio::test]
async fn a_report_that_anybody_can_write_suppresses_nobody(
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    for (victim, ours) in [(ANN, target.anns()), (ALEX, target.notice())] {
        for from in
            ["mailer-daemon@evil.test", "mailer-daemon@customer.test", "mailer-daemon@staff.test", victim]
        {
            let report = Report { to: "support@desk.test".to_owned(), ..Report::unknown(ours) };
            target.forged(&report.write().header("From", from)).await;
            let found =
                store::suppressions::find(&mut target.desk.read().await, victim, target.desk.now()).await;
            assert!(found.expect("it is read").is_none(), "{victim} by {from}");
        }
    }
    target.desk.sent().await;
}

/// A stranger who is who they say, or not, with victims in copy.
#[rstest]
#[tokio::test]
async fn no_victim_in_copy_gets_a_strangers_words(
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    let victims: Vec<String> = (0..20).map(|n| format!("victim{n}@bank.test")).collect();
    target.forged(&mail(EVE, "Win").text(EVIL).cc(&victims.join(", "))).await;
    let own = target.desk.sent().await.to(EVE).clone();
    target.forged(&own.answer(EVIL).cc(&victims.join(", "))).await;
    assert!(target.desk.sent().await.iter().all(|sent| !sent.to.contains("victim")));
}

/// An agent's own mail, with commands that one of its forms alone shows.
#[rstest]
#[tokio::test]
async fn commands_that_one_form_alone_shows_send_nothing_out(
    #[values(("#close\nHe pays late.", "<p>He pays late.</p>"), ("He pays late.", "<p>#note</p><p>He pays late.</p>"))]
    forms: (&str, &str),
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    target.genuine(&target.notice().answer(forms.0).html(forms.1)).await;
    assert_eq!(target.desk.row(1).await.status.as_str(), "open");
    assert!(target.desk.sent().await.iter().all(|sent| sent.to != ANN));
    // What both show is done, so that the agent was who they are.
    target
        .genuine(&target.notice().answer("#close\nUse water.").html("<p>#close</p><p>Use water.</p>"))
        .await;
    assert_eq!(target.desk.row(1).await.status.as_str(), "closed");
    assert!(target.desk.sent().await.iter().any(|sent| sent.to == ANN));
}

#[rstest]
#[tokio::test]
async fn line_breaks_in_names_and_subjects_write_no_headers(
    #[values(Setting::Defaults, Setting::Stamps, Setting::Internal)] setting: Setting,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let target = Target::open(setting, on).await;
    let evil = "=?utf-8?Q?Fire=0D=0ABcc=3A_eve=40evil.test=0D=0A=0D=0Abody=00=1B[31m?=";
    target.forged(&mail(&format!("{evil} <{EVE}>"), evil)).await;
    target.genuine(&target.notice().answer("Use water.").header("Subject", evil)).await;
    for sent in target.desk.sent().await.iter() {
        let head = sent.raw.split("\r\n\r\n").next().expect("it has a head");
        assert!(
            head.split("\r\n").all(|line| !line.starts_with("Bcc") && !line.contains(char::is_control)),
            "{head}"
        );
        assert!(!sent.subject.contains(char::is_control), "{:?}", sent.subject);
    }
}
