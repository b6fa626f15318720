//! New mail is noticed at once where the server can say so, and soon where it cannot.

use std::time::Duration;
use std::time::Instant;

use crate::support::fault_proxy::Direction;
use crate::support::fault_proxy::FaultProxy;
use crate::support::fault_proxy::Loss;
use crate::support::fault_proxy::Place;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;
use crate::support::until::note;
use crate::support::until::until;

/// Two seconds is what a release build on a quiet machine must keep; here a debug build shares its machine.
const SOON: Duration = Duration::from_secs(10);

#[test]
fn an_acknowledgement_is_with_postfix_soon_after_the_mail_arrived() {
    let user = servers::fresh_address("news");
    let site = Site::sqlite();
    let settings = Settings::new().set("intake", "poll_seconds", 120).smtp(servers::smtp());
    site.configure(&settings.queue("support", &Mailbox::of(&user)));
    let daemon = site.start();
    let mut client = ImapClient::log_in(&user);
    for number in 0..3 {
        client.append("INBOX", &letters::letter(number, &user, "Please help."));
        let begun = Instant::now();
        daemon.until_logged_times("state=\"sent\"", number + 1);
        let took = begun.elapsed();
        note(&format!("appended, handled and accepted by Postfix in {took:?}"));
        assert!(took < SOON, "{took:?}");
    }
    let answer = ImapClient::log_in(&letters::author(0)).wait_for("INBOX", 1);
    let text = String::from_utf8_lossy(&answer[0]);
    assert!(text.contains("Auto-Submitted: auto-replied"), "{text}");
}

/// The line is dead and nobody says so: the poll finds out.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_while_it_is_waited_on_is_asked_again() {
    let user = servers::fresh_address("silent");
    let proxy = FaultProxy::start(servers::imap());
    let site = Site::sqlite();
    let settings = Settings::new().set("intake", "poll_seconds", 2).set("intake", "timeout_seconds", 2);
    let mailbox = Mailbox::at(&user, proxy.address());
    site.configure(&settings.directory(&site.path("outgoing")).queue("support", &mailbox));
    proxy.plan(Direction::ToServer, Place::After("IDLE"), Loss::Stall, 1);
    let daemon = site.start();
    proxy.wait_until_lost(1).await;
    ImapClient::log_in(&user).append("INBOX", &letters::letter(0, &user, "Please help."));
    until("the mail", || site.list(&["ticket", "list"]).len(), |count| *count == 1);
    assert_eq!(daemon.logged("mailbox of queue support: the mail server was silent for too long"), 1);
}
