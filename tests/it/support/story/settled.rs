//! The end of a story: what is due still leaves, and then nothing may be left behind, and everything fits together.

use std::thread;

use helpdeskd::desk::app::App;
use helpdeskd::smtp::Transport;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::store::proofs;
use helpdeskd::tasks::Tasks;
use tokio::runtime;

use super::TestDesk;
use super::lanes;

/// Mail that waits for a person is no damage.
const WAITING: [&str; 2] = ["quarantined", "mail-unknown"];

impl Drop for TestDesk {
    /// On a thread of its own: the runtime of the test may be ending.
    fn drop(&mut self) {
        // A second panic while a test fails would hide the first.
        if self.unsettled.get() || thread::panicking() {
            return;
        }
        let (mut app, memory, url) = (self.app.clone(), self.memory.clone(), self.home.url());
        let left = thread::spawn(move || {
            let runtime =
                runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
            runtime.block_on(async {
                // Connections belong to the runtime that opened them.
                // Its tasks are new, too: those of the test may have ended.
                let db = Db::open(&url, 1).await.expect("the database opens");
                (app.db, app.tasks) = (db, Tasks::default());
                for mut lane in lanes(&app, &Transport::Memory(memory)) {
                    while lane.step(&app).await.expect("the database works") > 0 {}
                }
                let left = left(&app).await;
                app.db.close().await;
                left
            })
        });
        let left = left.join().expect("what is due leaves");
        assert!(left.is_empty(), "left unsettled:\n{}", left.join("\n"));
    }
}

async fn left(app: &App) -> Vec<String> {
    let mut tx = app.db.read().await.expect("a transaction begins");
    let mut left = Vec::new();
    for mailbox in store::mailboxes::list(&mut tx).await.expect("mailboxes are listed") {
        for row in store::inbox::list_unfinished(&mut tx, mailbox.id).await.expect("the inbox is listed") {
            left.push(format!("received mail {} was begun {} times", row.id, row.attempts));
        }
    }
    drop(tx);
    for proof in proofs::ALL.iter().copied().flatten().filter(|proof| !WAITING.contains(&proof.name)) {
        let mut tx = app.db.read().await.expect("a transaction begins");
        for row in proofs::find(&mut tx, proof).await.expect("the rule is looked at") {
            left.push(format!("{} {}: {} ({:?})", proof.what, row.id, proof.says, row.detail));
        }
    }
    let mut tx = app.db.read().await.expect("a transaction begins");
    for row in store::outbox::list_unsettled(&mut tx, 100).await.expect("the outbox is listed") {
        left.push(format!("mail {} to {} is {}: {:?}", row.id, row.recipient, row.state, row.answer));
    }
    left
}
