//! `[[rules]]` of the configuration: what they look at, what they do, and that they are told.

use std::path::Path;

use helpdeskd::config::Config;
use helpdeskd::ticket::authentication::Authentication;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;

const QUEUES: &str = "[[queues]]\nslug = \"billing\"\ntitle = \"Billing\"\naddress = \"billing@desk.test\"
[[queues.types]]\nname = \"Invoice\"\npriority = 4\n[[queues.types]]\nname = \"Dunning\"\npriority = 4\n";

async fn desk(on: On, rules: &str) -> TestDesk {
    TestDesk::with_config(on, &format!("{QUEUES}{rules}")).await
}

fn rule(name: &str, when: &str, then: &str) -> String {
    format!("[[rules]]\nname = \"{name}\"\nwhen = {{ {when} }}\nthen = {{ {then} }}\n")
}

#[rstest]
#[tokio::test]
async fn a_rule_files_a_mail_and_is_named_in_its_trace(#[values(On::Sqlite, On::Postgres)] on: On) {
    let rules = rule(
        "invoices",
        "subject = \"invoice|rechnung\", sender = \"*@customer.test\"",
        "queue = \"billing\", type = \"Dunning\", priority = 2, tags = [\"money\", \"late\"], owner = \"alex\"",
    );
    let desk = desk(on, &rules).await;
    let alex = desk.agent(ALEX).await;
    assert_eq!(desk.receive(mail(ANN, "Your RECHNUNG 12")).await, "ticket #1");
    let row = desk.row(1).await;
    let current = desk.app.desk();
    assert_eq!(current.directory.queue(row.queue_id).expect("it is declared").config.slug, "billing");
    assert_eq!(
        current.directory.kind(row.type_id.expect("it has one")).expect("it is declared").name,
        "Dunning"
    );
    assert_eq!((row.priority.number(), row.owner_id), (2, Some(alex.id)));
    assert!(desk.tickets().await.contains("tag late, tag money"), "{}", desk.tickets().await);
    let expected = "rule: invoices: queue billing, type Dunning, priority 2, tag money, tag late, owner alex";
    assert!(desk.trace().await.contains(expected), "{}", desk.trace().await);
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ANN], "its owner hears of it");
    assert_eq!(sent.to(ANN).header("From").as_deref(), Some("Billing <billing@desk.test>"));
    desk.receive(mail(ANN, "Printer on fire")).await;
    assert!(!desk.trace().await.contains("rule:"), "{}", desk.trace().await);
    desk.receive(sent.to(ANN).answer("Which invoice?")).await;
    assert!(!desk.trace().await.contains("rule:"), "an answer is not filed anew");
    desk.sent().await;
}

#[rstest]
#[case("header = { X-Shop = \"^A-[0-9]+$\" }", true)]
#[case("header = { X-Shop = \"^B\" }", false)]
#[case("header = { X-None = \"\" }", false)]
#[case("header = { x-shop = \"\", List-Id = \"\" }", false)]
#[case("subject = \"^printer\"", true)]
#[case("sender = [\"*@other.test\", \"ann@*\"]", true)]
#[case("sender = \"*@other.test\"", false)]
#[case("sender = \"ann@customer.tes\"", false)]
#[case("recipient = \"SUPPORT@desk.test\"", true)]
#[case("recipient = \"billing@desk.test\"", false)]
#[case("queue = [\"billing\", \"support\"]", true)]
#[case("queue = \"billing\"", false)]
#[case("type = \"Support\"", true)]
#[case("type = \"Invoice\"", false)]
#[case("locale = \"en\"", true)]
#[case("locale = [\"de\", \"fr\"]", false)]
#[case("proof = \"pass\"", true)]
#[case("proof = [\"none\", \"unknown\", \"fail\"]", false)]
#[case("has_file = false", true)]
#[case("has_file = true", false)]
#[case("working_hours = true", true)]
#[case("working_hours = false", false)]
#[case("", true)]
#[tokio::test]
async fn each_condition_must_be_so(
    #[case] when: &str,
    #[case] fires: bool,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let config =
        format!("working_hours = \"mon 08:00-10:00\"\n{QUEUES}{}", rule("it", when, "tags = [\"hit\"]"));
    let desk = TestDesk::with_config(on, &config).await;
    let text = "Hello, my printer is on fire and I would like to know what to do about it, please.";
    let request =
        mail(ANN, "Printer on fire").header("X-Shop", "A-17").header("Content-Language", "en").text(text);
    assert_eq!(desk.receive_as(Authentication::Pass, request).await, "ticket #1");
    assert_eq!(desk.tickets().await.contains("tag hit"), fires, "{}", desk.trace().await);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn an_excluded_day_is_no_working_time(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = desk(on, &rule("night", "working_hours = false", "tags = [\"night\"]")).await;
    desk.exclude("2026-03-03", None).await;
    desk.receive(mail(ANN, "First")).await;
    assert!(!desk.tickets().await.contains("night"));
    desk.advance(days(1));
    desk.receive(mail(ANN, "Second")).await;
    assert!(desk.tickets().await.contains("night"), "{}", desk.trace().await);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn rules_go_in_order_and_each_sees_what_was_asked_before(#[values(On::Sqlite, On::Postgres)] on: On) {
    let rules = [
        rule("first", "", "queue = \"billing\", priority = 2"),
        rule("second", "queue = \"billing\", type = \"Invoice\"", "priority = 1, tags = [\"seen\"]")
            + "stop = true\n",
        rule("third", "", "priority = 5"),
    ];
    let desk = desk(on, &rules.concat()).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    assert_eq!(desk.row(1).await.priority.number(), 1);
    let trace = desk.trace().await;
    assert!(trace.contains("rule: first: ") && trace.contains("rule: second: "), "{trace}");
    assert!(trace.contains("no rule below is looked at") && !trace.contains("third"), "{trace}");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn tickets_go_round_among_active_agents_or_to_whoever_has_the_fewest(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let rules = [
        rule("round", "subject = \"^round\"", "round_robin = [\"alex\", \"gone\", \"kim\", \"nobody\"]"),
        rule("least", "subject = \"^least\"", "least_open = []"),
        rule("absent", "subject = \"^absent\"", "owner = \"gone\""),
    ];
    let desk = desk(on, &rules.concat()).await;
    let (alex, kim, gone) =
        (desk.agent(ALEX).await, desk.agent("kim@staff.test").await, desk.agent("gone@staff.test").await);
    desk.disable(&gone).await;
    for (n, subject) in ["round 1", "round 2", "round 3", "least 1", "least 2", "absent"].iter().enumerate() {
        assert_eq!(
            desk.receive(mail(&format!("c{n}@customer.test"), subject)).await,
            format!("ticket #{}", n + 1)
        );
    }
    let mut owners = Vec::new();
    for id in 1..=6 {
        owners.push(desk.row(id).await.owner_id);
    }
    let (a, k) = (Some(alex.id), Some(kim.id));
    assert_eq!(owners, [a, k, a, k, a, None]);
    assert!(desk.trace().await.contains("nobody's"), "{}", desk.trace().await);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_rule_suspends_or_keeps_the_acknowledgement_back(#[values(On::Sqlite, On::Postgres)] on: On) {
    let rules = [
        rule("robots", "sender = \"robot@*\"", "suspend = true"),
        rule("quiet", "sender = \"quiet@*\"", "acknowledge = false"),
    ];
    let desk = desk(on, &rules.concat()).await;
    assert_eq!(desk.receive(mail("robot@customer.test", "Beep")).await, "suspended (by-rule)");
    assert!(desk.trace().await.contains("rule: robots: suspend"), "{}", desk.trace().await);
    assert_eq!(desk.receive(mail("quiet@customer.test", "Hush")).await, "ticket #1");
    assert_eq!(desk.sent().await.len(), 0);
}

/// Whatever a rule says of a mail, who wrote it is what the mail shows.
#[rstest]
#[tokio::test]
async fn a_rule_makes_no_mail_count_for_more(#[values(On::Sqlite, On::Postgres)] on: On) {
    let rules = rule("all", "", "owner = \"alex\", queue = \"billing\", tags = [\"x\"]");
    let desk = desk(on, &rules).await;
    let _alex = desk.agent(ALEX).await;
    assert_eq!(desk.receive_as(Authentication::None, mail(ANN, "Printer on fire")).await, "ticket #1");
    let row = desk.row(1).await;
    assert_eq!(row.authentication, Authentication::None);
    assert!(desk.user(ANN).await.proven_at.is_none());
    let forged = mail(ALEX, "From the boss").text("#resolve\nDo it.");
    assert_eq!(desk.receive_as(Authentication::Fail, forged).await, "suspended (spoofed)");
    desk.sent().await;
}

#[test]
fn what_no_mail_could_be_held_against_is_refused_with_its_line() {
    let queue = "[[smtp]]\nname = \"out\"\ndirectory = \"out\"\n[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"s@desk.test\"\nsmtp = \"out\"\n";
    for (entry, expected) in [
        (
            "name = \"a\"\nwhen = { subject = \"(\" }\nthen = { priority = 1 }",
            "`(` is no pattern: unclosed group",
        ),
        (
            "name = \"a\"\nwhen = { sender = \"example.com\" }\nthen = { priority = 1 }",
            "is no address; `*` stands for",
        ),
        ("name = \"a\"\nwhen = { queue = \"sales\" }\nthen = { priority = 1 }", "there is no queue `sales`"),
        ("name = \"a\"\nthen = { queue = \"sales\" }", "there is no queue `sales`"),
        ("name = \"a\"\nthen = { type = \"Nope\" }", "there is no type `Nope`"),
        ("name = \"a\"\nthen = { priority = 9 }", "`priority` must be from 1 to 5"),
        ("name = \"a\"\nthen = { tags = [\"two words\"] }", "`two words` is not one word"),
        ("name = \"a\"\nthen = { owner = \"x\", least_open = [] }", "one of them can"),
        ("name = \"a\"\nthen = { round_robin = [] }", "names nobody"),
        ("name = \"a\"\nthen = { }", "does nothing"),
        ("name = \"a\"\nwhen = { proof = \"certain\" }\nthen = { priority = 1 }", "certain"),
        ("name = \"a\"\nwhen = { locale = \"d e\" }\nthen = { priority = 1 }", "is no language"),
        ("name = \"a\"\nwhen = { body = \"x\" }\nthen = { priority = 1 }", "there is no such key"),
        ("name = \"a\"\nthen = { proof = \"pass\" }", "there is no such key"),
        ("name = \"a\"\nthen = { author = \"alex\" }", "there is no such key"),
        ("then = { priority = 1 }", "the key `name` is missing"),
        ("name = \"a\"\nwhen = { subject = \"x\" }", "the key `then` is missing"),
        (
            "name = \"a\"\nthen = { priority = 1 }\n[[rules]]\nname = \"a\"\nthen = { priority = 2 }",
            "already the name",
        ),
    ] {
        let text = format!("{queue}[[rules]]\n{entry}\n");
        let refused = Config::parse(&text, Path::new("c.toml")).expect_err(entry).to_string();
        assert!(refused.contains(expected) && refused.contains("line "), "{entry}: {refused}");
    }
    let long = format!(
        "{queue}[[rules]]\nname = \"a\"\nwhen = {{ subject = \"(a{{1000}}){{1000}}\" }}\nthen = {{ priority = 1 }}"
    );
    assert!(Config::parse(&long, Path::new("c.toml")).is_err(), "a pattern may not take all memory");
}
