//! A database that was restored from a backup: nobody is acknowledged again, no number is given twice.

use rstest::rstest;

use crate::support::letters;
use crate::support::scripted_imap::ScriptedImap;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Taken;
use crate::support::until::until;

const USER: &str = "support@desk.test";

struct Stage {
    site: Site,
    sink: SmtpSink,
    server: ScriptedImap,
    after: &'static str,
}

impl Stage {
    fn configure(&self) {
        let settings = Settings::new().smtp(self.sink.address());
        let mailbox = Mailbox::at(USER, self.server.address()).set("after", self.after);
        self.site.configure(&settings.queue("support", &mailbox));
    }

    fn arrive(&self, number: usize, subject: &str) {
        let mail = String::from_utf8(letters::letter(number, USER, "Please help.")).expect("it is text");
        let mail = mail.replace(&letters::subject(number), subject);
        self.server.append_now(mail.as_bytes());
    }

    fn tickets(&self) -> Vec<(i64, String)> {
        let rows = self.site.list(&["ticket", "list"]);
        let mut found: Vec<_> = rows
            .iter()
            .map(|row| {
                let id = row["id"].as_i64().expect("it has a number");
                (id, row["subject"].as_str().expect("it has a subject").to_owned())
            })
            .collect();
        found.sort();
        found
    }

    /// Message-IDs of what was sent to somebody.
    fn ids_to(&self, number: usize) -> Vec<String> {
        let taken = self.sink.taken();
        let to = taken.iter().filter(|mail| mail.recipients.concat() == letters::author(number));
        to.map(Taken::message_id).collect()
    }
}

/// One ticket before the backup, two after it: what `serve` with `arguments` then makes of the same mailbox.
async fn restored(engine: Engine, after: &'static str, arguments: &[&str]) -> Stage {
    let (site, sink, server) = (Site::new(engine).await, SmtpSink::start(), ScriptedImap::start());
    let mut stage = Stage { site, sink, server, after };
    stage.configure();
    stage.arrive(0, "Zero");
    let daemon = stage.site.start();
    until("the first", || stage.tickets().len(), |count| *count == 1);
    stage.sink.wait_for(1).await;
    daemon.stop();
    let backup = stage.site.backup().await;
    stage.arrive(1, "One");
    let daemon = stage.site.start();
    until("the second", || stage.tickets().len(), |count| *count == 2);
    stage.arrive(2, "Two");
    until("the third", || stage.tickets().len(), |count| *count == 3);
    stage.sink.wait_for(3).await;
    if after != "leave" {
        stage.server.until_heard("+FLAGS", 3);
    }
    daemon.stop();
    // A customer answers by an address of theirs that the desk does not know; the number is all there is.
    stage.arrive(4, "Re: [support-3] Two");
    if after != "leave" {
        stage.server.change(4, |message| message.flags.push("\\Seen".to_owned()));
    }
    stage.site.restore(backup);
    stage.configure();
    let daemon = stage.site.start_with(arguments);
    until("all again", || stage.tickets().len(), |count| *count == 4);
    stage.arrive(5, "Five");
    until("a new one", || stage.tickets().len(), |count| *count == 5);
    let answered = 4 + usize::from(arguments.is_empty() && after == "leave") * 3;
    stage.sink.wait_for(answered).await;
    daemon.stop();
    stage
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_nobody_is_acknowledged_again_and_numbers_go_on(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(("leave", &["--after-restore"][..]), ("seen", &[][..]))] case: (&'static str, &[&str]),
) {
    let stage = restored(engine, case.0, case.1).await;
    for (number, times) in [(0, 1), (1, 1), (2, 1), (4, 0), (5, 1)] {
        assert_eq!(stage.ids_to(number).len(), times, "{number}: {:?}", stage.tickets());
    }
    let numbers: Vec<i64> = stage.tickets().iter().map(|(id, _)| *id).collect();
    assert_eq!(numbers, [1, 4, 5, 6, 7], "{:?}", stage.tickets());
}

/// Nobody said that it was restored, and no mark in the mailbox tells.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledgement_that_is_repeated_is_the_same_mail(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let stage = restored(engine, "leave", &[]).await;
    for number in [1, 2] {
        let ids = stage.ids_to(number);
        assert_eq!(ids.len(), 2, "{ids:?}");
        assert_eq!(ids[0], ids[1]);
    }
}
