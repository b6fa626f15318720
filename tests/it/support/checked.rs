//! What `helpdeskd check` says of the desk of a story.

use helpdeskd::clock::Clock;
use helpdeskd::store::db::Tx;

use crate::support::program::Program;
use crate::support::story::TestDesk;

impl TestDesk {
    /// All that was logged in the story happened just now: the program goes by the real clock.
    pub async fn check(&self) -> String {
        let sql = "update events set at = $1";
        let now = Clock::System.now();
        let mut tx = self.write().await;
        match &mut tx {
            Tx::Sqlite(conn) => sqlx::query(sql).bind(now.0).execute(&mut **conn).await.map(drop),
            Tx::Postgres(conn) => sqlx::query(sql).bind(now.0).execute(&mut **conn).await.map(drop),
        }
        .expect("the log is set");
        tx.commit().await.expect("it commits");
        self.leaves_unsettled();
        let program = Program::new();
        let text = format!(
            "[database]\nurl = \"{}\"\n[[smtp]]\nname = \"default\"\ndirectory = \"unused\"\n
             [[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\n",
            self.url()
        );
        program.write("config.toml", text);
        program.run(&["check"]).out
    }
}
