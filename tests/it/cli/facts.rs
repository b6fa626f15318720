//! What `check` says, as a test looks at it.

use serde_json::Value;

use crate::support::program::Program;
use crate::support::program::Ran;
use crate::support::servers;

/// A configuration for the real servers of this run; everything of a queue stands last, so more can follow.
pub fn config(address: &str) -> String {
    let (imap, smtp, ca) = (servers::imaps().port(), servers::smtp().port(), servers::ca_file());
    let ca = ca.display();
    format!(
        r#"[desk]
alerts = ["boss@elsewhere.test"]
[http]
listen = "127.0.0.1:0"
public_url = "https://desk.test"
[[smtp]]
name = "default"
host = "127.0.0.1"
port = {smtp}
tls = "starttls"
ca_file = "{ca}"
username = "{address}"
password = "env:MAIL_PASSWORD"
[[queues]]
slug = "support"
title = "Support"
address = "{address}"
[queues.imap]
host = "127.0.0.1"
port = {imap}
ca_file = "{ca}"
username = "{address}"
password = "env:MAIL_PASSWORD"
"#
    )
}

/// A directory with that configuration and one agent.
pub fn desk(config: &str) -> Program {
    let program = Program::new();
    program.write("config.toml", config);
    let agent = ["user", "add", "--email", "alice@staff.test", "--username", "alice", "--name", "Alice"];
    assert_eq!(program.run(&agent).code, 0);
    program
}

/// The facts of one run with `--json`, each as `state about: fact -> fix`.
pub fn facts(ran: &Ran) -> Vec<String> {
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"));
    let text = |fact: &Value, key: &str| fact[key].as_str().unwrap_or_default().to_owned();
    let facts = report["facts"].as_array().expect("there are facts").iter().map(|fact| {
        let fix = fact["fix"].as_str().map(|fix| format!(" -> {fix}")).unwrap_or_default();
        let said = without_seconds(&text(fact, "fact"));
        format!("{} {}: {said}{fix}", text(fact, "state"), text(fact, "about"))
    });
    facts.collect()
}

/// Dovecot says behind each refusal how long it took.
fn without_seconds(fact: &str) -> String {
    match (fact.find(" (0."), fact.find(" secs)")) {
        (Some(start), Some(end)) if start < end => [&fact[..start], &fact[end + " secs)".len()..]].concat(),
        _ => fact.to_owned(),
    }
}

/// Those that are not well.
pub fn bad(ran: &Ran) -> Vec<String> {
    facts(ran).into_iter().filter(|fact| fact.starts_with("bad ")).collect()
}

/// The one fact that has these words.
pub fn fact(ran: &Ran, words: &str) -> String {
    let mut found = facts(ran).into_iter().filter(|fact| fact.contains(words));
    match (found.next(), found.next()) {
        (Some(fact), None) => fact,
        _ => panic!("not one fact with `{words}`: {:#?}", facts(ran)),
    }
}
