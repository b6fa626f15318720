//! A queue that left the configuration: what is done to its tickets leaves in the name of the queue that has its address
//! now, or of the first one, and nothing vanishes without a word.

use rstest::rstest;

use crate::support::site::Engine;
use crate::support::site::Site;

fn configure(site: &Site, slug: &str, address: &str) {
    let out = site.path("out").display().to_string();
    site.configure_as_text(&format!(
        "[http]\nlisten = \"127.0.0.1:0\"\n[database]\nurl = \"{}\"\n[[smtp]]\nname = \"default\"\ndirectory = \"{out}\"
         [[queues]]\nslug = \"{slug}\"\ntitle = \"Help\"\naddress = \"{address}\"\nescalate_after = \"1d\"\n",
        site.url
    ));
}

/// Who has mail in the outbox that was not there before.
fn news(site: &Site, seen: &mut usize) -> Vec<String> {
    let rows = site.list(&["outbox", "list", "--all"]);
    let new = rows.len() - std::mem::replace(seen, rows.len());
    let mut to: Vec<String> =
        rows.iter().take(new).map(|row| row["recipient"].as_str().expect("it is text").to_owned()).collect();
    to.sort();
    to
}

#[rstest]
#[case::renamed("help", "support@desk.test")]
#[case::taken_out("other", "other@desk.test")]
#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_done_to_a_ticket_of_a_queue_that_is_gone_is_told(
    #[case] slug: &str,
    #[case] address: &str,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let site = Site::new(engine).await;
    configure(&site, "support", "support@desk.test");
    site.run(&["migrate"]);
    site.run(&["user", "add", "--email", "alex@staff.test", "--username", "alex"]);
    site.run(&["user", "add", "--email", "kim@staff.test", "--username", "kim"]);
    site.run(&[
        "ticket",
        "open",
        "--queue",
        "support",
        "--subject",
        "Help",
        "--submitter",
        "ann@customer.test",
    ]);
    configure(&site, slug, address);
    let checked = String::from_utf8_lossy(&site.output(&["check"]).stdout).into_owned();
    assert!(checked.contains("1 open or resolved ticket belongs to queue support"), "{checked}");
    let mut seen = 0;
    news(&site, &mut seen);
    for (act, told) in [
        (&["ticket", "comment", "1", "Use water.", "--by", "alex"][..], &["ann@customer.test"][..]),
        (&["ticket", "assign", "1", "kim"], &["kim@staff.test"]),
        (&["ticket", "resolve", "1", "Done.", "--by", "alex"], &["ann@customer.test", "kim@staff.test"]),
        (&["ticket", "reopen", "1", "Not yet.", "--by", "alex"], &["ann@customer.test", "kim@staff.test"]),
        (&["ticket", "close", "1", "Enough.", "--by", "alex"], &["ann@customer.test", "kim@staff.test"]),
    ] {
        site.run(act);
        assert_eq!(news(&site, &mut seen), told, "{act:?}");
    }
}
