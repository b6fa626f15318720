//! `check` against the real mail servers, and against what can be wrong with them.

use super::facts::bad;
use super::facts::config;
use super::facts::desk;
use super::facts::fact;
use super::facts::facts;
use crate::support::assert_snapshot;
use crate::support::imap_client::ImapClient;
use crate::support::program::Program;
use crate::support::servers;
use crate::support::servers::Flaw;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::Path;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;

#[test]
fn a_mailbox_and_an_account_that_work_are_told_in_full() {
    let address = servers::fresh_address("check");
    let program = desk(&config(&address));
    let mut client = ImapClient::log_in(&address);
    client.append("INBOX", b"Subject: one\r\n\r\nhello\r\n");
    let ran = program.run(&["check", "--json"]);
    assert_eq!((ran.code, bad(&ran).len()), (0, 0), "{ran:?}");
    let servers: Vec<String> = facts(&ran).into_iter().filter(|fact| is_about_mail(fact)).collect();
    let shown = servers
        .join("\n")
        .replace(&address, "ADDRESS")
        .replace(&servers::imaps().port().to_string(), "IMAPS")
        .replace(&servers::smtp().port().to_string(), "SMTP");
    let days = shown.split(" holds for ").nth(1).unwrap().split(' ').next().unwrap();
    assert_snapshot!(shown.replace(days, "DAYS"), @r#"
    ok mailbox of queue support: 127.0.0.1:IMAPS answers, encrypted; its certificate by helpdeskd test authority holds for DAYS more days
    ok mailbox of queue support: ADDRESS is logged in
    ok mailbox of queue support: folder INBOX: 1 message
    ok mailbox of queue support: the server offers IDLE, MOVE, UIDPLUS, keywords
    ok mailbox of queue support: DKIM and DMARC of each mail are checked here (`verify = true`)
    note mailbox of queue support: `serve` was never here: 1 message that is there now stays as it is, and makes no ticket -> for tickets of older mail too, set `from` to "all" or a number of days before the first start
    ok SMTP account default: 127.0.0.1:SMTP answers, encrypted; its certificate by helpdeskd test authority holds for DAYS more days
    ok SMTP account default: ADDRESS is logged in
    ok SMTP account default: it takes mail of up to 50 MB
    ok SMTP account default: it takes addresses beyond ASCII (SMTPUTF8)
    ok SMTP account default: it takes mail from ADDRESS
    "#);
    assert_eq!(client.flags("INBOX", 1), Vec::<String>::new(), "nothing is marked as read");
}

#[test]
fn what_is_wrong_with_a_mailbox_is_told_with_what_helps() {
    let address = servers::fresh_address("wrong");
    let good = config(&address);
    let imaps = format!("host = \"127.0.0.1\"\nport = {}", servers::imaps().port());
    let flawed =
        |flaw| format!("host = \"{}\"\nport = {}", servers::bad_imaps(flaw).ip(), servers::imaps().port());
    let ca_file = format!("ca_file = \"{}\"\n", servers::ca_file().display());
    let cases = [
        (
            "password",
            good.replacen("env:MAIL_PASSWORD\"\n", "wrong\"\n", 2).replacen("wrong", "env:MAIL_PASSWORD", 1),
        ),
        ("secret", good.replace("env:MAIL_PASSWORD", "env:NOT_SET")),
        ("folder", format!("{good}folder = \"Nowhere\"\n")),
        ("folder to move to", format!("{good}after = \"move\"\nmove_to = \"Nowhere\"\n")),
        ("port", good.replace(&imaps, "host = \"127.0.0.1\"\nport = 1")),
        (
            "kind of port",
            good.replace(&imaps, &format!("host = \"127.0.0.1\"\nport = {}", servers::imap().port())),
        ),
        (
            "other protocol",
            good.replace(
                &imaps,
                &format!("tls = \"starttls\"\nhost = \"127.0.0.1\"\nport = {}", servers::smtp().port()),
            ),
        ),
        ("expired", good.replace(&imaps, &flawed(Flaw::Expired))),
        ("name", good.replace(&imaps, &flawed(Flaw::WrongName))),
        ("self-signed", good.replace(&imaps, &flawed(Flaw::SelfSigned))),
        ("authority", good.replacen(&ca_file, "", 2)),
        ("pin", format!("{good}pin = \"{}\"\n", servers::self_signed_pin())),
        ("ca_file", good.replace(&ca_file, "ca_file = \"none.pem\"\n")),
    ];
    let program = desk(&good);
    let mut told = Vec::new();
    for (what, config) in cases {
        assert_ne!(config, good, "{what}");
        program.write("config.toml", config);
        let ran = program.run(&["check", "--json"]);
        assert_eq!(ran.code, 78, "{what}: {ran:?}");
        let first = bad(&ran).into_iter().find(|fact| fact.starts_with("bad mailbox"));
        told.push(format!("{what}: {}", first.unwrap_or_else(|| panic!("{what}: {:?}", bad(&ran)))));
    }
    let directory = program.path("none.pem").display().to_string();
    let shown = told
        .join("\n")
        .replace(&directory, "none.pem")
        .replace(&format!(":{}", servers::imaps().port()), ":IMAPS")
        .replace(&format!(":{}", servers::imap().port()), ":IMAP")
        .replace(&format!(":{}", servers::smtp().port()), ":SMTP");
    insta::assert_snapshot!("wrong_mailboxes", shown);
}

#[test]
fn what_is_wrong_with_an_account_is_told_with_what_helps() {
    let address = servers::fresh_address("wrong");
    let good = config(&address);
    let smtp = format!("port = {}\ntls = \"starttls\"", servers::smtp().port());
    let smtps = servers::smtps().port();
    let cases = [
        ("password", good.replacen("env:MAIL_PASSWORD", "wrong", 1)),
        ("port", good.replace(&smtp, "port = 1\ntls = \"starttls\"")),
        ("kind of port", good.replace(&smtp, &format!("port = {}", servers::smtp().port()))),
        ("other kind of port", good.replace(&smtp, &format!("port = {smtps}\ntls = \"starttls\""))),
        ("authority", good.replacen(&format!("ca_file = \"{}\"\n", servers::ca_file().display()), "", 1)),
    ];
    let program = desk(&good);
    let mut told = Vec::new();
    for (what, config) in cases {
        assert_ne!(config, good, "{what}");
        program.write("config.toml", config);
        let ran = program.run(&["check", "--json"]);
        let first = bad(&ran).into_iter().find(|fact| fact.starts_with("bad SMTP"));
        told.push(format!("{what}: {}", first.unwrap_or_else(|| panic!("{what}: {:?}", facts(&ran)))));
    }
    let shown = told
        .join("\n")
        .replace(&format!(":{smtps}"), ":SMTPS")
        .replace(&format!(":{}", servers::smtp().port()), ":SMTP");
    assert_snapshot!(shown, @r#"
    password: bad SMTP account default: 127.0.0.1:SMTP: the mail server refused the log-in: 535 5.7.8 Error: authentication failed: (reason unavailable) -> are `username` and `password` right? Many providers want a password made for this program, or a `token` in its place, and IMAP or SMTP to be switched on
    port: bad SMTP account default: 127.0.0.1:1: the mail server cannot be reached: Connection refused (os error 111) -> are `host` and `port` right (127.0.0.1:1), and does a firewall let this machine out?
    kind of port: bad SMTP account default: 127.0.0.1:SMTP: no trusted connection: the server does not speak TLS on this port -> this port may want `tls = "starttls"`
    other kind of port: bad SMTP account default: 127.0.0.1:SMTPS: the mail server turned us away: the server was silent for too long -> is this the port for sending (usually 465, or 587 with `tls = "starttls"`)?
    authority: bad SMTP account default: 127.0.0.1:SMTP: no trusted connection: the server's certificate is from an unknown authority; set ca_file or pin -> set `ca_file` to the PEM file of its authority, or `pin` to what this prints: openssl s_client -starttls smtp -connect 127.0.0.1:SMTP </dev/null | openssl x509 -noout -fingerprint -sha256
    "#);
}

#[test]
fn an_account_that_may_not_send_as_the_queue_is_bad() {
    let sink = SmtpSink::start();
    sink.fail(Stage::Mail, Fault::Reply("553 5.7.1 not your address"), usize::MAX);
    let program = desk(&plain_sender(&sink, &servers::fresh_address("sender")));
    let ran = program.run(&["check", "--json"]);
    let told = bad(&ran);
    assert_eq!((ran.code, told.len()), (78, 1), "{told:?}");
    assert!(
        told[0].contains("no mail from sender.") && told[0].contains("553 5.7.1 not your address"),
        "{told:?}"
    );
    sink.recover();
    // Postfix says it when the recipient is named.
    sink.fail(Stage::Recipient, Fault::Reply("553 5.7.1 Sender address rejected: not owned by user"), 1);
    assert_eq!(bad(&program.run(&["check", "--json"])).len(), 1);
    assert_eq!(program.run(&["check"]).code, 0);
    sink.fail_path(Path::Null, Stage::Mail, Fault::Reply("501 5.1.7 no empty sender"));
    let ran = program.run(&["check", "--json"]);
    assert_eq!((ran.code, bad(&ran).len()), (0, 0), "{ran:?}");
    assert!(fact(&ran, "no mail without a sender").contains("leave from sender."), "{ran:?}");
    assert!(sink.taken().is_empty(), "nothing is sent");
}

#[test]
fn an_agent_can_answer_only_where_somebody_believed_stamps_mail() {
    let address = servers::fresh_address("stamps");
    let program = desk(&config(&address));
    let say = |more: &str| {
        let verify = if more.starts_with("verify") { "" } else { "verify = false\n" };
        let queue = config(&address).replace("[queues.imap]", &format!("{verify}{more}\n[queues.imap]"));
        program.write("config.toml", queue);
        let ran = program.run(&["check", "--json"]);
        let mut facts = facts(&ran).into_iter();
        facts
            .find(|fact| {
                ["wrote a mail", "stamped by", "stamps below", "DKIM", "secret address"]
                    .iter()
                    .any(|word| fact.contains(word))
            })
            .unwrap()
    };
    let empty = say("");
    let unknown = say("authserv_ids = [\"mx.desk.test\"]");
    let mut client = ImapClient::log_in(&address);
    client.append("INBOX", b"Authentication-Results: draft.test; dmarc=pass\r\nSubject: never sent\r\n\r\n");
    for _ in 0..3 {
        client.append(
            "INBOX",
            b"Authentication-Results: MX.provider.test; dmarc=pass\r\nReceived: from a by b\r\nSubject: x\r\n\r\n",
        );
    }
    client.append(
        "INBOX",
        b"Received: from a.test (a.test [192.0.2.1]) by mx.below.test\r\nAuthentication-Results: mx.below.test; dmarc=pass\r\nSubject: x\r\n\r\n",
    );
    let told = [
        empty,
        unknown,
        say(""),
        say("authserv_ids = [\"mx.desk.test\"]"),
        say("authserv_ids = [\"mx.PROVIDER.test\"]"),
        say("verify = true"),
        say("accept_token_only = true"),
        say("authserv_ids = [\"mx.below.test\"]"),
        say("authserv_ids = [\"mx.below.test\"]\nstamps_below = true"),
    ];
    assert_snapshot!(told.join("\n"), @r#"
    note mailbox of queue support: nothing that is believed says who wrote a mail, so agents cannot answer by mail: what they send is kept as a private note -> set `verify = true` in the queue, which checks DKIM and DMARC here and asks DNS for each sender; or have your mail server stamp Authentication-Results, and name it in the queue's `authserv_ids`
    note mailbox of queue support: whether mx.desk.test says who wrote a mail is not known: no mail is there yet
    note mailbox of queue support: nothing that is believed says who wrote a mail, so agents cannot answer by mail: what they send is kept as a private note -> if mx.provider.test is your own mail server, set `authserv_ids = ["mx.provider.test"]` in the queue; else set `verify = true` in the queue, which checks DKIM and DMARC here and asks DNS for each sender
    note mailbox of queue support: none of the newest 4 mails is stamped by mx.desk.test, so agents cannot answer by mail -> if mx.provider.test is your own mail server, set `authserv_ids = ["mx.provider.test"]` in the queue; else set `verify = true` in the queue, which checks DKIM and DMARC here and asks DNS for each sender
    ok mailbox of queue support: mx.provider.test says who wrote a mail (on 3 of the newest 4), and is believed
    ok mailbox of queue support: DKIM and DMARC of each mail are checked here (`verify = true`)
    note mailbox of queue support: an agent's answer counts by its secret address alone (`accept_token_only = true`): whoever gets hold of that address can act as the agent -> if mx.provider.test is your own mail server, set `authserv_ids = ["mx.provider.test"]` in the queue; else set `verify = true` in the queue, which checks DKIM and DMARC here and asks DNS for each sender
    note mailbox of queue support: mx.below.test stamps below its own "Received" line (on 1 of the newest 4), where senders can write as well: that is not believed, and only whom a DKIM signature proves here is known -> set `stamps_below = true` in the queue, if mx.below.test refuses mail while its filter is down, or removes such fields all the same
    ok mailbox of queue support: mx.below.test says who wrote a mail (on 1 of the newest 4), and is believed
    "#);
}

/// Receives by the real server, and sends by a stand-in.
pub fn plain_sender(sink: &SmtpSink, address: &str) -> String {
    let text = config(address);
    let (begin, end) = (text.find("port = ").expect("a port"), text.find("[[queues]]").expect("a queue"));
    let port = sink.address().port();
    format!("{}port = {port}\ntls = \"none\"\n{}", &text[..begin], &text[end..])
}

fn is_about_mail(fact: &str) -> bool {
    fact.contains(" mailbox of ") || fact.contains(" SMTP account ")
}

#[test]
fn one_server_that_is_down_does_not_hide_the_others() {
    let address = servers::fresh_address("down");
    let down = config(&address).replace(&format!("port = {}", servers::smtp().port()), "port = 1");
    let program = Program::new();
    program.write("config.toml", down);
    let ran = program.run(&["check", "--json"]);
    assert!(fact(&ran, "folder INBOX").starts_with("ok "));
    assert!(fact(&ran, "Connection refused").starts_with("bad SMTP account default"));
}
