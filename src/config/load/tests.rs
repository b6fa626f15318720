//! Tests of the configuration as a whole.

use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::*;
use crate::calendar::limit::Limit;
use crate::config::mailbox::After;
use crate::config::mailbox::FirstContact;
use crate::config::queue::CcPolicy;
use crate::config::queue::EscalateAfter;
use crate::config::server::Tls;
use crate::config::smtp::SmtpTransport;

const SMALL: &str = r#"
[[smtp]]
name = "out"
directory = "outgoing"

[[queues]]
slug = "help"
title = "Help"
address = "help@example.com"
smtp = "out"
[queues.imap]
host = "127.0.0.1"
tls = "none"
username = "help"
password = "pw"
"#;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("config.toml"))
}

fn mistake(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn the_example_is_the_defaults_and_valid_as_it_stands() {
    let empty = Config::defaults();
    let example = parse(EXAMPLE).unwrap();
    assert!(empty.queues.is_empty() && empty.smtp.is_empty());
    assert_eq!((example.queues.len(), example.smtp.len()), (1, 1));
    let scalars = |mut config: Config| {
        config.queues.clear();
        config.smtp.clear();
        config.rules.clear();
        config.targets.clear();
        format!("{config:?}")
    };
    assert_eq!(scalars(empty), scalars(example));
}

#[test]
fn no_default_is_kept_anywhere_but_in_the_example() {
    let (sections, entries) = EXAMPLE.split_at(EXAMPLE.find("[[smtp]]").unwrap());
    let lines: Vec<&str> = sections.lines().collect();
    for (at, line) in
        lines.iter().enumerate().filter(|(_, line)| line.contains(" = ") && !line.starts_with('#'))
    {
        let without = lines.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, line)| *line);
        let example = without.collect::<Vec<_>>().join("\n") + "\n" + entries;
        let key = line.split(' ').next().unwrap();
        let mistake = read("", &example, "").unwrap_err();
        assert_eq!(mistake.problem, format!("the key `{key}` is missing"));
    }
}

#[test]
fn entries_take_what_they_leave_out_from_the_sample() {
    let config = parse(SMALL).unwrap();
    let queue = config.queue("help").unwrap();
    let imap = queue.imap.as_ref().unwrap();
    assert_eq!((imap.server.port, imap.server.tls), (143, Tls::None));
    assert_eq!((imap.folder.as_str(), &imap.after, imap.from), ("INBOX", &After::Seen, FirstContact::Now));
    assert_eq!((queue.cc, queue.sender_name()), (CcPolicy::Known, "Help"));
    assert!(queue.types.is_empty(), "types of the sample are no default");
    let account = config.smtp_account("out").unwrap();
    assert!(matches!(&account.transport, SmtpTransport::Directory(_)));
    assert_eq!((account.max_connections, account.max_per_minute), (2, None));
}

#[test]
fn a_queue_without_a_mailbox_has_none() {
    let text = SMALL.split("[queues.imap]").next().unwrap();
    assert!(parse(text).unwrap().queues[0].imap.is_none());
}

#[test]
fn a_mistake_is_one_sentence_with_line_and_key() {
    for (text, expected) in [
        (
            "[desk]\nnam = \"x\"",
            "config.toml, line 2, `desk.nam`: there is no such key; did you mean `name`?",
        ),
        ("[dask]", "config.toml, line 1, `dask`: there is no such key; did you mean `desk`?"),
        (
            "[desk]\nname = 5",
            "config.toml, line 2, `desk.name`: invalid type: integer `5`, expected a string",
        ),
        (
            "[desk]\ntimezone = \"Mars\"",
            "config.toml, line 2, `desk.timezone`: `Mars` is no time zone; write it as Europe/Berlin",
        ),
        ("[intake]\n\nidle_minutes = 20", "config.toml, line 3, `intake.idle_minutes`: must be from 5 to 9"),
        ("[log]\nformat = \"xml\"", "config.toml, line 2, `log.format`: `xml`: must be `human` or `json`"),
        ("[[queues]]\nslug = \"a\"", "config.toml, line 1, `queues`: the key `title` is missing"),
        (
            "[database]\nconnections = \"8\"",
            "config.toml, line 2, `database.connections`: must be a number: write 8 without quotes",
        ),
        (
            "[delivery]\npaused = \"true\"",
            "config.toml, line 2, `delivery.paused`: must be true or false: write true without quotes",
        ),
        (
            "[http]\nlisten = \"help.example.com:80\"",
            "config.toml, line 2, `http.listen`: must be an address and a port, such as \"127.0.0.1:8080\" or \
             \"[::]:8080\"; names other than localhost are not looked up",
        ),
    ] {
        assert_eq!(mistake(text), expected);
    }
    assert!(
        mistake("[desk\nname = 1").starts_with("config.toml, line 1: "),
        "{}",
        mistake("[desk\nname = 1")
    );
}

#[test]
fn a_port_in_quotes_is_explained_and_localhost_is_this_machine() {
    let quoted = SMALL.replace("tls = \"none\"", "tls = \"none\"\nport = \"993\"");
    assert!(mistake(&quoted).ends_with("must be a number: write 993 without quotes"), "{}", mistake(&quoted));
    let http = "[http]\nlisten = \"localhost:8080\"\nmetrics_listen = \"localhost:9090\"\n";
    let http = parse(http).unwrap().http;
    assert_eq!(http.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(http.metrics_listen.unwrap().to_string(), "127.0.0.1:9090");
}

#[test]
fn keys_that_do_not_fit_together_are_named() {
    let second = |extra: &str| {
        format!(
            "{SMALL}[[queues]]\nslug = \"two\"\ntitle = \"Two\"\naddress = \"two@example.com\"\nsmtp = \"out\"\n{extra}"
        )
    };
    for (text, line, key, part) in [
        (SMALL.replace("smtp = \"out\"", "smtp = \"in\""), 10, "queues.smtp", "no [[smtp]] entry named `in`"),
        (second("").replace("\"two\"", "\"help\""), 17, "queues.slug", "already the slug of entry 1"),
        (
            second("aliases = [\"HELP@example.com\"]"),
            21,
            "queues.aliases",
            "already an address of queue `help`",
        ),
        (
            second("new_ticket_cc = [\"help@example.com\"]"),
            21,
            "queues.new_ticket_cc",
            "come back as a ticket",
        ),
        (
            format!("[desk]\nalerts = [\"help@example.com\"]\n{SMALL}"),
            2,
            "desk.alerts",
            "come back as a ticket",
        ),
        (
            second(
                "[queues.imap]\nhost = \"127.0.0.1\"\ntls = \"none\"\nusername = \"help\"\npassword = \"p\"",
            ),
            21,
            "queues.imap",
            "is the mailbox of queue `help`",
        ),
        (
            second("[[queues.types]]\nname = \"A\"\n[[queues.types]]\nname = \"a\""),
            24,
            "queues.types.name",
            "already a type of queue `two`",
        ),
        (
            format!(
                "{}\n[[queues]]\nslug = \"three\"\ntitle = \"TWO\"\naddress = \"three@example.com\"\nsmtp = \"out\"",
                second("")
            ),
            24,
            "queues.title",
            "already a type of queue `two`",
        ),
    ] {
        let message = mistake(&text);
        let place = format!("config.toml, line {line}, `{key}`: ");
        assert!(message.starts_with(&place) && message.contains(part), "{message}\nnot {place}…{part}");
    }
}

#[test]
fn a_mailbox_is_refused_when_its_keys_do_not_fit() {
    for (from, to, part) in [
        ("host = \"127.0.0.1\"", "host = \"mail.example.com\"", "clear text"),
        ("password = \"pw\"", "password = \"pw\"\ntoken = \"t\"", "both `password` and `token`"),
        ("password = \"pw\"", "", "neither `password` nor `token` nor `oauth`"),
        ("password = \"pw\"", "password = \"pw\"\nafter = \"move\"", "needs `move_to`"),
        ("password = \"pw\"", "password = \"pw\"\nafter = \"keyword\"\nkeyword = \"a b\"", "`keyword`"),
        ("password = \"pw\"", "password = \"pw\"\npin = \"12\"", "`pin`"),
        ("password = \"pw\"", "password = \"pw\"\nfrom = \"soon\"", "\"now\", \"all\" or a number of days"),
        ("password = \"pw\"", "password = 31337", "a secret must be text in quotes"),
    ] {
        let message = mistake(&SMALL.replace(from, to));
        assert!(message.contains(part), "{message}\nlacks {part}");
        assert!(message.contains("`queues.imap"), "{message}");
        assert!(!message.contains("31337"), "{message}");
    }
    let allowed =
        SMALL.replace("host = \"127.0.0.1\"", "host = \"mail.example.com\"\nallow_plaintext = true");
    assert!(parse(&allowed).is_ok());
}

#[test]
fn first_contact_is_now_all_or_days() {
    for (written, expected) in [
        ("\"now\"", FirstContact::Now),
        ("\"all\"", FirstContact::All),
        ("7", FirstContact::Last(Duration::from_hours(7 * 24))),
    ] {
        let text = SMALL.replace("password = \"pw\"", &format!("password = \"pw\"\nfrom = {written}"));
        assert_eq!(parse(&text).unwrap().queues[0].imap.as_ref().unwrap().from, expected);
    }
}

#[test]
fn limits_of_escalation_are_one_or_one_for_each_priority() {
    let queue = |more: &str| parse(&SMALL.replace("smtp = \"out\"", &format!("smtp = \"out\"\n{more}")));
    let limits = |more: &str| queue(more).unwrap().queues[0].escalate_after.clone();
    assert_eq!(limits(""), EscalateAfter::default());
    assert_eq!(limits("escalate_after = \"3d\"").others, Some(Limit::Days(3)));
    let several = limits("escalate_after = { 2 = \"4h\", others = \"1d\" }");
    assert_eq!(several.others, Some(Limit::Days(1)));
    assert_eq!(several.priorities.into_iter().collect::<Vec<_>>(), [(2, Limit::Hours(4))]);
    for (more, key, part) in [
        ("escalate_after = \"soon\"", "escalate_after", "`soon` is no limit; write days like `3d`"),
        ("escalate_after = 3", "escalate_after", "must be a limit like \"3d\", or a table"),
        ("escalate_after = { 1 = \"4h\" }", "escalate_after", "`1` must be a priority from 2 to 5"),
        ("escalate_after = { other = \"4h\" }", "escalate_after", "`other` must be a priority from 2 to 5"),
        ("working_hours = \"mo 9-17\"", "working_hours", "`mo` is neither a day"),
        ("timezone = \"Mars\"", "timezone", "no time zone"),
        ("close_resolved_days = -1", "close_resolved_days", "must be from 0 to 36500"),
    ] {
        let message = queue(more).unwrap_err().to_string();
        let place = format!("config.toml, line 11, `queues.{key}`: ");
        assert!(message.starts_with(&place) && message.contains(part), "{message}");
    }
    assert_eq!(
        mistake("[desk]\nescalation_schedule = \"* * *\""),
        "config.toml, line 2, `desk.escalation_schedule`: a schedule has five fields (minute, hour, day of month, month, day of week), not 3"
    );
}

#[tokio::test]
async fn relative_paths_count_from_the_configuration_file() {
    let oauth = "oauth = { token_url = \"https://a.test\", client_id = \"x\", client_secret = \"file:secret\", \
                 grant = \"client_credentials\", ca_file = \"ca.pem\" }";
    let text = SMALL.replace("password = \"pw\"", oauth);
    let config = Config::parse(&text, Path::new("/etc/helpdeskd/config.toml")).unwrap();
    let shown = format!("{:?}", config.queues[0].imap.as_ref().unwrap().login.proof);
    assert!(
        shown.contains("file:/etc/helpdeskd/secret") && shown.contains("\"/etc/helpdeskd/ca.pem\""),
        "{shown}"
    );
    let text = format!("[desk]\ntemplates = \"tpl\"\n{SMALL}");
    let config = Config::parse(&text, Path::new("/etc/helpdeskd/config.toml")).unwrap();
    assert_eq!(config.desk.templates.as_deref(), Some(Path::new("/etc/helpdeskd/tpl")));
    let SmtpTransport::Directory(directory) = &config.smtp[0].transport else { panic!("not a directory") };
    assert_eq!(directory, Path::new("/etc/helpdeskd/outgoing"));
    assert_eq!(config.database_url().await.unwrap().expose_secret(), "sqlite:/etc/helpdeskd/helpdesk.db");
    for (url, expected) in [
        ("sqlite::memory:", "sqlite::memory:"),
        ("sqlite:///var/x.db", "sqlite:///var/x.db"),
        ("sqlite://x.db?mode=rwc", "sqlite:/a%25b/x.db?mode=rwc"),
        ("postgres://u:p@h/d", "postgres://u:p@h/d"),
    ] {
        assert_eq!(paths::sqlite_url(url, Path::new("/a%b")), expected);
    }
}

#[test]
fn a_secret_is_not_shown_by_printing_the_configuration() {
    let text = SMALL.replace("\"pw\"", "\"hunter2\"") + "\n[database]\nurl = \"postgres://u:hunter2@h/d\"";
    assert!(!format!("{:?}", parse(&text).unwrap()).contains("hunter2"));
}

#[test]
fn a_file_that_is_named_but_missing_is_an_error() {
    let error = Config::load(Some(Path::new("/nonexistent/c.toml"))).unwrap_err();
    assert!(error.to_string().starts_with("cannot read the configuration /nonexistent/c.toml: "), "{error}");
}

#[test]
fn every_mistake_of_a_file_is_told_and_none_that_another_one_caused() {
    let dir = tempfile::tempdir().unwrap();
    let told = |text: &str| {
        let path = dir.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        let all = Config::mistakes(&path).unwrap();
        all.into_iter().map(|mistake| format!("{} {}", mistake.line, mistake.key)).collect::<Vec<_>>()
    };
    let queue = "[[queues]]\nslug = \"a\"\ntitle = \"A\"\naddress = \"a@b.example\"\n";
    let smtp = "[[smtp]]\nname = \"default\"\nhost = \"localhost\"\n";
    assert_eq!(told(&format!("{smtp}{queue}")), [""; 0]);
    let several =
        "[desk]\ntimezone = \"Nowhere\"\nalert = []\n[http]\nlisten = 8080\n[log]\nfilter = \"info\"\n";
    let mut lines = told(several);
    lines.sort();
    assert_eq!(lines, ["2 desk.timezone", "3 desk.alert", "5 http.listen"]);
    assert_eq!(told(&format!("{smtp}{queue}smtp = \"other\"\n")), ["8 queues.smtp"], "not `default` as well");
    assert_eq!(told("[[queues]]\nslug = \"A\"\ntitle = \"\"\n"), ["2 queues.slug", "3 queues.title"]);
    assert_eq!(told("[desk\nname = 1\n"), ["1 "], "what is no TOML is told once");
}
