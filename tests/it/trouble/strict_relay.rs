//! A real Postfix that lets nobody send in another name than their own, as mailcow and many others do.

use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;
use crate::support::until::until;

/// After `check --probe` every answer was refused for good, and the customer suppressed.
#[test]
fn every_answer_arrives_by_a_postfix_that_owns_no_return_path_but_the_plain_one() {
    let queue = servers::fresh_address("strict").replace("@example.test", "@plus.test");
    let customer = servers::fresh_address("customer");
    let agent = servers::fresh_address("agent");
    let site = Site::sqlite();
    let settings = Settings::new()
        .smtp(servers::strict_smtp())
        .account_key("username", queue.as_str())
        .account_key("password", servers::PASSWORD)
        .queue("support", &Mailbox::of(&queue));
    site.configure(&settings);
    let user = ["user", "add", "--email", &agent, "--username", "agent", "--name", "Agent"];
    site.run(&user);
    let told = site.run(&["check", "--probe", "--wait", "30"]);
    assert!(told.contains("a mail to its plus-address arrived too"), "{told}");
    assert!(told.contains(&format!("answers leave from {queue}: this relay takes no other")), "{told}");
    let daemon = site.start();
    let request = letters::letter(1, &queue, "Please help.");
    let request = String::from_utf8(request).expect("it is text").replace(&letters::author(1), &customer);
    ImapClient::log_in(&queue).append("INBOX", request.as_bytes());
    until("the ticket", || site.list(&["ticket", "list"]).len(), |count| *count == 1);
    for answer in ["One.", "Two.", "Three.", "Four."] {
        site.run(&["ticket", "comment", "1", answer, "--by", "agent"]);
    }
    let mut mailbox = ImapClient::log_in(&customer);
    until("the acknowledgement and all answers", || mailbox.messages("INBOX").len(), |count| *count == 5);
    let all: Vec<String> =
        mailbox.messages("INBOX").iter().map(|mail| String::from_utf8_lossy(mail).into_owned()).collect();
    for answer in ["One.", "Two.", "Three.", "Four."] {
        assert!(all.iter().any(|mail| mail.contains(answer)), "{answer}: {all:?}");
    }
    assert_eq!(site.list(&["outbox", "list"]).len(), 0);
    assert_eq!(site.list(&["suppression", "list"]).len(), 0);
    let told = site.run(&["check"]);
    assert!(told.contains("Nothing is bad"), "{told}");
    daemon.stop();
}
