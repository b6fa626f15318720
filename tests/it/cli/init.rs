//! `init` without questions: what it writes, and what it refuses.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use helpdeskd::password;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::ticket::person::User;
use serde_json::Value;

use crate::support::assert_snapshot;
use crate::support::pg::PgDatabase;
use crate::support::program::Program;

/// Options that are enough for a desk.
pub const FLAGS: [&str; 11] = [
    "init",
    "--non-interactive",
    "--queue-address",
    "support@desk.test",
    "--no-imap",
    "--smtp-directory",
    "out",
    "--agent-email",
    "alice@staff.test",
    "--agent-name",
    "Alice Agent",
];

#[test]
fn all_that_is_missing_is_told_at_once() {
    let program = Program::new();
    let ran = program.run(&["init", "--non-interactive"]);
    assert_eq!(ran.code, 64);
    assert_snapshot!(ran.err, @"helpdeskd: --non-interactive also needs --queue-address, --imap-host (or --no-imap), --smtp-host (or --smtp-directory), --agent-email (or --no-agent)");
    let ran = program.run(&["init"]);
    assert_eq!(ran.code, 64);
    assert_snapshot!(ran.err, @"helpdeskd: init asks its questions at a terminal; elsewhere use --non-interactive and the options of `helpdeskd init --help`");
    assert_eq!(program.files(), [""; 0]);
}

#[test]
fn it_writes_what_was_answered_and_shows_the_defaults_beside() {
    let program = Program::new();
    let flags = [
        "init",
        "--non-interactive",
        "--desk-name=Example \"Desk\" & Söhne",
        "--timezone=Europe/Berlin",
        "--locale=de",
        "--listen=127.0.0.1:8099",
        "--queue-address=support@desk.test",
        "--queue-title=IT Support",
        "--notify=team@staff.test",
        "--notify=boss@staff.test",
        "--imap-host=imap.desk.test",
        "--imap-username=u\\ser",
        "--imap-password=hunter2",
        "--imap-from=30",
        "--verify",
        "--smtp-host=smtp.desk.test",
        "--smtp-tls=starttls",
        "--smtp-username=out",
        "--smtp-password=env:SMTP_SECRET",
        "--agent-email=alice@staff.test",
    ];
    let ran = program.run(&flags);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("everybody on this machine can see a password on the command line"),
        "{}",
        ran.err
    );
    insta::assert_snapshot!("written_configuration", without_root_remark(&ran.out));
    let text = program.read("config.toml");
    let active: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    insta::assert_snapshot!("written_settings", active.join("\n"));
    assert!(text.contains("\n#poll_seconds = 120\n"), "{text}");
    let mode = fs::metadata(program.path("helpdesk.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn nothing_is_replaced_unless_forced_and_a_known_agent_stays() {
    let program = Program::new();
    assert_eq!(program.run(&FLAGS).code, 0);
    let first = program.read("config.toml");
    let ran = program.run(&FLAGS);
    assert_eq!(ran.code, 78);
    assert_snapshot!(ran.err, @"helpdeskd: config.toml exists; it is replaced only with --force");
    let again = program.run(&[&FLAGS[..], &["--force", "--queue-title", "Help"]].concat());
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.contains("alice@staff.test is an agent already"), "{}", again.out);
    assert_ne!(program.read("config.toml"), first);
    let users: Value = serde_json::from_str(&program.run(&["user", "list", "--json"]).out).unwrap();
    assert_eq!(users.as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_work_is_refused_before_anything_is_written() {
    let program = Program::new();
    for (flags, words) in [
        (["--agent-email", "Support@Desk.test"], "is an address of queue"),
        (["--agent-email", "alice"], "is no mail address"),
        (["--timezone", "Nowhere"], "no time zone"),
        (["--notify", "support@desk.test"], "would come back as a ticket"),
        (["--database", "mysql://host/desk"], "database.url"),
        (["--queue-slug", "A B"], "a-z, 0-9"),
    ] {
        let mut all: Vec<&str> = FLAGS.to_vec();
        match all.iter().position(|flag| *flag == flags[0]) {
            Some(at) => all[at + 1] = flags[1],
            None => all.extend(flags),
        }
        let ran = program.run(&all);
        assert_ne!(ran.code, 0, "{flags:?}");
        assert!(ran.err.contains(words), "{flags:?}: {}", ran.err);
        assert!(
            !program.files().iter().any(|name| name.starts_with("config")),
            "{flags:?}: {:?}",
            program.files()
        );
    }
    // What was refused does not stand in the way of what is right.
    assert_eq!(program.run(&FLAGS).code, 0);
}

#[tokio::test]
async fn the_first_agent_can_log_in_with_the_password_from_standard_input() {
    let program = Program::new();
    let flags = [&FLAGS[..], &["--agent-username", "ali", "--agent-password-stdin"]].concat();
    assert_eq!(program.run_with(&flags, b"open wide, sesame\nmore\n").code, 0);
    let url = format!("sqlite:{}", program.path("helpdesk.db").display());
    let agent = agent(&url, "ali").await;
    assert_eq!((agent.name.as_str(), agent.role.as_str()), ("Alice Agent", "agent"));
    let stored = agent.password_hash.unwrap();
    assert!(password::verify("open wide, sesame", &stored));
    let short =
        program.run_with(&[&flags[..], &["--force", "--agent-email", "b@staff.test"]].concat(), b"abc\n");
    assert_eq!(short.code, 64, "an option twice is a mistake: {}", short.err);
    let mut other: Vec<&str> = flags.clone();
    other[8] = "bob@staff.test";
    other.push("--force");
    let short = program.run_with(&other, b"abc\n");
    assert!(short.err.contains("at least 12 characters"), "{}", short.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shared_database_is_prepared_and_its_password_kept_apart() {
    let postgres = PgDatabase::empty().await;
    let mut url = url::Url::parse(&postgres.url).unwrap();
    if url.password().is_none() {
        url.set_password(Some("unused")).unwrap();
    }
    let text = url.to_string();
    let (program, text) = tokio::task::spawn_blocking(move || {
        let program = Program::new();
        let ran = program.run(&[&FLAGS[..], &["--database", &text]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(program.run(&["check"]).code, 0);
        (program, text)
    })
    .await
    .unwrap();
    assert_eq!(program.read("config.database-url"), text);
    assert!(program.read("config.toml").contains("\nurl = \"file:config.database-url\"\n"));
    assert_eq!(program.files(), ["config.database-url", "config.toml"]);
    assert_eq!(agent(&text, "alice").await.email.as_deref(), Some("alice@staff.test"));
}

#[test]
fn a_file_of_any_name_in_any_directory_is_named_in_what_comes_next() {
    let program = Program::new();
    let ran = program.run(&[&["--config", "etc/desk/my.toml"], &FLAGS[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("  helpdeskd --config etc/desk/my.toml check --probe  "), "{}", ran.out);
    assert_eq!(program.run(&["--config", "etc/desk/my.toml", "check"]).code, 0);
    assert!(program.path("etc/desk/helpdesk.db").exists());
    let config = program.read("etc/desk/my.toml");
    let outgoing = program.path("out");
    assert!(
        config.contains(&format!("directory = \"{}\"", outgoing.display())),
        "as typed, not as the file lies"
    );
}

async fn agent(url: &str, username: &str) -> User {
    let db = Db::open(url, 1).await.expect("it opens");
    let mut tx = db.read().await.expect("it can be read");
    let agent = store::users::find_by_username(&mut tx, username)
        .await
        .expect("it is found")
        .expect("the agent is there");
    drop(tx);
    db.close().await;
    agent
}

/// Tests run as root in some places and not in others.
fn without_root_remark(out: &str) -> &str {
    out.split("\nThese files belong to root.").next().unwrap_or_default()
}
