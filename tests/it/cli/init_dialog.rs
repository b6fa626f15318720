//! `init` at a terminal, against the real mail servers.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::program::Program;
use crate::support::servers;

#[test]
fn a_newcomer_is_led_from_nothing_to_a_desk_that_is_well() {
    let program = Program::new();
    let (imap, smtps) = (servers::imap().port().to_string(), servers::smtps().port().to_string());
    let ca = servers::ca_file().display().to_string();
    let address = servers::fresh_address("newcomer");
    let answers = answers(&address, &imap, &smtps, &ca);
    let ran = program.at_terminal("init", &answers);
    assert_eq!(ran.code, 0, "{}", ran.out);
    let shown = ran
        .out
        .replace(&address, "ADDRESS")
        .replace(&ca, "CA")
        .replace(&imap, "IMAP")
        .replace(&smtps, "SMTPS");
    insta::assert_snapshot!("newcomer", shown.split("\nThese files").next().unwrap_or_default());
    let config = program.read("config.toml");
    assert!(
        config.contains("timezone = \"Europe/Berlin\"") && config.contains(&format!("ca_file = \"{ca}\""))
    );
    assert_eq!(program.read("config.imap-password"), servers::PASSWORD);
    let mode = fs::metadata(program.path("config.imap-password")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let check = program.run(&["check"]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
}

#[test]
fn whoever_breaks_off_leaves_nothing_behind() {
    let program = Program::new();
    let ran = program.at_terminal("init", &["support@desk.test", "", "", "", "", "none", "\u{4}"]);
    assert_ne!(ran.code, 0);
    assert!(ran.out.ends_with("the answers ended early; nothing was written\n"), "{}", ran.out);
    assert_eq!(program.files(), [""; 0]);
}

#[test]
fn options_are_what_the_questions_offer() {
    let program = Program::new();
    let flags = "init --queue-address support@desk.test --queue-title Help --no-imap --smtp-directory out \
                 --agent-email alice@staff.test --alert boss@staff.test --timezone UTC";
    let ran = program.at_terminal(flags, &[""; 20]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    let config = program.read("config.toml");
    for line in ["address = \"support@desk.test\"", "title = \"Help\"", "alerts = [\"boss@staff.test\"]"] {
        assert!(config.contains(&format!("\n{line}\n")), "{line} in {config}");
    }
}

/// What a newcomer types, with his mistakes.
fn answers<'a>(address: &'a str, imap: &'a str, smtps: &'a str, ca: &'a str) -> Vec<&'a str> {
    vec![
        "support", // no address
        address,
        "",
        "Example & Co",
        "Nowhere",
        "Europe/Berlin",
        "de",
        // The mailbox: a wrong port first, then a certificate that has to be vouched for.
        "127.0.0.1",
        "starttls",
        "1",
        "",
        servers::PASSWORD,
        "y",
        "",
        "",
        imap,
        "",
        servers::PASSWORD,
        "none.pem",
        ca,
        "maybe",
        "n",
        // Sending: most of it as for the mailbox.
        "",
        "implicit",
        smtps,
        "",
        "",
        "mysql://host",
        "",
        "8080",
        "127.0.0.1:0",
        // The agent.
        address,
        "alice@staff.test",
        "Alice",
        "",
        "abc",
        "passwordpassword",
        "open wide, sesame",
        "open wide, simsim",
        "open wide, sesame",
        "open wide, sesame",
        // Who is told.
        "",
        "",
    ]
}
