//! `check` without mail servers: configuration, templates, database, people, HTTP.

use std::net::TcpListener;

use helpdeskd::store::migrate;
use sqlx::Connection;
use sqlx::SqliteConnection;

use super::facts::bad;
use super::facts::desk;
use super::facts::fact;
use super::facts::facts;
use crate::support::assert_snapshot;
use crate::support::desk::TestDesk;
use crate::support::pg::PgDatabase;
use crate::support::program::Program;

/// No server is needed for this one.
const CONFIG: &str = r#"[desk]
alerts = ["boss@elsewhere.test"]
[http]
listen = "127.0.0.1:0"
public_url = "https://desk.test"
trusted_proxies = ["127.0.0.1"]
[[smtp]]
name = "default"
directory = "outgoing"
[[queues]]
slug = "support"
title = "Support"
address = "support@desk.test"
"#;

#[test]
fn without_a_configuration_it_says_how_to_make_one() {
    let program = Program::new();
    let ran = program.run(&["--config", "none.toml", "check"]);
    assert_eq!(ran.code, 78);
    assert_snapshot!(ran.out + &ran.err, @r"
    configuration
      BAD   cannot read the configuration none.toml: No such file or directory (os error 2)
            -> make one with `helpdeskd init`, or name one with --config
    helpdeskd: 1 thing is bad; the line below it says what to do
    ");
}

#[test]
fn every_mistake_of_the_configuration_is_a_line_with_its_place() {
    let program = Program::new();
    let wrong = CONFIG.replace("alerts", "alert").replace("title = ", "titel = ").replace(":0\"", "\"");
    program.write("config.toml", wrong);
    let ran = program.run(&["check"]);
    assert_eq!(ran.code, 78);
    assert_snapshot!(ran.out + &ran.err, @r#"
    configuration
      BAD   config.toml, line 2, `desk.alert`: there is no such key; did you mean `alerts`?
            -> mend this line; config.toml.example documents every key
      BAD   config.toml, line 4, `http.listen`: must be an address and a port, such as "127.0.0.1:8080" or "[::]:8080"; names other than localhost are not looked up
            -> mend this line; config.toml.example documents every key
      BAD   config.toml, line 12, `queues.titel`: there is no such key; did you mean `title`?
            -> mend this line; config.toml.example documents every key
    helpdeskd: 3 things are bad; the line below each says what to do
    "#);
}

#[test]
fn a_desk_that_is_well_says_so_and_ends_with_success() {
    let program = desk(CONFIG);
    // The files beside an SQLite database come and go with its connections.
    let lasting = || program.files().into_iter().filter(|name| !name.contains(".db-")).collect::<Vec<_>>();
    let before = lasting();
    let ran = program.run(&["check", "--json"]);
    assert_eq!((ran.code, ran.err.as_str(), bad(&ran).len()), (0, "", 0));
    let well: Vec<String> = facts(&ran).into_iter().filter(|fact| !fact.contains(" free in ")).collect();
    let version = fact(&ran, "SQLite");
    let version = version.split([' ', ',']).find(|word| word.starts_with("3.")).unwrap();
    let now = fact(&ran, "times are shown");
    let now = now.split(" it is ").nth(1).unwrap();
    let schema = format!("schema {}", migrate::latest());
    let shown =
        well.join("\n").replace(version, "VERSION").replace(now, "NOW").replace(&schema, "schema LATEST");
    assert_snapshot!(shown, @r"
    ok configuration: config.toml: 1 queue, 1 SMTP account
    ok configuration: times are shown in UTC, where it is NOW
    ok templates: 27 mails, with words in de en es fr it nl pl pt; none overridden
    ok database: SQLite VERSION, helpdesk.db
    ok database: schema LATEST is this version's
    ok database: it can be written
    ok people: 1 active agent
    ok people: queue support: new tickets: Alice; a customer's words: whoever answered, and the owner, else Alice; words on a ticket without an owner: Alice; overdue: the owner, else Alice; escalated: the owner, else Alice
    note mailbox of queue support: it has none: its tickets come by `helpdeskd ingest` and the APIs only
    note SMTP account default: mail is written to files in outgoing, and reaches nobody -> name a server in `host` in place of `directory`, unless this is a trial
    ok HTTP server: 127.0.0.1:0 is free
    ");
    assert_eq!(lasting(), before, "it leaves nothing behind");
}

#[test]
fn a_web_server_in_front_that_is_not_trusted_is_noted() {
    let program = desk(&CONFIG.replace("trusted_proxies = [\"127.0.0.1\"]\n", ""));
    let ran = program.run(&["check"]);
    assert!(ran.out.contains("is not in `http.trusted_proxies`"), "{}", ran.out);
    let trusting = desk(CONFIG).run(&["check"]);
    assert!(!trusting.out.contains("trusted_proxies"), "{}", trusting.out);
}

#[test]
fn people_read_the_same_in_lines() {
    let program = desk(CONFIG);
    let ran = program.run(&["check"]);
    let people: Vec<&str> = ran.out.lines().skip_while(|line| *line != "people").collect();
    assert_snapshot!(people.join("\n"), @r"
    people
      ok    1 active agent
      ok    queue support: new tickets: Alice; a customer's words: whoever answered, and the owner, else Alice; words on a ticket without an owner: Alice; overdue: the owner, else Alice; escalated: the owner, else Alice
    mailbox of queue support
      note  it has none: its tickets come by `helpdeskd ingest` and the APIs only
    SMTP account default
      note  mail is written to files in outgoing, and reaches nobody
            -> name a server in `host` in place of `directory`, unless this is a trial
    HTTP server
      ok    127.0.0.1:0 is free
    Nothing is bad; 2 notes.
    ");
}

#[test]
fn a_desk_without_an_agent_tells_nobody_and_that_is_bad() {
    let program = Program::new();
    program.write("config.toml", CONFIG);
    let missing = program.run(&["check", "--json"]);
    assert!(bad(&missing)[0].contains("does not exist yet"), "{:?}", bad(&missing));
    assert_eq!(program.files(), ["config.toml"], "a look makes no database");
    program.run(&["migrate"]);
    let empty = program.run(&["check", "--json"]);
    assert_eq!(empty.code, 78);
    assert_snapshot!(bad(&empty).join("\n"), @r"
    bad people: there is no active agent: nobody can answer a ticket -> printf 'PASSWORD\n' | helpdeskd user add --email ADDRESS --name NAME --username NAME --password-stdin
    bad people: queue support: new tickets: nobody; a customer's words: whoever answered, and the owner, else nobody; words on a ticket without an owner: nobody; overdue: the owner, else nobody; escalated: the owner, else nobody -> add an agent with an address, or name addresses in the queue's `updated_ticket_cc`
    ");
}

#[test]
fn who_hears_of_what_is_one_line_a_queue_with_names() {
    let queue = |slug: &str, more: &str| {
        format!("[[queues]]\nslug = \"{slug}\"\ntitle = \"{slug}\"\naddress = \"{slug}@desk.test\"\n{more}\n")
    };
    let config = [
        CONFIG.to_owned(),
        queue("new", "new_ticket_cc = [\"team@staff.test\"]"),
        queue("all", "new_ticket_cc = [\"team@staff.test\"]\nupdated_ticket_cc = [\"Team@staff.test\"]"),
        queue("some", "agents = [\"bob\", \"carol\", \"dave\", \"alice@staff.test\"]"),
        queue("gone", "agents = [\"carol\"]"),
    ];
    let program = desk(&config.concat());
    for (name, role) in [("bob", "admin"), ("carol", "agent"), ("eve", "customer")] {
        let email = format!("{name}@staff.test");
        let person = ["user", "add", "--email", &email, "--username", name, "--name", name, "--role", role];
        assert_eq!(program.run(&person).code, 0);
    }
    assert_eq!(program.run(&["user", "disable", "carol"]).code, 0);
    let ran = program.run(&["check", "--json"]);
    let people: Vec<String> = facts(&ran).into_iter().filter(|fact| fact.contains(" people: ")).collect();
    assert_snapshot!(people.join("\n"), @r"
    ok people: 2 active agents
    ok people: queue support: new tickets: Alice, bob; a customer's words: whoever answered, and the owner, else Alice, bob; words on a ticket without an owner: Alice, bob; overdue: the owner, else Alice, bob; escalated: the owner, else Alice, bob
    ok people: queue new: new tickets: team@staff.test; a customer's words: whoever answered, and the owner, else Alice, bob; words on a ticket without an owner: Alice, bob; overdue: the owner, else team@staff.test; escalated: the owner, else Alice, bob
    ok people: queue all: new tickets: team@staff.test; a customer's words: whoever answered, and the owner and Team@staff.test; words on a ticket without an owner: Team@staff.test; overdue: the owner, else team@staff.test; escalated: the owner and Team@staff.test
    ok people: queue some: new tickets: bob; a customer's words: whoever answered, and the owner, else bob; words on a ticket without an owner: bob; overdue: the owner, else bob; escalated: the owner, else bob
    note people: `agents` of queue some names `carol`, who is disabled -> take the name out
    bad people: `agents` of queue some names `dave`, and there is no such user -> name agents by their user names, as `helpdeskd user list --staff` shows them
    bad people: `agents` of queue some names `alice@staff.test`, and there is no such user -> name agents by their user names, as `helpdeskd user list --staff` shows them
    ok people: queue gone: new tickets: Alice, bob; a customer's words: whoever answered, and the owner, else Alice, bob; words on a ticket without an owner: Alice, bob; overdue: the owner, else Alice, bob; escalated: the owner, else Alice, bob
    note people: `agents` of queue gone names `carol`, who is disabled -> take the name out
    ");
}

#[test]
fn an_address_of_a_queue_that_stands_for_a_person_is_bad() {
    let people = CONFIG.replace("boss@elsewhere.test", "support+alerts@desk.test");
    let program = desk(&format!("{people}updated_ticket_cc = [\"SUPPORT+x@desk.test\"]\n"));
    let moved = people.replace("support@desk.test", "alice@staff.test");
    let ran = program.run(&["check", "--json"]);
    assert_snapshot!(bad(&ran).join("\n"), @r"
    bad people: `updated_ticket_cc` of queue support has SUPPORT+x@desk.test, which reaches a queue: mail would go in circles -> name another address
    bad people: `desk.alerts` has support+alerts@desk.test, which reaches a queue: alerts would become tickets -> name another address
    ");
    program.write("config.toml", moved);
    let ran = program.run(&["check", "--json"]);
    assert_snapshot!(bad(&ran).join("\n"), @"bad people: the agent 1 has the address alice@staff.test, which is a queue's own -> mail to it comes back as a request: give that person another address, or `helpdeskd user disable` it");
}

#[test]
fn an_override_that_is_broken_is_bad_and_says_what_is_used_instead() {
    let program = desk(&CONFIG.replace("[http]", "templates = \"own\"\n[http]"));
    program.write("own/en/closed_submitter/text.txt", "{{ oops }}");
    let ran = program.run(&["check", "--json"]);
    assert_eq!(ran.code, 78);
    assert_snapshot!(bad(&ran).join("\n"), @"bad templates: own/en/closed_submitter/text.txt, line 1: it asks for a value that does not exist: `oops` is undefined, near `{{ oops }}` -> mend it, then run `helpdeskd template check`; until then the built-in words are used");
    assert!(fact(&ran, "mails, with words in").contains("overridden in own"));
}

#[tokio::test]
async fn a_database_that_is_of_another_version_or_none_is_told() {
    let program = desk(CONFIG);
    let url = format!("sqlite:{}", program.path("helpdesk.db").display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    let newer = "update _sqlx_migrations set version = 999 where version = 1";
    sqlx::query(newer).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    assert!(fact(&program.run(&["check", "--json"]), "newer than this helpdeskd").starts_with("bad "));
    program
        .write("helpdesk.db", "this is no database at all, but a text that is long enough to look like one");
    let ran = program.run(&["check", "--json"]);
    assert!(bad(&ran)[0].starts_with("bad database:"), "{:?}", bad(&ran));
    program
        .write("config.toml", CONFIG.replace("[http]", "[database]\nurl = \"sqlite:none/desk.db\"\n[http]"));
    assert!(fact(&program.run(&["check", "--json"]), "cannot be used").contains("none"));
}

#[test]
fn the_port_is_free_or_ours_or_somebody_elses() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let program = desk(&CONFIG.replace(":0\"", &format!(":{port}\"")));
    // It takes connections and says nothing.
    let ran = program.run(&["check", "--json"]);
    assert!(fact(&ran, "another program listens").starts_with("bad "), "{ran:?}");
    drop(taken);
    assert!(fact(&program.run(&["check", "--json"]), "is free").starts_with("ok "));
    program.write("config.toml", CONFIG.replace("127.0.0.1:0", "192.0.2.1:80"));
    assert!(fact(&program.run(&["check", "--json"]), "nothing can listen").starts_with("bad "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_helpdeskd_is_recognised() {
    let running = TestDesk::sqlite().await;
    let program = desk(&CONFIG.replace("127.0.0.1:0", &running.address.to_string()));
    let ran = tokio::task::spawn_blocking(move || program.run(&["check", "--json"])).await.unwrap();
    assert!(fact(&ran, "a helpdeskd answers").starts_with("ok "), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shared_database_is_looked_at_with_its_clock() {
    let postgres = PgDatabase::empty().await;
    let url = format!("[database]\nurl = \"{}\"\n[http]", postgres.url);
    let program = Program::new();
    program.write("config.toml", CONFIG.replace("[http]", &url));
    let (empty, full) = tokio::task::spawn_blocking(move || {
        let empty = program.run(&["check", "--json"]);
        let agent = ["user", "add", "--email", "alice@staff.test", "--username", "alice"];
        assert_eq!(program.run(&agent).code, 0);
        (empty, program.run(&["check", "--json"]))
    })
    .await
    .unwrap();
    assert!(fact(&empty, "it is empty").starts_with("bad database"), "{empty:?}");
    assert_eq!((full.code, bad(&full).len()), (0, 0), "{full:?}");
    assert!(fact(&full, "PostgreSQL").starts_with("ok "));
    assert_eq!(fact(&full, "clock"), "ok database: its clock and this machine's agree");
    let schema = format!("ok database: schema {} is this version's", migrate::latest());
    assert_eq!(fact(&full, "schema"), schema);
}
