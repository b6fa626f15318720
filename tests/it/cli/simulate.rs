//! `simulate`: what would become of messages, from the messages alone.

use serde_json::Value;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::program::Program;
use crate::support::program::Ran;

const KEYS: [&str; 23] = [
    "file",
    "from",
    "from_name",
    "to",
    "cc",
    "reply_to",
    "subject",
    "text",
    "text_full",
    "html",
    "message_id",
    "in_reply_to",
    "references",
    "attachments",
    "class",
    "auto_reply",
    "bounce",
    "bounce_recipient",
    "bounce_status",
    "autoresponse",
    "seconds",
    "error",
    "outcome",
];

const CONFIG: &str = r#"
[intake]
max_message_size = "1 KB"
ignore = [{ address = "*@news.test" }]
[[smtp]]
name = "default"
directory = "unused"
[[queues]]
slug = "support"
title = "Support"
address = "support@desk.test"
[[queues]]
slug = "sales"
title = "Sales"
address = "sales@desk.test"
ignore = [{ address = "rival@elsewhere.test" }]
"#;

#[test]
fn every_message_is_one_line_with_every_key_in_the_order_of_the_files() {
    let program = Program::new();
    program.write("good.eml", bytes("Ann <ann@customer.test>", "Printer on fire"));
    program.write("empty.eml", "");
    program.write("noise.eml", [0xff, 0, 0x1b, b'\n', 0x80].repeat(1000));
    program.write("directory/inside.eml", "");
    let files = ["good.eml", "missing.eml", "empty.eml", "-", "noise.eml", "directory", "good.eml"];
    let ran = program.run_with(&[&["simulate", "--json"], &files[..]].concat(), b"From: a@b.test\n\nhi\n");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let lines = objects(&ran);
    let shown: Vec<&str> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
    assert_eq!(shown, files);
    for line in &lines {
        for key in KEYS {
            assert!(line.get(key).is_some(), "{key} in {line}");
        }
        assert!(line["seconds"].is_number());
    }
    let errors: Vec<bool> = lines.iter().map(|line| !line["error"].is_null()).collect();
    assert_eq!(errors, [false, true, false, false, false, true, false]);
    assert_eq!((&lines[0]["outcome"], &lines[0]["autoresponse"]), (&"ticket".into(), &true.into()));
    assert_eq!(lines[3]["text"], "hi");
    assert_eq!((&lines[1]["outcome"], &lines[1]["autoresponse"]), (&"reject".into(), &false.into()));
}

#[test]
fn nothing_is_written_and_no_configuration_is_needed() {
    let program = Program::new();
    program.write("one.eml", bytes("ann@customer.test", "Printer on fire"));
    let names: Vec<String> = (0..300).map(|n| format!("mails/{n}.eml")).collect();
    for (n, name) in names.iter().enumerate() {
        program.write(name, bytes("ann@customer.test", &format!("subject {n}")));
    }
    let arguments: Vec<&str> =
        ["simulate", "--json"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let lines = objects(&program.run(&arguments));
    let in_order = lines.iter().enumerate().all(|(n, line)| line["subject"] == format!("subject {n}"));
    assert!(in_order && lines.len() == names.len());
    assert_eq!(program.files(), ["mails", "one.eml"]);
}

#[test]
fn the_addresses_and_rules_of_a_configuration_count() {
    let program = Program::new();
    program.write("config.toml", CONFIG);
    program.write("own.eml", bytes("Support@desk.test", "hello"));
    program.write("ignored.eml", bytes("letter@news.test", "hello"));
    program.write("rival.eml", bytes("rival@elsewhere.test", "hello"));
    let to_sales = mail("ann@customer.test", "hello").to("Sales <SALES@desk.test>").cc("b@c.test");
    program.write("sales.eml", Vec::from(to_sales));
    let files = ["own.eml", "ignored.eml", "rival.eml", "sales.eml"];
    let fates = |more: &[&str]| {
        let arguments = [&["simulate", "--json"], more, &files[..]].concat();
        let fate = |line: &Value| format!("{} {}", line["outcome"], line["queue"]).replace('"', "");
        objects(&program.run(&arguments)).iter().map(fate).collect::<Vec<_>>()
    };
    assert_eq!(fates(&[]), ["drop support", "drop support", "ticket support", "ticket sales"]);
    assert_eq!(fates(&["--queue", "sales"]), ["drop sales", "drop sales", "drop sales", "ticket sales"]);
    let ran = program.run(&["simulate", "--queue", "nowhere", "own.eml"]);
    assert_eq!((ran.code, ran.err.as_str()), (64, "helpdeskd: the configuration has no queue nowhere\n"));
}

#[test]
fn the_author_is_the_one_that_a_ticket_would_take() {
    let program = Program::new();
    program.write("config.toml", format!("{CONFIG}form_senders = [\"form@web.test\"]\n"));
    let form = mail("Web form <form@web.test>", "hello").header("Reply-To", "Ida <ida@customer.test>");
    program.write("form.eml", Vec::from(form));
    program
        .write("other.eml", Vec::from(mail("o@web.test", "hello").header("Reply-To", "ida@customer.test")));
    let ran = program.run(&["simulate", "--json", "--queue", "sales", "form.eml", "other.eml"]);
    let authors: Vec<String> =
        objects(&ran).iter().map(|line| format!("{} {}", line["from"], line["from_name"])).collect();
    assert_eq!(authors, ["\"ida@customer.test\" \"Ida\"", "\"o@web.test\" \"\""]);
}

#[test]
fn of_a_message_that_is_too_large_only_the_headers_are_read() {
    let program = Program::new();
    program.write("config.toml", CONFIG);
    program
        .write("large.eml", Vec::from(mail("ann@customer.test", "large").text(&"many words ".repeat(200))));
    let lines = objects(&program.run(&["simulate", "--json", "large.eml"]));
    assert_eq!((&lines[0]["subject"], &lines[0]["text"]), (&"large".into(), &"".into()));
    assert!(lines[0]["trace"].to_string().contains("only its headers are read"), "{}", lines[0]["trace"]);
}

#[test]
fn a_configuration_that_is_wrong_stops_only_those_who_name_it() {
    let program = Program::new();
    program.write("config.toml", "[desk]\nnames = 1\n");
    program.write("a.eml", bytes("ann@customer.test", "hello"));
    let found = program.run(&["simulate", "--json", "a.eml"]);
    assert_eq!((found.code, objects(&found).len()), (0, 1));
    assert!(found.err.contains("did you mean `name`?"), "{}", found.err);
    let named = program.run(&["--config", "config.toml", "simulate", "a.eml"]);
    assert_eq!((named.code, named.out.as_str()), (78, ""));
}

#[test]
fn people_get_a_summary() {
    let program = Program::new();
    program.write("config.toml", CONFIG.replace("1 KB", "1 MB"));
    let reply = mail("Ann \u{1b}[31m <ann@customer.test>", "Re: Printer on fire")
        .text("It burns.\n\nAt last.\n\nOn Monday, Support wrote:\n> What burns?")
        .attachment("fire.png", "image/png", b"\x89PNG");
    program.write("reply.eml", Vec::from(reply));
    let away = mail("ann@customer.test", "Away").header("Auto-Submitted", "auto-replied");
    program.write("away.eml", Vec::from(away));
    let ran = program.run(&["simulate", "reply.eml", "away.eml", "missing.eml"]);
    assert_snapshot!(ran.out, @r"
    reply.eml
      becomes   a new ticket in queue support, or an entry of the one that it answers
                with an acknowledgement to its author
      from      Ann [31m <ann@customer.test>
      to        support@desk.test
      subject   Re: Printer on fire
      attached  fire.png (4 bytes)
      text      It burns.
                At last.
      because   class human

    away.eml
      becomes   suspended in queue support: it waits for somebody to decide
                without an acknowledgement
      from      ann@customer.test
      to        support@desk.test
      subject   Away
      text      Please help.
      because   class auto-reply: auto-submitted: auto-replied
                suspended: out-of-office
                no acknowledgement: machine

    missing.eml
      error     cannot be read: No such file or directory (os error 2)
    ");
}

fn bytes(from: &str, subject: &str) -> Vec<u8> {
    mail(from, subject).into()
}

fn objects(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).expect("each line is an object")).collect()
}
