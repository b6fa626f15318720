//! Mistakes in the configuration, and two daemons where only one may be: one sentence, and the end.

use std::net::TcpListener;

use rstest::rstest;

use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;

/// A working configuration, as text.
fn text(site: &Site) -> String {
    let mailbox = Mailbox::of(&servers::fresh_address("config"));
    Settings::new().directory(&site.path("outgoing")).queue("support", &mailbox).text(&site.url)
}

/// Starts the daemon, which must refuse; gives its exit code and what it said.
fn refusal(site: &Site) -> (Option<i32>, String) {
    let output = site.output(&["serve"]);
    (output.status.code(), String::from_utf8(output.stderr).expect("it speaks UTF-8"))
}

#[test]
fn the_start_says_that_a_queue_names_strangers_as_agents_and_keeps_them_out_of_the_log() {
    let site = Site::sqlite();
    let named = "slug = \"support\"\nagents = [\"nobody@staff.test\"]";
    site.configure_as_text(&text(&site).replacen("slug = \"support\"", named, 1));
    let log = site.start().stop();
    assert!(log.contains("`agents` of queue support has names of no active agent: 1"), "{log}");
    assert!(!log.contains("nobody@staff.test"), "{log}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_log_begins_with_what_starts_on_what_and_ends_with_stopped(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let site = Site::new(engine).await;
    site.configure_as_text(&text(&site));
    let log = site.start().stop();
    let first = log.lines().next().unwrap_or_default();
    let config = site.path("config.toml").display().to_string();
    let version = concat!("helpdeskd ", env!("CARGO_PKG_VERSION"), " starts with ");
    assert!(first.contains(version) && first.contains(&config), "{log}");
    let database = match engine {
        Engine::Sqlite => site.url.clone(),
        Engine::Postgres => "the PostgreSQL database test_".to_owned(),
    };
    assert!(first.contains(&database), "{log}");
    assert!(!log.contains("postgres://"), "no password: {log}");
    assert!(log.lines().last().unwrap_or_default().contains("stopped"), "{log}");
}

#[test]
fn a_mistake_in_the_configuration_is_named_with_its_key_and_line() {
    let site = Site::sqlite();
    let good = text(&site);
    for (right, wrong, named) in [
        ("lease_seconds = 2", "lease_secs = 2", "lease_secs"),
        ("lease_seconds = 2", "lease_seconds = \"two\"", "lease_seconds"),
        ("poll_seconds = 1", "poll_seconds = 0", "poll_seconds"),
        ("attempt_seconds = 30", "attempt_seconds = 3", "attempt_seconds"),
        ("tls = \"none\"", "tls = \"maybe\"", "tls"),
        ("after = \"leave\"", "after = \"move\"", "move_to"),
        ("[delivery]", "[deliveries]", "deliveries"),
        ("slug = \"support\"", "slug = \"Support Desk\"", "slug"),
    ] {
        assert!(good.contains(right), "{right} in {good}");
        let changed = good.replacen(right, wrong, 1);
        let line = 1 + changed.lines().position(|line| line.contains(wrong)).expect("it is there");
        site.configure_as_text(&changed);
        let (code, said) = refusal(&site);
        assert_eq!(code, Some(78), "{wrong}: {said}");
        assert!(said.contains(named), "{wrong}: {said}");
        assert!(said.contains("config.toml") && said.lines().count() <= 2, "{wrong}: {said}");
        let near = [line, line.saturating_sub(1), line + 1].iter().any(|at| said.contains(&at.to_string()));
        assert!(near || wrong.contains("move"), "{wrong} stands in line {line}: {said}");
    }
    assert!(!site.path("desk.db").exists(), "nothing was begun");
}

#[test]
fn a_second_daemon_on_one_embedded_database_refuses_in_one_sentence() {
    let site = Site::sqlite();
    site.configure_as_text(&text(&site));
    let first = site.start();
    let (code, said) = refusal(&site);
    assert_eq!(code, Some(75));
    assert!(said.contains("another helpdeskd serves this database"), "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("helpdeskd: ")).count(), 1, "{said}");
    assert!(site.run(&["queue", "list"]).contains("support"), "commands work beside the daemon");
    first.stop();
    site.start().stop();
}

#[test]
fn an_address_that_is_taken_is_named() {
    let site = Site::sqlite();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it is bound").to_string();
    site.configure_as_text(&text(&site).replace("127.0.0.1:0", &address));
    let (code, said) = refusal(&site);
    assert_eq!(code, Some(69), "{said}");
    assert!(said.contains("http.listen") && said.contains(&address), "{said}");
}

#[test]
fn a_database_that_cannot_be_opened_is_told_in_one_sentence() {
    let mut site = Site::sqlite();
    let good = text(&site);
    for (url, words) in
        [("sqlite:/nowhere/at/all/desk.db", "/nowhere/at/all"), ("mysql://localhost/desk", "sqlite:")]
    {
        let old = std::mem::replace(&mut site.url, url.to_owned());
        site.configure_as_text(&good.replace(&old, url));
        let (code, said) = refusal(&site);
        site.url = old;
        assert!(matches!(code, Some(69 | 78)), "{url}: {code:?} {said}");
        let sentences = said.lines().filter(|line| line.starts_with("helpdeskd: ")).count();
        let logged = said.lines().filter(|line| !line.contains(" starts with ")).count();
        assert!(said.contains(words) && (sentences, logged) == (1, 1), "{url}: {said}");
    }
}
