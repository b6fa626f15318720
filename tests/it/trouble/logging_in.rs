//! Mailboxes that cannot be opened: each is named with its reason, the others go on, and no restart is needed.

use std::fs;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::net::TcpListener;

use crate::support::fault_proxy::FaultProxy;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::servers;
use crate::support::servers::Flaw;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;
use crate::support::until::until;

/// Queue, and how its line in the log goes on.
const COMPLAINTS: [(&str, &str); 6] = [
    ("password", "the mail server refused the log-in: "),
    ("expired", "no trusted connection: the server's certificate has expired"),
    ("self-signed", "no trusted connection: the server's certificate is self-signed"),
    ("wrong-name", "no trusted connection: the server's certificate is for another host name"),
    ("folder", "there is no folder Requests in the mailbox: "),
    ("unreachable", "the mail server cannot be reached: Connection refused"),
];
const GOOD: [&str; 3] = ["plain", "starttls", "tls"];

/// Each queue with its mailbox's user.
struct Users(Vec<(&'static str, String)>);

impl Users {
    fn of(&self, queue: &str) -> &str {
        &self.0.iter().find(|(slug, _)| *slug == queue).expect("the queue exists").1
    }

    /// One mail into each of these queues.
    fn write_to(&self, queues: &[&str], folder: impl Fn(&str) -> &'static str) {
        for (number, queue) in queues.iter().enumerate() {
            let user = self.of(queue);
            let mail = letters::letter(number, user, "Please help.");
            ImapClient::log_in(user).append(folder(queue), &mail);
        }
    }
}

/// Servers that are in a bad way until they are mended.
struct Servers {
    flawed: Vec<FaultProxy>,
    nowhere: SocketAddr,
}

#[test]
fn mailboxes_that_cannot_be_opened_are_named_and_recover_without_a_restart() {
    let site = Site::sqlite();
    let users = Users(
        COMPLAINTS
            .iter()
            .map(|(queue, _)| *queue)
            .chain(GOOD)
            .map(|queue| (queue, servers::fresh_address(queue)))
            .collect(),
    );
    let servers = Servers::in_a_bad_way();
    configure(&site, &users, &servers);
    let daemon = site.start();
    users.write_to(&GOOD, |_| "INBOX");
    until("the good mailboxes", || site.list(&["ticket", "list"]).len(), |tickets| *tickets == GOOD.len());
    for (queue, words) in COMPLAINTS {
        let line = format!("mailbox of queue {queue}: {words}");
        daemon.until_logged(&line);
        assert!(daemon.lines(&line)[0].starts_with("ERROR "), "{:?}", daemon.lines(&line));
    }

    let _mended = mend(&site, &users, &servers);
    let broken = COMPLAINTS.map(|(queue, _)| queue);
    users.write_to(&broken, |queue| if queue == "folder" { "Requests" } else { "INBOX" });
    let all = COMPLAINTS.len() + GOOD.len();
    until("the mended mailboxes", || site.list(&["ticket", "list"]).len(), |tickets| *tickets == all);
    let log = daemon.stop();
    for secret in [servers::PASSWORD, "not the password", "@example.test", "guests.test"] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

impl Servers {
    fn in_a_bad_way() -> Self {
        let flawed = [Flaw::Expired, Flaw::SelfSigned, Flaw::WrongName].map(servers::bad_imaps);
        // A port that is free now and will be for the moment.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let nowhere = listener.local_addr().expect("a bound socket has an address");
        Self { flawed: flawed.into_iter().map(FaultProxy::start).collect(), nowhere }
    }
}

fn configure(site: &Site, users: &Users, servers: &Servers) {
    fs::write(site.path("password"), "not the password").expect("the file is written");
    let secret = format!("file:{}", site.path("password").display());
    let ca_file = servers::ca_file().display().to_string();
    let trusting = |mailbox: Mailbox, tls: &str| {
        mailbox.set("tls", tls).set("host", "localhost").set("ca_file", ca_file.as_str())
    };
    let at = |queue: &str, server| Mailbox::at(users.of(queue), server);
    let mut settings = Settings::new()
        .directory(&site.path("outgoing"))
        .queue("password", &Mailbox::of(users.of("password")).set("password", secret))
        .queue("folder", &Mailbox::of(users.of("folder")).set("folder", "Requests"))
        .queue("unreachable", &at("unreachable", servers.nowhere))
        .queue("plain", &Mailbox::of(users.of("plain")))
        .queue("starttls", &trusting(Mailbox::of(users.of("starttls")), "starttls"))
        .queue("tls", &trusting(at("tls", servers::imaps()), "implicit"));
    for (queue, proxy) in ["expired", "self-signed", "wrong-name"].iter().zip(&servers.flawed) {
        settings = settings.queue(queue, &trusting(at(queue, proxy.address()), "implicit"));
    }
    site.configure(&settings);
}

/// Puts right what was wrong, and gives what has to run on.
fn mend(site: &Site, users: &Users, servers: &Servers) -> FaultProxy {
    fs::write(site.path("password"), servers::PASSWORD).expect("the file is written");
    for proxy in &servers.flawed {
        proxy.lead_to(servers::imaps());
    }
    ImapClient::log_in(users.of("folder")).command("CREATE Requests");
    FaultProxy::start_at(servers.nowhere, servers::imap())
}
