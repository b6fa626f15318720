//! What is done to a message on the server once it is recorded, and what is not.

use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Site;
use crate::support::until::until;

/// A daemon that has handled three mails of a mailbox.
struct Scene {
    site: Site,
    client: ImapClient,
    user: String,
}

impl Scene {
    fn set(change: impl FnOnce(Mailbox) -> Mailbox) -> Self {
        let (user, site) = (servers::fresh_address("after"), Site::sqlite());
        let mailbox = change(Mailbox::of(&user));
        site.configure(&Settings::new().directory(&site.path("outgoing")).queue("support", &mailbox));
        let mut client = ImapClient::log_in(&user);
        let mails: Vec<_> = (0..3).map(|n| letters::letter(n, &user, "Please help.")).collect();
        client.append_all("INBOX", &mails);
        Self { site, client, user }
    }

    fn flags(&mut self) -> Vec<Vec<String>> {
        let uids = self.client.uids("INBOX");
        uids.iter().map(|uid| self.client.flags("INBOX", *uid)).collect()
    }

    fn tickets(&self) -> usize {
        self.site.list(&["ticket", "list"]).len()
    }
}

#[test]
fn a_message_is_left_alone_when_nothing_else_is_asked_for() {
    let mut scene = Scene::set(|mailbox| mailbox);
    let daemon = scene.site.start();
    until("the tickets", || scene.tickets(), |count| *count == 3);
    daemon.stop();
    assert_eq!(scene.flags(), vec![Vec::<String>::new(); 3]);
}

#[test]
fn a_message_gets_the_keyword_that_is_asked_for() {
    let mut scene = Scene::set(|mailbox| mailbox.set("after", "keyword").set("keyword", "$Helpdesk"));
    let _daemon = scene.site.start();
    until("the keyword", || scene.flags(), |flags| *flags == vec![vec!["$Helpdesk".to_owned()]; 3]);
}

#[test]
fn a_message_is_deleted_only_after_its_days() {
    let mut scene = Scene::set(|mailbox| mailbox.set("after", "delete").set("delete_after_days", 7));
    let daemon = scene.site.start();
    until("the tickets", || scene.tickets(), |count| *count == 3);
    daemon.stop();
    assert_eq!(scene.flags(), vec![Vec::<String>::new(); 3]);
}

/// What to do afterwards is never needed for anything else.
#[test]
fn a_folder_to_move_to_that_is_missing_stops_no_mail() {
    let mut scene = Scene::set(|mailbox| mailbox.set("after", "move").set("move_to", "Nowhere"));
    let daemon = scene.site.start();
    daemon.until_logged("stay as they are for now: there is no folder Nowhere in the mailbox");
    scene.client.append("INBOX", &letters::letter(3, &scene.user, "Please help."));
    until("the next mail", || scene.tickets(), |count| *count == 4);
    assert_eq!(scene.flags().len(), 4);
}

/// Somebody else reads the mailbox, too: it does not matter what he did to a message.
#[test]
fn a_message_that_somebody_read_before_is_handled_all_the_same() {
    let scene = Scene::set(|mailbox| mailbox.set("after", "seen"));
    let Scene { site, mut client, user } = scene;
    let uids = client.uids("INBOX");
    client.set_flag("INBOX", uids[0], "\\Seen");
    client.expunge("INBOX", uids[1]);
    let daemon = site.start();
    let subjects = [letters::subject(0), letters::subject(2)];
    until("the others", || site.column(&["ticket", "list"], "subject"), |found| *found == subjects);
    client.append("INBOX", &letters::letter(3, &user, "Please help."));
    until("the next mail", || site.list(&["ticket", "list"]).len(), |count| *count == 3);
    daemon.stop();
    assert!(site.run(&["verify"]).contains("unaccounted: 0"));
}
