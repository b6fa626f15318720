//! `search` as an operator types it.

use serde_json::Value;
use serde_json::json;

use crate::support::program::Program;

const CONFIG: &str = "[database]\nurl = \"sqlite:desk.db\"
[[smtp]]\nname = \"out\"\ndirectory = \"outgoing\"
[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\nsmtp = \"out\"\n";

fn desk() -> Program {
    let desk = Program::new();
    desk.write("config.toml", CONFIG);
    let open = ["ticket", "open", "--queue", "support", "--submitter", "ann@customer.test"];
    say(&desk, &["migrate"]);
    for (subject, text) in [("Printer", "My Drücker is on fire"), ("Toner", "Fire in the toner")] {
        say(&desk, &[open.as_slice(), &["--subject", subject, "--text", text]].concat());
    }
    desk
}

fn say(desk: &Program, arguments: &[&str]) -> String {
    let ran = desk.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    ran.out
}

#[test]
fn entries_are_shown_with_what_was_looked_for() {
    let desk = desk();
    let out = say(&desk, &["search", "fire", "-toner"]);
    assert!(
        out.contains("support-1 Printer\n  entry 1, ") && out.contains("\n  My Drücker is on fire"),
        "{out}"
    );
    assert!(!out.contains("Toner"), "{out}");
    assert!(say(&desk, &["search", "\"fire on\""]).contains("No entry has these words."));
    let found: Value =
        serde_json::from_str(&say(&desk, &["search", "--json", "drucker"])).expect("it is JSON");
    assert_eq!(found[0]["snippet"], json!({"text": "My Drücker is on fire", "marks": [[3, 10]]}));
    assert_eq!((&found[0]["ticket_id"], &found[0]["visibility"]), (&json!(1), &json!("public")));
    let first = say(&desk, &["search", "--limit", "1", "fire"]);
    assert!(first.contains("support-2 Toner") && first.contains("older ones: --before 2"), "{first}");
    assert!(say(&desk, &["search", "--before", "2", "fire"]).contains("support-1"));
    let best = say(&desk, &["search", "--best", "fire", "toner"]);
    assert!(best.contains("support-2 Toner"), "{best}");
}

#[test]
fn a_search_without_a_word_is_refused() {
    let desk = desk();
    let ran = desk.run(&["search", "?!"]);
    assert!(ran.code == 64 && ran.err.contains("there is no word to look for"), "{} {}", ran.code, ran.err);
}
