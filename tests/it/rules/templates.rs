//! Words of one's own: whatever is wrong with them, no mail is stopped or lost.

use std::fs;
use std::path::Path;

use rstest::rstest;
use tempfile::TempDir;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";

/// A desk whose directory of overrides holds this file.
async fn with_override(on: On, file: &str, text: &[u8]) -> (TestDesk, TempDir) {
    let directory = tempfile::tempdir().expect("a directory is made");
    let path = directory.path().join(file);
    fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a directory is made");
    fs::write(&path, text).expect("the file is written");
    let overrides = format!("templates = \"{}\"", directory.path().display());
    (TestDesk::with_desk(on, &overrides, "").await, directory)
}

/// django-helpdesk 151, 776 and 962: a template that was missing or broken lost the mail, or the ticket.
#[rstest]
#[case::syntax("en/newticket_submitter/text.txt", b"{% if %} broken")]
#[case::unknown_value("en/newticket_submitter/text.txt", b"{{ no_such_value }}")]
#[case::unknown_part("en/newticket_submitter/text.txt", b"{% extends 'no_such_layout.txt' %}")]
#[case::endless(
    "en/newticket_submitter/text.txt",
    b"{% for a in range(100000) %}{% for b in range(100000) %}{{ b }}{% endfor %}{% endfor %}"
)]
#[case::recursion("en/newticket_submitter/text.txt", b"{% extends 'en/newticket_submitter/text.txt' %}")]
#[case::no_text("en/newticket_submitter/text.txt", b"\xff\xfe\x00")]
#[case::subject("en/newticket_submitter/subject.txt", b"{{ nothing.at.all }}")]
#[case::html("en/newticket_submitter/body.html", b"{% endblock %}")]
#[case::layout("en/layout.txt", b"{% block says %}")]
#[case::of_all_languages("newticket_submitter/text.txt", b"{{ word('no.such.word') }}")]
#[case::word("words/en.toml", b"[newticket_submitter]\nsays = \"{{ nothing }}\"")]
#[case::word_syntax("words/en.toml", b"[newticket_submitter]\nsays = \"{% if %}\"")]
#[case::catalogue("words/en.toml", b"[newticket_submitter\nsays = ")]
#[case::fixed_title("words/en.toml", b"[layout]\nfixed_title = \"{{ nothing }}\"")]
#[tokio::test]
async fn a_broken_template_stops_no_mail(
    #[case] file: &str,
    #[case] text: &[u8],
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let (desk, _directory) = with_override(on, file, text).await;
    assert_eq!(desk.receive(mail(ANN, "Printer on fire")).await, "ticket #1");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ANN]);
    assert_eq!(sent[0].subject, "[support-1] Printer on fire");
    assert!(sent[0].text.contains("[support-1]") && sent[0].html.contains("[support-1]"), "{}", sent[0].text);
}

#[rstest]
#[tokio::test]
async fn a_language_without_templates_falls_back_to_english(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut desk = TestDesk::start(on).await;
    desk.restart("locale = \"tlh\"\n").await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    assert_snapshot!(desk.sent().await[0].text, @r"
    Hello,

    We have received your request. Its number is [support-1].
    We will answer as soon as we can.

    To add something, reply to this mail and leave its subject as it is.

    -- 
    Support
    ");
}

#[rstest]
#[tokio::test]
async fn words_of_ones_own_are_used(#[values(On::Sqlite, On::Postgres)] on: On) {
    let own = b"{% extends \"layout.txt\" %}{% block says %}Number {{ ticket.number }}, thanks & bye.{% endblock %}";
    let (desk, _directory) = with_override(on, "en/newticket_submitter/text.txt", own).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let text = desk.sent().await[0].text.clone();
    assert!(text.contains("Number 1, thanks & bye."), "{text}");
}

/// In which agents read their mails: their own language, else the queue's, else the desk's.
#[rstest]
#[tokio::test]
async fn agents_read_the_desk_in_their_own_language(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut desk = TestDesk::start(on).await;
    desk.restart("locale = \"de\"\n").await;
    let (alex, zoe) = (desk.agent("alex@staff.test").await, desk.agent("zoe@staff.test").await);
    desk.receive(mail(ANN, "Printer on fire")).await;
    let acknowledged = desk.sent().await;
    desk.by(&zoe).assign(1, Some(&alex)).await;
    desk.sent().await;
    let stranger = acknowledged.to(ANN).answer("Send me the password.").header("From", "eve@evil.test");
    assert_eq!(desk.receive(stranger).await, "followup #1 (external)");
    let sent = desk.sent().await;
    // As format=flowed joins the lines (RFC 3676 §4.2).
    let told = &sent.to("alex@staff.test").text.replace(" \n", " ");
    assert!(told.contains("Zu Ihrem Ticket gibt es eine private Notiz"), "{told}");
    assert!(
        told.contains("Dem Kunden nicht gezeigt: Der Absender ist an diesem Ticket nicht beteiligt."),
        "{told}"
    );
    assert!(
        told.contains("Status: offen\n") && told.contains("#assign BENUTZER (oder: me, nobody)"),
        "{told}"
    );
}
