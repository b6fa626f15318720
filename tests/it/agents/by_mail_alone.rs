//! The day of an agent who has nothing but a mail program, through the real Postfix and Dovecot.

use super::day::Person;
use super::day::Read;
use super::day::desk;

#[tokio::test]
async fn an_agent_works_a_whole_day_by_mail_alone() {
    let (mut ann, mut eve, mick) = (Person::new("ann"), Person::new("eve"), Person::new("mick"));
    let mut alex = Person::new("alex");
    let (site, daemon, support) = desk(&alex);
    site.run(&["reply", "add", "sand", "Dear {{ customer.name }}, use sand."]);

    // Two mails came in; Alex asks what there is, and looks at one.
    let first = "Subject: Printer on fire\r\nMessage-ID: <fire@client.test>";
    ann.sends(&[&support], first, "My printer is on fire.");
    ann.receives().says("We have received your request");
    let printer = alex.receives();
    printer.says("#forward").says("#reply").says("#list").says("#show");
    eve.sends(&[&support], "Subject: Cheap pills\r\nMessage-ID: <pills@client.test>", "Where are mine?");
    eve.receives();
    let pills = alex.receives();
    alex.sends(&[&support], "Subject: what is up\r\nMessage-ID: <list@client.test>", "#list is:open");
    alex.receives().says("Printer on fire").says("Cheap pills");
    alex.sends(&[&support], "Subject: that one\r\nMessage-ID: <show@client.test>", "#show 1");
    let shown = alex.receives();
    shown.says("My printer is on fire.");

    // The one is spam, or so it seems; then it is not.
    alex.answers(&pills, &support, "#spam ignore");
    let report = alex.receives();
    let back = report.text.lines().find(|line| line.starts_with("#nospam")).expect("it says how").to_owned();
    alex.answers(&report, &support, &back);
    alex.receives().says("will be handled again");
    eve.receives().says("We have received your request");
    alex.receives().says("Where are mine?");

    let people = Customers { ann, mick };
    printer_is_mended(&support, alex, people, &printer, &shown);
    daemon.stop();
    let ticket = site.json(&["ticket", "show", "1"]);
    let status = ticket["status"].as_str().or(ticket["ticket"]["status"].as_str());
    assert_eq!(status, Some("resolved"), "{ticket}");
    assert!(site.run(&["verify"]).contains("unaccounted: 0"), "{}", site.run(&["verify"]));
}

/// Those who are written to.
struct Customers {
    ann: Person,
    mick: Person,
}

fn printer_is_mended(support: &str, mut alex: Person, people: Customers, printer: &Read, shown: &Read) {
    let Customers { mut ann, mut mick } = people;
    // The other: a note, somebody who can mend it, their answer, and a saved reply to the customer.
    alex.answers(
        shown,
        support,
        "#assign me\n#note\nShe did not pay for the last one, as far as I remember.",
    );
    alex.receives().says("#note");
    alex.answers(printer, support, &format!("#forward {}\n\nCan you come on Monday?", mick.address));
    alex.receives().says("#forward");
    let asked = mick.receives();
    asked
        .says("Can you come on Monday?")
        .says("My printer is on fire.")
        .hides("did not pay")
        .hides(&alex.address);
    mick.answers(&asked, support, "On Tuesday.");
    let told = alex.receives();
    told.says("On Tuesday.").says("(third party)");
    alex.answers(printer, support, "#reply sand\n\nSomebody comes on Tuesday.");
    alex.receives().says("#reply sand");
    let answer = ann.receives();
    answer.says("use sand.").says("Somebody comes on Tuesday.").hides("did not pay").hides(&mick.address);

    // It rests until Tuesday. A mail that nothing vouches for waits for a word.
    alex.answers(printer, support, "#hold 3d");
    alex.receives().says("#hold 3d");
    alex.sends_unproven(printer, support, "#resolve\nIt is mended.");
    let warned = alex.receives();
    warned.says("could not be confirmed");
    alex.answers(&warned, support, "#confirm");
    alex.receives().says("#resolve");
    ann.receives().says("It is mended.");
}
