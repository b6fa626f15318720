//! A real mailbox on a real server: what is taken from it, what is left there, and what is done there afterwards.
//!
//! Crashes in the middle of it are in `exactly_once`; odd answers of servers beside the IMAP session.

use std::time::Duration;

use rstest::rstest;

use helpdeskd::mail::journal::Extent;
use helpdeskd::store;
use helpdeskd::worker::intake;
use helpdeskd::worker::intake::error::IntakeError;
use helpdeskd::worker::intake::source::Source;
use helpdeskd::worker::outside::Outside;

use crate::support::assert_snapshot;
use crate::support::fault_proxy::Direction;
use crate::support::fault_proxy::FaultProxy;
use crate::support::fault_proxy::Loss;
use crate::support::fault_proxy::Place;
use crate::support::imap_client::ImapClient;
use crate::support::mail::mail;
use crate::support::servers;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::minutes;

const ANN: &str = "ann@customer.test";

/// A desk whose support queue reads a mailbox of its own, and a client of that mailbox.
struct Stage {
    desk: TestDesk,
    client: ImapClient,
    user: String,
}

/// The `[queues.imap]` section of a mailbox on this server.
fn section(user: &str, port: u16, more: &str) -> String {
    let (host, password) = (servers::imap().ip(), servers::PASSWORD);
    format!(
        "[queues.imap]\nhost = \"{host}\"\nport = {port}\ntls = \"none\"\nusername = \"{user}\"\npassword = \"{password}\"\n{more}\n"
    )
}

async fn stage(on: On, more: &str) -> Stage {
    let user = servers::fresh_address("intake");
    let client = ImapClient::log_in(&user);
    let desk = TestDesk::with_config(on, &section(&user, servers::imap().port(), more)).await;
    // The server has its own clock, and tells by it when a mail arrived.
    desk.advance(helpdeskd::clock::Clock::System.now().since(desk.now()) + minutes(1));
    Stage { desk, client, user }
}

impl Stage {
    /// One look at the mailbox of the support queue.
    async fn look(&self) -> Result<intake::Round, IntakeError> {
        Box::pin(look(&self.desk, "support")).await
    }

    fn put(&mut self, subject: &str) {
        self.client.append("INBOX", &Vec::from(mail(ANN, subject)));
    }

    fn flags(&mut self) -> Vec<String> {
        let uids = self.client.uids("INBOX");
        uids.into_iter().map(|uid| self.client.flags("INBOX", uid).join(" ")).collect()
    }
}

async fn look(desk: &TestDesk, slug: &str) -> Result<intake::Round, IntakeError> {
    let current = desk.app.desk();
    let queue = current.directory.queue_by_slug(slug).expect("the queue is declared");
    let config = queue.config.imap.clone().expect("it has a mailbox");
    let mut tx = desk.write().await;
    let row = store::mailboxes::upsert(&mut tx, queue.id, &config.identity(), desk.now()).await;
    tx.commit().await.expect("it commits");
    let source = Source::new(row.expect("the row is made").id, slug, &config, Outside::default());
    Box::pin(intake::step(&desk.app, &source, "test")).await
}

#[rstest]
#[case("from = \"now\"", "#1 open `New`, 1 message")]
#[case("from = \"all\"", "#1 open `Old`, 1 message\n#2 open `New`, 1 message")]
#[case("from = 3", "#1 open `Old`, 1 message\n#2 open `New`, 1 message")]
#[tokio::test]
async fn first_contact_takes_what_the_policy_says(
    #[case] policy: &str,
    #[case] tickets: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mut stage = stage(on, policy).await;
    stage.put("Old");
    stage.look().await.unwrap();
    stage.put("New");
    stage.look().await.unwrap();
    stage.look().await.unwrap();
    assert_eq!(stage.desk.tickets().await, tickets);
}

/// zammad 539 and 243: the whole archive of a mailbox was answered at its first contact.
#[rstest]
#[tokio::test]
async fn old_mail_beyond_the_policy_is_journalled_and_nobody_is_written_to(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mut stage = stage(on, "from = 1\nsilent = true").await;
    let old = Vec::from(mail(ANN, "Ancient"));
    stage.client.append_at("INBOX", "01-Jan-2020 00:00:00 +0000", &old);
    stage.put("Yesterday");
    stage.desk.advance(minutes(5));
    stage.look().await.unwrap();
    assert_snapshot!(stage.desk.journal().await, @r"
    before first contact
    ticket #1
    ");
    assert_eq!(stage.desk.sent().await.to_string(), "nothing");
    let ticket = stage.desk.row(1).await;
    assert!(stage.desk.now().since(ticket.created_at) > minutes(1), "its time is the mail server's");
}

/// osTicket 6979 worked with sequence numbers, which shift when a message goes.
#[rstest]
#[tokio::test]
async fn a_mail_deleted_meanwhile_makes_no_other_one_miss(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut stage = stage(on, "from = \"all\"\n[intake]\nbatch_messages = 2").await;
    for n in 1..=7 {
        stage.put(&format!("Mail {n}"));
    }
    let uids = stage.client.uids("INBOX");
    stage.client.expunge("INBOX", uids[1]);
    stage.look().await.unwrap();
    stage.client.expunge("INBOX", uids[0]);
    stage.client.expunge("INBOX", uids[5]);
    stage.put("Mail 8");
    stage.look().await.unwrap();
    let tickets = stage.desk.tickets().await;
    assert_eq!(tickets.lines().count(), 7, "{tickets}");
    assert!(tickets.contains("Mail 8"), "{tickets}");
}

/// freescout 3406 and 4888: what somebody had read in a mail program was never taken.
#[rstest]
#[tokio::test]
async fn a_mail_that_was_read_elsewhere_is_taken_all_the_same(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut stage = stage(on, "from = \"all\"\nafter = \"leave\"").await;
    stage.put("Seen");
    stage.put("Unseen");
    let uids = stage.client.uids("INBOX");
    stage.client.set_flag("INBOX", uids[0], "\\Seen");
    stage.look().await.unwrap();
    assert_eq!(stage.desk.tickets().await.lines().count(), 2);
    assert_eq!(stage.flags(), ["\\Seen", ""], "to look leaves no trace");
}

/// chatwoot 10429 asked for mails since a date, and missed those with an older one.
#[rstest]
#[tokio::test]
async fn a_mail_with_an_old_date_is_taken_all_the_same(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut stage = stage(on, "from = \"now\"").await;
    stage.look().await.unwrap();
    let late = mail(ANN, "Held back").header("Date", "Mon, 01 Jan 2001 00:00:00 +0000");
    stage.client.append("INBOX", &Vec::from(late));
    stage.look().await.unwrap();
    assert_snapshot!(stage.desk.tickets().await, @"#1 open `Held back`, 1 message");
}

#[rstest]
#[case("leave", "")]
#[case("seen", "\\Seen")]
#[case("keyword", "helpdeskd")]
#[tokio::test]
async fn afterwards_the_servers_copy_is_marked(
    #[case] after: &str,
    #[case] flags: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mut stage = stage(on, &format!("from = \"all\"\nafter = \"{after}\"")).await;
    stage.put("Printer on fire");
    stage.look().await.unwrap();
    assert_eq!(stage.flags(), [flags]);
}

#[rstest]
#[tokio::test]
async fn afterwards_the_servers_copy_is_moved(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut stage = stage(on, "from = \"all\"\nafter = \"move\"\nmove_to = \"Done\"").await;
    stage.put("Printer on fire");
    // The folder is not there yet: it is tried again, and intake goes on.
    stage.look().await.unwrap();
    assert_eq!(stage.client.uids("INBOX").len(), 1);
    stage.client.command("CREATE Done");
    stage.desk.advance(minutes(11));
    stage.put("Toner");
    stage.look().await.unwrap();
    assert_eq!(stage.client.uids("INBOX").len(), 0);
    assert_eq!(stage.client.uids("Done").len(), 2);
    assert_eq!(stage.desk.tickets().await.lines().count(), 2);
}

#[rstest]
#[tokio::test]
async fn what_is_deleted_afterwards_is_deleted_days_later_and_nothing_else_is(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mut stage = stage(on, "from = \"all\"\nafter = \"delete\"").await;
    stage.put("Printer on fire");
    stage.put("Marked by somebody else");
    stage.look().await.unwrap();
    stage.desk.advance(days(6));
    stage.look().await.unwrap();
    assert_eq!(stage.client.uids("INBOX").len(), 2, "not before the seventh day");
    stage.desk.advance(days(1) + minutes(1));
    stage.put("New");
    let new = *stage.client.uids("INBOX").last().unwrap();
    // A bare EXPUNGE would take this one along.
    stage.client.set_flag("INBOX", new, "\\Deleted");
    stage.look().await.unwrap();
    assert_eq!(stage.client.uids("INBOX"), [new]);
}

#[rstest]
#[tokio::test]
async fn a_mail_that_is_too_large_stays_on_the_server_whatever_is_to_be_done_there(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let config =
        "from = \"all\"\nafter = \"delete\"\ndelete_after_days = 1\n[intake]\nmax_message_size = \"1 MB\"";
    let mut stage = stage(on, config).await;
    let large = mail(ANN, "Huge").attachment("fire.bin", "application/octet-stream", &vec![7; 1 << 20]);
    stage.client.append("INBOX", &Vec::from(large));
    stage.put("Small");
    stage.look().await.unwrap();
    stage.desk.advance(days(30));
    stage.look().await.unwrap();
    assert_eq!(stage.client.uids("INBOX").len(), 1);
    assert!(stage.desk.ticket(1).await.contains("larger than this desk takes"));
    assert_eq!(stage.desk.received().await[0].extent, Extent::Headers);
}

#[rstest]
#[tokio::test]
async fn a_mailbox_that_is_made_anew_brings_no_ticket_twice(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut stage = stage(on, "from = \"all\"\nfolder = \"Support\"").await;
    stage.client.command("CREATE Support");
    let (one, two) = (Vec::from(mail(ANN, "One")), Vec::from(mail(ANN, "Two")));
    stage.client.append_all("Support", &[&one, &two]);
    stage.look().await.unwrap();
    stage.client.command("DELETE Support");
    stage.client.command("CREATE Support");
    let three = Vec::from(mail(ANN, "Three"));
    stage.client.append_all("Support", &[&two, &three, &one]);
    stage.look().await.unwrap();
    assert_snapshot!(stage.desk.tickets().await, @r"
    #1 open `One`, 1 message
    #2 open `Two`, 1 message
    #3 open `Three`, 1 message
    ");
    assert_snapshot!(stage.desk.journal().await, @r"
    ticket #1
    ticket #2
    duplicate
    ticket #3
    duplicate
    ");
}

/// After one change of UIDVALIDITY whatever was old was "before first contact" for ever.
#[rstest]
#[tokio::test]
async fn old_mail_that_is_moved_in_after_a_folder_was_made_anew_is_taken(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mut stage = stage(on, "from = \"now\"\nfolder = \"Support\"").await;
    stage.client.command("CREATE Support");
    let before = Vec::from(mail(ANN, "Before"));
    stage.client.append_all("Support", &[&before]);
    stage.look().await.unwrap();
    stage.client.command("DELETE Support");
    stage.client.command("CREATE Support");
    stage.client.append_all("Support", &[&before]);
    stage.look().await.unwrap();
    // Six years old by the server, as a mail that somebody moves has its own date.
    stage.client.append_at("Support", "01-Jan-2020 09:00:00 +0000", &Vec::from(mail(ANN, "Moved in")));
    stage.look().await.unwrap();
    assert_snapshot!(stage.desk.tickets().await, @"#1 open `Moved in`, 1 message");
}

/// zammad 3294: one mailbox with a wrong password kept all others from being read.
#[rstest]
#[tokio::test]
async fn a_mailbox_that_cannot_be_opened_says_why_and_recovers(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut stage = stage(on, "from = \"all\"").await;
    let port = servers::imap().port();
    let wrong = section(&stage.user, port, "from = \"all\"").replace(servers::PASSWORD, "wrong");
    stage.desk.restart(&wrong).await;
    stage.put("Printer on fire");
    let error = stage.look().await.unwrap_err().to_string();
    assert!(error.contains("refused the log-in") && !error.contains("wrong"), "{error}");
    stage.desk.restart(&section(&stage.user, port, "from = \"all\"\nfolder = \"Nowhere\"")).await;
    let error = stage.look().await.unwrap_err().to_string();
    assert!(error.contains("there is no folder Nowhere"), "{error}");
    stage.desk.restart(&section(&stage.user, 1, "from = \"all\"")).await;
    let error = stage.look().await.unwrap_err().to_string();
    assert!(error.contains("cannot be reached"), "{error}");
    stage.desk.restart(&section(&stage.user, port, "from = \"all\"")).await;
    stage.look().await.unwrap();
    assert_snapshot!(stage.desk.tickets().await, @"#1 open `Printer on fire`, 1 message");
}

/// django-helpdesk 568: a server that stopped answering stopped the whole desk.
#[rstest]
#[tokio::test]
async fn a_server_that_stops_answering_is_given_up_and_nothing_is_lost(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mut stage = stage(on, "from = \"all\"").await;
    stage.put("One");
    stage.put("Two");
    let proxy = FaultProxy::start(servers::imap());
    let impatient = "from = \"all\"\n[intake]\ntimeout_seconds = 1\n";
    stage.desk.restart(&section(&stage.user, proxy.address().port(), impatient)).await;
    for place in
        [Place::Bytes(0), Place::Before("UIDVALIDITY"), Place::Before("BODY[]"), Place::Before("Two")]
    {
        proxy.plan(Direction::ToClient, place, Loss::Stall, 1);
        let begun = std::time::Instant::now();
        assert!(stage.look().await.is_err(), "{place:?}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{place:?}");
    }
    proxy.plan(Direction::ToClient, Place::Before("Two"), Loss::Close, 1);
    assert!(stage.look().await.is_err());
    proxy.come_up();
    stage.look().await.unwrap();
    assert_snapshot!(stage.desk.tickets().await, @r"
    #1 open `One`, 1 message
    #2 open `Two`, 1 message
    ");
}

#[rstest]
#[tokio::test]
async fn a_mailbox_is_read_by_one_process_at_a_time(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut stage = stage(on, "from = \"all\"").await;
    stage.look().await.unwrap();
    let mailbox = store::mailboxes::list(&mut stage.desk.read().await).await.unwrap().remove(0);
    let mut tx = stage.desk.write().await;
    store::mailboxes::release(&mut tx, mailbox.id, "test").await.unwrap();
    let now = store::db::now(&mut tx, stage.desk.now()).await.unwrap();
    let until = now.plus(Duration::from_mins(1));
    assert!(store::mailboxes::lease(&mut tx, mailbox.id, "other", now, until).await.unwrap());
    tx.commit().await.unwrap();
    stage.put("Printer on fire");
    assert_eq!(stage.look().await.unwrap(), intake::Round::Standby);
    assert_eq!(stage.desk.tickets().await, "none");
}
