//! `init` at a terminal, against the real mail servers.

use crate::support::assert_snapshot;
use crate::support::program::Program;
use crate::support::servers;

#[test]
fn a_newcomer_is_led_from_nothing_to_a_desk_that_is_well() {
    let program = Program::new();
    let (imap, smtps) = (servers::imap().port().to_string(), servers::smtps().port().to_string());
    let ca = servers::ca_file().display().to_string();
    let address = servers::fresh_address("newcomer");
    let answers = [
        "support", // no address
        &address,
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
        &imap,
        "",
        servers::PASSWORD,
        "none.pem",
        &ca,
        "maybe",
        "n",
        // Sending: most of it as for the mailbox.
        "",
        "implicit",
        &smtps,
        "",
        "",
        "mysql://host",
        "",
        "8080",
        "127.0.0.1:0",
        // The agent.
        &address,
        "alice@staff.test",
        "Alice",
        "",
        "abc",
        "open sesame",
        "open simsim",
        "open sesame",
        "open sesame",
        // Who is told.
        "",
        "",
    ];
    let ran = program.at_terminal("init", &answers);
    assert_eq!(ran.code, 0, "{}", ran.out);
    let shown = ran
        .out
        .replace(&address, "ADDRESS")
        .replace(&ca, "CA")
        .replace(&imap, "IMAP")
        .replace(&smtps, "SMTPS");
    assert_snapshot!(shown.split("\nThese files").next().unwrap_or_default(), @r"
    This writes config.toml, a database and the first agent.
    Enter takes what stands in brackets. Ctrl-C ends it; nothing is written before the last answer.

    The queue: where customers write to
      Its address:     a mail address, such as support@example.com
      Its address:   Its name [Support]:   Your team's name, as customers see it [Support]:   Time zone [UTC]:     a time zone, such as Europe/Berlin or UTC
      Time zone [UTC]:   Language of mails to customers (de en es fr it nl pl pt) [en]: 
    The mailbox of ADDRESS; `none` if there is none
      IMAP server [imap.example.test]:   Encryption: implicit, starttls or none [implicit]:   Port [143]:   User name [ADDRESS]:   Password (not shown; or env:NAME or file:PATH where it is kept): 
      Trying 127.0.0.1:1 ...
      It does not work: the mail server cannot be reached: Connection refused (os error 111)
        -> are `host` and `port` right (127.0.0.1:1), and does a firewall let this machine out?
      Answer again (n: go on with these answers) [y]:   IMAP server [127.0.0.1]:   Encryption: implicit, starttls or none [starttls]:   Port [1]:   User name [ADDRESS]:   Password (not shown; or env:NAME or file:PATH where it is kept): 
      Trying 127.0.0.1:IMAP ...
      It does not work: no trusted connection: the server's certificate is from an unknown authority; set ca_file or pin
        -> set `ca_file` to the PEM file of its authority, or `pin` to what this prints: openssl s_client -starttls imap -connect 127.0.0.1:IMAP </dev/null | openssl x509 -noout -fingerprint -sha256
      PEM file of its authority, or its fingerprint (empty for neither):     none.pem is neither a file nor 64 hexadecimal digits
      PEM file of its authority, or its fingerprint (empty for neither):   Trying 127.0.0.1:IMAP ...
      It works: no messages in INBOX.
      Agents can answer by mail where somebody vouches for who wrote it: the desk itself, by checking DKIM
      and DMARC of each mail (it asks DNS), or your mail server (see `authserv_ids` in the configuration).
      Check it here [y]:     y or n?
      Check it here [y]: 
    The server that sends mail; `files` writes it to a directory, for a trial
      SMTP server [127.0.0.1]:   Encryption: implicit, starttls or none [implicit]:   Port [465]:   User name (`none` for no log-in) [ADDRESS]:   Password (not shown; empty for the mailbox's): 
      Trying 127.0.0.1:SMTPS ...
      It works.

    The database: sqlite:FILE, or postgres://USER:PASSWORD@HOST/NAME
      Database [sqlite:helpdesk.db]:     sqlite:FILE, or postgres://USER:PASSWORD@HOST/NAME
      Database [sqlite:helpdesk.db]: 
    The HTTP server, for the APIs
      Address and port [127.0.0.1:8080]:     an address and a port, such as 127.0.0.1:8080
      Address and port [127.0.0.1:8080]: 
    The first agent: somebody who answers tickets
      Address:     this is the queue's own address: mail to it would come back as a request
      Address:   Name, as customers see it [alice]:   User name for the APIs [alice]:   Password for the APIs (not shown; empty for none): 
        a password has at least 4 characters
      Password for the APIs (not shown; empty for none): 
      The same again: 
        these were not the same
      Password for the APIs (not shown; empty for none): 
      The same again: 

    Who is told; addresses with commas between them
      New tickets (empty: every agent):   Trouble, such as a mailbox that is down [alice@staff.test]: 
    Done:
      helpdesk.db
      config.imap-password
      config.toml
      agent 1, alice@staff.test

    Next:
      helpdeskd check          looks whether everything works, and says what to do where it does not
      helpdeskd check --probe  also sends mails from the desk to itself, and watches for them
      helpdeskd serve          starts; ends at Ctrl-C
    ");
    let config = program.read("config.toml");
    assert!(
        config.contains("timezone = \"Europe/Berlin\"") && config.contains(&format!("ca_file = \"{ca}\""))
    );
    assert_eq!(program.read("config.imap-password"), servers::PASSWORD);
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
