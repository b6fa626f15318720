//! Lines as agents write them, and what they ask for.

use super::*;

fn one(line: &str) -> Option<Result<Command, Mistake>> {
    read(line).orders.pop().map(|order| order.asks)
}

#[test]
fn each_command_is_read_however_a_program_writes_it() {
    let cases = [
        ("#resolve", Command::Resolve),
        ("  #Close  ", Command::Close),
        ("#REOPEN:", Command::Reopen),
        ("# hold", Command::Hold(None)),
        ("#hold 2026-12-24", Command::Hold(Until::parse("2026-12-24").ok())),
        ("#hold until Mon 9:00", Command::Hold(Until::parse("mon 9:00").ok())),
        ("＃unhold", Command::Unhold),
        ("\u{feff}#note\r", Command::Note),
        ("*#note*", Command::Note),
        ("#assign me", Command::Assign(Assignee::Me)),
        ("#assign Nobody", Command::Assign(Assignee::Nobody)),
        ("#assign susan", Command::Assign(Assignee::User("susan".into()))),
        ("#assign Susan <s@x.test>", Command::Assign(Assignee::User("s@x.test".into()))),
        ("#priority 1", Command::Priority(Priority::try_from(1).unwrap())),
        ("#queue Sales", Command::Queue("sales".into())),
        ("#cc a@x.test", Command::Cc("a@x.test".into())),
        ("#cc a@x.test<mailto:a@x.test>", Command::Cc("a@x.test".into())),
        ("#cc \"Ann\" <a@x.test>", Command::Cc("a@x.test".into())),
        ("#tag fire", Command::Tag("fire".into())),
        ("#reply refund", Command::Reply("refund".into())),
        ("#forward Bob <bob@x.test>", Command::Forward("bob@x.test".into())),
        ("#spam", Command::Spam { ignore: false }),
        ("#Spam ignore", Command::Spam { ignore: true }),
        ("#Send", Command::Send),
        ("#Confirm", Command::Confirm),
        ("#accept.", Command::Accept),
    ];
    for (line, command) in cases {
        assert_eq!(one(line), Some(Ok(command)), "{line}");
    }
}

#[test]
fn what_cannot_be_meant_is_a_mistake_and_no_text() {
    let cases = [
        ("#frobnicate", Mistake::Unknown),
        ("#nóte", Mistake::Unknown),
        ("#resolve it works now", Mistake::Superfluous),
        ("#note the customer is wrong", Mistake::Superfluous),
        ("#assign", Mistake::Missing(Needed::User)),
        ("#priority high", Mistake::Priority),
        ("#priority 6", Mistake::Priority),
        ("#hold please", Mistake::Time),
        ("#cc Ann", Mistake::Missing(Needed::Address)),
        ("#cc a@x.test, b@x.test", Mistake::Addresses),
        ("#tag two words", Mistake::Superfluous),
        ("#spam again", Mistake::Superfluous),
        ("#reply", Mistake::Missing(Needed::Word)),
        ("#reply thank you", Mistake::Superfluous),
        ("#partner", Mistake::WithoutNote),
    ];
    for (line, mistake) in cases {
        let read = read(&format!("{line}\nText"));
        assert_eq!((read.orders.len(), read.orders[0].asks.clone()), (1, Err(mistake)), "{line}");
        assert_eq!(read.text, "Text", "{line}");
    }
}

#[test]
fn orders_end_with_the_first_other_line() {
    let read = read("\n#assign me\n\n#tag x\nHello,\n#note\n#close\n");
    assert_eq!(read.orders.len(), 2);
    assert_eq!(read.text, "Hello,\n#note\n#close");
    for text in
        ["Hello\n#note", "#1 is the first", "#", "# Heading of a text", "##- marker", "> #close", "#-"]
    {
        assert_eq!(super::read(text).orders, [], "{text}");
        assert_eq!(super::read(text).text, text);
    }
    assert_eq!(super::read(""), Orders::default());
    assert_eq!(super::read("#close").text, "");
    assert_eq!(super::read("#close\n\n   indented\n").text, "   indented");
}

#[test]
fn orders_that_contradict_each_other_are_refused() {
    for text in [
        "#resolve\n#close",
        "#hold\n#unhold",
        "#hold\n#resolve",
        "#hold 3d\n#close",
        "#hold\n#hold 3d",
        "#close\n#hold",
        "#reopen\n#close",
        "#assign me\n#assign nobody",
        "#priority 1\n#priority 2",
        "#queue a\n#queue b",
        "#reply a\n#reply b",
        "#reply a\n#send",
        "#forward a@x.test\n#forward b@x.test",
        "#send\n#forward a@x.test",
    ] {
        assert_eq!(read(text).orders[1].asks, Err(Mistake::Contradiction), "{text}");
    }
    for text in
        ["#resolve\n#resolve", "#note\n#partner", "#partner\n#note", "#note\n#close", "#tag a\n#tag b"]
    {
        assert!(read(text).orders.iter().all(|order| order.asks.is_ok()), "{text}");
    }
}

#[test]
fn a_mail_of_nothing_but_commands_is_read_in_bounded_memory() {
    let read = read(&"#tag x\n".repeat(100_000));
    assert_eq!(read.orders.len(), MOST + 1);
    assert_eq!(read.orders.last().unwrap().asks, Err(Mistake::TooMany));
    assert!(super::read(&format!("#{}", "x".repeat(100_000))).orders[0].line.len() < 200);
}
