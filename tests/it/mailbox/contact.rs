//! First contact with a mailbox, and a mailbox that counts its messages anew.

use helpdeskd::clock::Clock;
use helpdeskd::clock::Timestamp;

use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;
use crate::support::smtp_sink::SmtpSink;
use crate::support::until::until;

fn tickets(site: &Site) -> Vec<String> {
    site.column(&["ticket", "list", "--limit", "1000"], "subject")
}

/// Puts a mail into a folder as if it had come at another time, such as `01-Jan-2020 00:00:00 +0000`.
fn append_dated(client: &mut ImapClient, folder: &str, date: &str, mail: &[u8]) {
    let text = String::from_utf8_lossy(mail);
    client.command(&format!("APPEND {folder} \"{date}\" {{{}+}}\r\n{text}", mail.len()));
}

fn subjects(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(letters::subject).collect()
}

#[test]
fn of_the_messages_that_were_there_before_the_policy_takes_what_it_says() {
    for (from, taken) in [("\"now\"", vec![]), ("\"all\"", vec![0, 1]), ("30", vec![1])] {
        let (user, site) = (servers::fresh_address("first"), Site::sqlite());
        let from: toml::Value =
            toml::from_str::<toml::Table>(&format!("from = {from}")).unwrap()["from"].clone();
        let mailbox = Mailbox::of(&user).set("from", from);
        site.configure(&Settings::new().directory(&site.path("outgoing")).queue("support", &mailbox));
        let mut client = ImapClient::log_in(&user);
        let letter = |number| letters::letter(number, &user, "Please help.");
        append_dated(&mut client, "INBOX", "01-Jan-2020 00:00:00 +0000", &letter(0));
        // Longer ago than the second that a server's dates leave in doubt.
        let before =
            jiff::Timestamp::from_microsecond(Clock::System.now().0 - 2 * Timestamp::MINUTE).unwrap();
        append_dated(
            &mut client,
            "INBOX",
            &before.strftime("%d-%b-%Y %H:%M:%S +0000").to_string(),
            &letter(1),
        );
        let daemon = site.start();
        daemon.until_logged("first contact with mailbox");
        client.append("INBOX", &letter(2));
        let expected = subjects(taken.into_iter().chain([2]));
        until("the mails", || tickets(&site), |found| *found == expected);
        daemon.stop();
        assert!(site.run(&["verify"]).contains("unaccounted: 0"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_start_answers_only_what_came_later() {
    let (user, site, sink) = (servers::fresh_address("quiet"), Site::sqlite(), SmtpSink::start());
    site.configure(
        &Settings::new().smtp(sink.address()).queue("support", &Mailbox::of(&user).set("silent", true)),
    );
    let mut client = ImapClient::log_in(&user);
    // Long enough ago that no clock's second is in doubt.
    append_dated(
        &mut client,
        "INBOX",
        "01-Feb-2026 00:00:00 +0000",
        &letters::letter(0, &user, "Please help."),
    );
    let daemon = site.start();
    until("the old mail", || tickets(&site).len(), |count| *count == 1);
    client.append("INBOX", &letters::letter(1, &user, "Please help."));
    until("the new mail", || tickets(&site).len(), |count| *count == 2);
    sink.wait_for(1).await;
    daemon.stop();
    let recipients: Vec<String> = sink.taken().iter().map(|mail| mail.recipients.concat()).collect();
    assert_eq!(recipients, [letters::author(1)]);
}

/// The server rebuilt the folder: all UIDs are new, in another order, and one mail came meanwhile.
#[test]
fn a_mailbox_that_counts_anew_makes_no_second_tickets() {
    for running in [true, false] {
        let (user, site) = (servers::fresh_address("anew"), Site::sqlite());
        let mailbox = Mailbox::of(&user).set("folder", "Requests").set("after", "seen");
        site.configure(&Settings::new().directory(&site.path("outgoing")).queue("support", &mailbox));
        let mut client = ImapClient::log_in(&user);
        client.command("CREATE Requests");
        let mails: Vec<_> = (0..20).map(|n| letters::letter(n, &user, "Please help.")).collect();
        client.append_all("Requests", &mails);
        let daemon = site.start();
        until("the mails", || tickets(&site), |found| *found == subjects(0..20));
        let still = if running {
            Some(daemon)
        } else {
            daemon.stop();
            None
        };
        let before = client.uid_validity("Requests");
        client.command("DELETE Requests");
        client.command("CREATE Requests");
        assert_ne!(client.uid_validity("Requests"), before);
        let again: Vec<_> =
            mails.iter().rev().cloned().chain([letters::letter(20, &user, "Please help.")]).collect();
        client.append_all("Requests", &again);
        let daemon = still.unwrap_or_else(|| site.start());
        until("the new mail", || tickets(&site), |found| *found == subjects(0..21));
        assert_eq!(daemon.logged("counts its messages anew"), 1);
        daemon.stop();
        assert!(site.run(&["verify"]).contains("unaccounted: 0"));
    }
}
