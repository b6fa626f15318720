//! `suppression` and `ignore`: whom the desk does not write to, and whom it does not read.

use std::time::Duration;

use serde_json::json;

use crate::support::imap_client::ImapClient;
use crate::support::program::Program;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;
use crate::support::until::until_within;

const CONFIG: &str = "[[smtp]]\nname = \"default\"\ndirectory = \"out\"\n[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\nignore = [{ address = \"*@noise.test\", server = \"delete\" }]\n";

fn program() -> Program {
    let program = Program::new();
    program.write("config.toml", CONFIG);
    assert_eq!(program.run(&["migrate"]).code, 0);
    program
}

#[test]
fn an_address_is_suppressed_and_written_to_again() {
    let program = program();
    let added =
        program.run(&["suppression", "add", "Ann@Customer.test", "--reason", "she asked", "--days", "3"]);
    assert_eq!((added.code, added.out.as_str()), (0, "It is not written to any more.\n"), "{}", added.err);
    let listed = program.run(&["suppression", "list", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&listed.out).expect("it is JSON");
    assert_eq!((&rows[0]["address"], &rows[0]["reason"]), (&json!("Ann@Customer.test"), &json!("manual")));
    assert_eq!(rows[0]["detail"], "she asked");
    let table = program.run(&["suppression", "list"]).out;
    assert!(table.contains("Ann@Customer.test") && table.contains("UNTIL"), "{table}");
    assert_eq!(program.run(&["suppression", "remove", "ann@customer.test"]).code, 0);
    let again = program.run(&["suppression", "remove", "ann@customer.test"]);
    assert_eq!((again.code, again.err.trim()), (65, "helpdeskd: that address is not suppressed"));
    assert_eq!(program.run(&["suppression", "add", "no address"]).code, 65);
    assert_eq!(program.run(&["suppression", "list", "--json"]).out.trim(), "[]");
}

#[test]
fn rules_are_added_listed_and_removed() {
    let program = program();
    assert_eq!(
        program.run(&["ignore", "add", "*@Spam.test"]).out,
        "Rule 1 is added. A running helpdeskd knows within a minute.\n"
    );
    let one = program.run(&["ignore", "add", "robot@*", "--queue", "support", "--delete"]);
    assert!(one.out.starts_with("Rule 2 is added."), "{}", one.err);
    let listed = program.run(&["ignore", "list", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&listed.out).expect("it is JSON");
    assert_eq!(
        rows,
        json!([
            { "id": null, "pattern": "*@noise.test", "queue": "support", "server": "delete" },
            { "id": 1, "pattern": "*@spam.test", "queue": null, "server": "keep" },
            { "id": 2, "pattern": "robot@*", "queue": "support", "server": "delete" },
        ])
    );
    assert!(program.run(&["ignore", "list"]).out.contains("config"));
    assert_eq!(program.run(&["ignore", "remove", "2"]).code, 0);
    assert_eq!(program.run(&["ignore", "remove", "*@spam.test"]).code, 0);
    assert_eq!(program.run(&["ignore", "remove", "*@noise.test"]).code, 65, "that one is in the file");
    assert_eq!(program.run(&["ignore", "add", "*@*"]).code, 65);
    assert_eq!(program.run(&["ignore", "add", "a@b.test", "--queue", "nowhere"]).code, 65);
}

#[test]
fn what_a_rule_deletes_is_gone_from_the_mailbox_and_nothing_else_is() {
    let user = servers::fresh_address("ignored");
    let site = Site::sqlite();
    let out = site.path("out").display().to_string();
    std::fs::create_dir(&out).expect("a directory is made");
    let queue = Settings::new().queue("support", &Mailbox::of(&user)).text(&site.url);
    site.configure_as_text(&format!("{queue}\n[[smtp]]\nname = \"default\"\ndirectory = \"{out}\"\n"));
    site.run(&["migrate"]);
    site.run(&["ignore", "add", "robot@noise.test", "--delete"]);
    site.run(&["ignore", "add", "monitor@noise.test"]);
    let daemon = site.start();
    let mut client = ImapClient::log_in(&user);
    for (n, from) in ["robot@noise.test", "monitor@noise.test", "ann@customer.test"].iter().enumerate() {
        let mail =
            format!("From: {from}\r\nTo: {user}\r\nSubject: s\r\nMessage-ID: <{n}@x.test>\r\n\r\nhi\r\n");
        client.append("INBOX", mail.as_bytes());
    }
    let patience = Duration::from_secs(30);
    let left =
        until_within(patience, "the message to be deleted", || client.uids("INBOX"), |uids| uids.len() < 3);
    assert_eq!(left.len(), 2);
    let tickets =
        until_within(patience, "a ticket of Ann's", || site.list(&["ticket", "list"]), |all| !all.is_empty());
    assert_eq!(tickets.len(), 1);
    daemon.stop();
    assert_eq!(site.list(&["ticket", "list"]).len(), 1);
}

#[test]
fn an_address_may_be_copied_with_its_owners_name() {
    let program = program();
    let whole = "Ann Lee <ann@customer.test>";
    let done = |arguments: &[&str]| {
        let ran = program.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
        ran.out
    };
    done(&["ticket", "open", "--queue", "support", "--subject", "Help", "--submitter", whole]);
    done(&["ticket", "cc", "1", "\"Lee, Bob\" <bob@customer.test>"]);
    let shown = done(&["ticket", "show", "1"]);
    assert!(shown.contains("Ann Lee <ann@customer.test>") && shown.contains("bob@customer.test"), "{shown}");
    done(&["ticket", "cc", "1", "Bob <bob@customer.test>", "--remove"]);
    done(&["ticket", "submitter", "1", "Cyd <cyd@customer.test>"]);
    assert!(done(&["ticket", "show", "1"]).contains("cyd@customer.test"));
    done(&["suppression", "add", whole]);
    done(&["suppression", "remove", "Ann <ANN@customer.test>"]);
    let two = program.run(&[
        "ticket",
        "open",
        "--queue",
        "support",
        "--subject",
        "x",
        "--submitter",
        "A <a@b.test>, c@d.test",
    ]);
    assert_eq!(two.code, 65, "{two:?}");
}
