//! What `ticket show` says of who wrote, and of where answers go.

use serde_json::Value;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::program::Program;

const CONFIG: &str = r#"[database]
url = "sqlite:desk.db"
[intake]
name_servers = ["127.0.0.1:1"]
[[smtp]]
name = "default"
directory = "outgoing"
[[queues]]
slug = "support"
title = "Support"
address = "support@desk.test"
cc = "all"
authserv_ids = ["mx.desk.test"]
"#;

/// The program after it took these mails in.
fn taken(mails: &[Mail]) -> Program {
    let program = Program::new();
    program.write("config.toml", CONFIG);
    assert_eq!(program.run(&["--config", "config.toml", "migrate"]).code, 0);
    for (n, mail) in mails.iter().enumerate() {
        let file = format!("{n}.eml");
        program.write(&file, Vec::from(mail));
        let ran = program.run(&["--config", "config.toml", "ingest", "--queue", "support", &file]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    program
}

fn show(program: &Program, more: &[&str]) -> String {
    let ran = program.run(&[&["--config", "config.toml", "ticket", "show", "1"], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

#[test]
fn a_ticket_says_where_its_answers_go_and_who_gets_agents_answers_only() {
    let asking = mail("ann@customer.test", "Printer on fire")
        .cc("bob@customer.test")
        .header("Reply-To", "office@customer.test")
        .stamped("Authentication-Results", "mx.desk.test; dmarc=pass header.from=customer.test");
    let program = taken(&[asking]);
    let text = show(&program, &[]);
    assert!(text.contains("\n  from ann@customer.test, sender authentication: pass\n"), "{text}");
    assert!(text.contains("\n  answers go to office@customer.test\n"), "{text}");
    assert!(text.contains("\n  copies to bob@customer.test (agents' answers only)\n"), "{text}");
    let json: Value = serde_json::from_str(&show(&program, &["--json"])).expect("it is JSON");
    assert_eq!(json["answers_to"], "office@customer.test");
    assert_eq!(json["followups"][0]["authentication"], "pass");
    assert_eq!(json["accepted_ccs"], serde_json::json!([]));
    let ran = program.run(&["--config", "config.toml", "ticket", "cc", "1", "bob@customer.test"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(show(&program, &[]).contains("\n  copies to bob@customer.test\n"));
}

#[test]
fn a_ticket_says_of_each_mail_that_is_not_shown_to_be_its_authors() {
    let hijacking = mail("ann@customer.test", "My password").header("Reply-To", "eve@customer.test");
    let more = mail("ann@customer.test", "Re: [support-1] My password").text("Quick!");
    let program = taken(&[hijacking, more]);
    let text = show(&program, &[]);
    assert!(text.contains("\n  from ann@customer.test, sender authentication: unknown\n"), "{text}");
    assert!(!text.contains("answers go to"), "{text}");
    assert!(text.contains(" ann@customer.test (opened, public, sender not proven: unknown)\n"), "{text}");
    assert!(text.contains(" ann@customer.test (unproven, private, sender not proven: unknown)\n"), "{text}");
    let json: Value = serde_json::from_str(&show(&program, &["--json"])).expect("it is JSON");
    assert_eq!(json["answers_to"], "ann@customer.test");
    assert_eq!(json["ticket"]["authentication"], "unknown");
    assert_eq!(json["followups"][1]["authentication"], "unknown");
}

#[test]
fn what_an_entry_quotes_is_counted_and_shown_when_it_is_asked_for() {
    let later = mail("ann@customer.test", "Re: Printer on fire").in_reply_to("first@client.test");
    let later = later.text("Still burning.\n\nOn 1 Mar 2026 at 08:00, Help <support@desk.test> wrote:\n> Use water.\n> Much of it.\n");
    let program = taken(&[mail("ann@customer.test", "Printer on fire").id("first@client.test"), later]);
    let (short, full) = (show(&program, &[]), show(&program, &["--full"]));
    assert!(short.contains("    Still burning.\n    [3 lines left out; --full shows them]\n"), "{short}");
    assert!(full.contains("    > Much of it.\n") && !full.contains("left out"), "{full}");
}

#[test]
fn what_an_opening_mail_answers_stands_below_its_new_words() {
    let old = (1..=40).map(|n| format!("> Lamp {n} of forty.\n")).collect::<Vec<_>>().concat();
    let text =
        format!("I did not order that.\n\nOn 1 Mar 2026 at 08:00, Shop <shop@shop.test> wrote:\n{old}");
    let asking = mail("ann@customer.test", "Re: Your order").in_reply_to("crm-7@shop.test").text(&text);
    let program = taken(&[asking]);
    let shown = show(&program, &[]);
    assert!(
        shown.contains("    I did not order that.\n\n    [41 older lines:]\n    On 1 Mar 2026"),
        "{shown}"
    );
    assert!(shown.contains("Lamp 19 of") && !shown.contains("Lamp 20 of"), "{shown}");
    assert!(shown.contains("    [21 lines left out; --full shows them]\n"), "{shown}");
    assert!(show(&program, &["--full"]).contains("Lamp 40 of forty."));
    let json: Value = serde_json::from_str(&show(&program, &["--json"])).expect("it is JSON");
    assert_eq!(json["followups"][0]["new_text"], "I did not order that.");
    assert!(json["followups"][0]["text"].as_str().is_some_and(|text| text.contains("Lamp 40 of forty.")));
}
