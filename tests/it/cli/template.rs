//! `template list|preview|check`: the words of outgoing mail, looked at without a database.

use std::fs;

use serde_json::Value;

use crate::support::assert_snapshot;
use crate::support::program::Program;

const BROKEN: &str = "{{ ticket.tga }}";

#[test]
fn every_mail_is_listed_with_its_readers_and_locales() {
    let program = Program::new();
    program.write("own/de/newticket_submitter/text.txt", "Ihre Anfrage {{ ticket.tag }}\n");
    let ran = program.run(&["template", "list", "--templates", "own"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let head: Vec<&str> = ran.out.lines().take(3).chain(ran.out.lines().last()).collect();
    assert_snapshot!(head.join("\n"), @r"
    NAME                 READ BY    LOCALES
    newticket_submitter  customers  de* en es fr it nl pl pt
    newticket_cc         staff      de en es fr it nl pl pt
    * with words of your own
    ");
    let list: Vec<Value> = serde_json::from_str(&program.run(&["template", "list", "--json"]).out).unwrap();
    assert_eq!(list.len(), 27);
    assert_eq!(list[0]["locales"][0]["override"], false, "without --templates nothing is overridden");
}

#[test]
fn a_preview_shows_one_mail_in_a_language_or_the_one_it_falls_back_to() {
    let program = Program::new();
    let ran = program.run(&["template", "preview", "newticket_submitter", "--locale", "de_AT.UTF-8"]);
    assert_snapshot!(ran.out, @r"
    Subject: [support-12] Rechnung für März & April: Überweisung fehlt

    Guten Tag,

    wir haben Ihre Anfrage erhalten. Sie hat die Nummer [support-12].
    Wir antworten Ihnen so bald wie möglich.

    Anhänge, die zu groß waren und nicht übernommen werden konnten: 2

    Wenn Sie etwas ergänzen möchten, antworten Sie auf diese E-Mail und lassen Sie den Betreff unverändert.

    -- 
    Example & Co, Support
    +49 30 123456 · https://example.com
    ");
    let html = program.run(&["template", "preview", "newticket_submitter", "--html"]);
    assert!(html.out.starts_with("<!"), "{}", html.out);
    let json: Value =
        serde_json::from_str(&program.run(&["template", "preview", "alert", "--locale", "de", "--json"]).out)
            .unwrap();
    assert_eq!(json["locale"], "en", "an alert has no German words");
    for (arguments, words) in [
        (&["template", "preview", "newticket"][..], "template list"),
        (&["template", "preview", "alert", "--locale", "Deutsch"], "de-AT"),
        (&["template", "preview"], "<NAME>"),
        (&["template", "preview", "--all"], "--out <DIR>"),
    ] {
        let ran = program.run(arguments);
        assert_eq!(ran.code, 64, "{arguments:?}");
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}

#[test]
fn all_previews_are_written_in_every_locale_as_text_and_html() {
    let program = Program::new();
    let ran = program.run(&["template", "preview", "--all", "--out", "a/b"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_snapshot!(ran.out, @"Wrote 216 mails, each as text and as HTML, and a/b/index.html.");
    for locale in ["de", "en", "es", "fr", "it", "nl", "pl", "pt"] {
        let directory = program.path("a/b").join(locale);
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 54, "{locale}");
        let text = fs::read_to_string(directory.join("closed_submitter.txt")).unwrap();
        assert!(text.starts_with("Subject: ") && text.contains("[support-12]"), "{text}");
    }
    let index = program.read("a/b/index.html");
    assert_eq!(index.matches("<tr>").count(), 27);
    assert!(index.contains("<a href=\"pl/merged_copy.html\">pl</a>"));
}

#[test]
fn a_broken_template_is_found_in_the_directory_of_the_configuration() {
    let program = Program::new();
    assert_eq!(program.run(&["template", "check"]).out, "Every template works with every sample.\n");
    program.write("config.toml", "[desk]\ntemplates = \"own\"\n");
    program.write("own/en/newticket_submitter/text.txt", BROKEN);
    program.write("own/en/newticket/text.txt", "no such mail");
    let ran = program.run(&["template", "check"]);
    assert_eq!(ran.code, 65);
    assert_snapshot!(ran.out, @r"
    own/en/newticket: no mail has this name; see `template list`
    own/en/newticket_submitter/text.txt, line 1: it asks for a value that does not exist: `ticket.tga` is undefined, near `{{ ticket.tga }}`
    ");
    assert_snapshot!(ran.err, @"helpdeskd: 2 things are wrong with the templates; until they are mended, mails use the built-in words instead");
    let json: Vec<Value> = serde_json::from_str(&program.run(&["template", "check", "--json"]).out).unwrap();
    assert_eq!(json.len(), 2);
    // A preview says what is wrong, and shows what would be sent instead.
    let preview = program.run(&["template", "preview", "newticket_submitter"]);
    assert_eq!(preview.code, 0);
    assert!(preview.out.contains("[support-12]") && preview.err.contains("ticket.tga"), "{}", preview.err);
}

#[test]
fn words_of_a_catalogue_are_checked_with_their_lines_and_what_is_missing_is_named() {
    let program = Program::new();
    program.write("own/words/de.toml", "[closed_copy]\nsays = \"Zu: {{ ticket.tag }}\"\nsaid = \"\"\n");
    program.write("own/words/sv.toml", "[layout]\ngreeting = \"Hej,\"\n");
    let ran = program.run(&["template", "check", "--templates", "own"]);
    assert_eq!(ran.code, 65);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], "own/words/de.toml, line 3: no template asks for a word called `closed_copy.said`");
    assert!(
        lines[1].starts_with(
            "own/words/sv.toml: English stands in for the words it lacks: agent_unverified.says, "
        )
    );
    assert!(lines.len() == 2 && lines[1].contains("layout.closing") && !lines[1].contains("layout.greeting"));
    program.write("own/words/de.toml", "[closed_copy]\nsays = \"Zu: {{ ticket.tag }}\"\n");
    let ran = program.run(&["template", "check", "--templates", "own"]);
    assert_eq!(ran.code, 0, "what is missing is no mistake: {}", ran.err);
    let json = program.run(&["template", "check", "--templates", "own", "--json"]);
    let json: Vec<Value> = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.len(), &json[0]["file"]), (1, &Value::from("own/words/sv.toml")));
    assert!(json[0]["missing"].as_array().is_some_and(|keys| keys.contains(&Value::from("layout.closing"))));
    let preview = ["template", "preview", "closed_copy", "--locale", "de", "--templates", "own"];
    assert!(program.run(&preview).out.contains("\nZu: [support-12]\n"));
}
