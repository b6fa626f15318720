//! The table of trust, cell by cell: who writes, what the mail answers, and what is shown of its author. The page
//! `docs/trust.md` has the same rows.

use std::fs;

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Visibility;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::LISTS;
use crate::support::office::Office;
use crate::support::office::TEAM;
use crate::support::story::Mails;
use crate::support::story::On;

const EVE: &str = "eve@stranger.test";
const WORDS: &str = "#tag acted\nIt burns.";

/// Who writes, and what it answers; what becomes of it if it is `pass`, `none` or `unknown`, and `fail`.
const ROWS: &str = "\
| submitter | a mail that was sent to them | public | public, told as not proven | external |
| submitter | another mail's id | public | unproven | external |
| submitter | the references of another mail | public | unproven | external |
| submitter | the number in the subject | public | unproven | external |
| submitter | a mail that was sent to another customer | public | unproven | external |
| copied person | a mail that was sent to them | public | public, told as not proven | external |
| copied person | the number in the subject | public | unproven | external |
| agent | a mail that was sent to them | acts | unverified | kept back, the agent is told |
| agent | a mail that was sent to a list of the queue | acts | unverified | kept back |
| agent | the number in the subject | unverified | unverified | kept back |
| agent | a mail that was sent to a customer | unverified | unverified | kept back |
| agent who is a customer there | a mail that was sent to them as such | public | public, told as not proven | external |
| somebody else | a mail that was sent to a customer | external | external | external |
| somebody else | another mail's id | external | external | external |
| somebody else | a mail that was sent to an agent | external, the agent is told | external, the agent is told | external, the agent is told |
| somebody else | the number in the subject | new ticket, acknowledged | new ticket, acknowledged | new ticket |
| anybody | nothing | new ticket, acknowledged | new ticket, acknowledged | new ticket |
| agent | nothing | new ticket, acknowledged | new ticket, unverified | kept back |
";

fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    ROWS.lines().map(|line| line.trim_matches(['|', ' ']).split(" | ").collect())
}

/// A ticket of Ann's with Bob copied, which Alex owns, and one of Alex's own.
struct Scene {
    office: Office,
    /// By the desk about ticket 1, and the acknowledgement of Alex's own.
    sent: Mails,
    own: Mails,
}

impl Scene {
    async fn set(on: On) -> Self {
        let office = Office::with_config(on, LISTS).await;
        office.operator().cc(1, BOB).await;
        office.operator().assign(1, Some(&office.alex)).await;
        office.sent().await;
        office.operator().comment(1, "Is it hot?").await;
        let sent = office.sent().await;
        office.operator().open(Some(ALEX), "My chair", "It squeaks.").await;
        let own = office.sent().await;
        Self { office, sent, own }
    }

    fn mail(&self, who: &str, hit: &str) -> Mail {
        let from = match who {
            "submitter" => ANN,
            "copied person" => BOB,
            "agent" | "agent who is a customer there" => ALEX,
            _ => EVE,
        };
        let new = |subject: &str| mail(from, subject).text(WORDS);
        let answered = match hit {
            "a mail that was sent to them" => self.sent.to(from),
            "a mail that was sent to another customer" => self.sent.to(BOB),
            "a mail that was sent to a customer" => self.sent.to(ANN),
            "a mail that was sent to an agent" => self.sent.to(ALEX),
            "a mail that was sent to a list of the queue" => self.sent.to(TEAM),
            "a mail that was sent to them as such" => self.own.to(ALEX),
            "another mail's id" => return new("Re: Fire").in_reply_to("first@client.test"),
            "the references of another mail" => {
                return new("Re: Printer on fire").references(&["first@client.test"]);
            }
            "the number in the subject" => return new("Re: [support-1] Fire"),
            _ => return new("Fire"),
        };
        answered.answer(WORDS).header("From", from)
    }

    /// What became of a mail, in the words of the table.
    async fn shown(&self, mail: Mail, proof: Authentication) -> String {
        let became = self.office.receive_as(proof, mail).await;
        let told = self.office.sent().await;
        let warned = told.iter().any(|one| one.to == ALEX && one.text.contains("in your name"));
        let aside = |text: &str| format!("{text}{}", if warned { ", the agent is told" } else { "" });
        let id: String =
            became.chars().skip_while(|c| *c != '#').skip(1).take_while(char::is_ascii_digit).collect();
        if became == "suspended (spoofed)" {
            return aside("kept back");
        }
        if became.starts_with("ticket") {
            let tag = format!("[support-{id}]");
            let to_author = |to: &str| to != TEAM && (to == EVE || to == ALEX);
            let is_it = |text: &str| text.contains("We have received your request");
            let known = told
                .iter()
                .any(|one| to_author(&one.to) && one.subject.starts_with(&tag) && is_it(&one.text));
            let more = if became.ends_with("(unverified)") { ", unverified" } else { ", acknowledged" };
            return format!("new ticket{}", if known || more == ", unverified" { more } else { "" });
        }
        let entries = self.office.followups(id.parse().expect("it is a number")).await;
        let last = entries.last().expect("it is there");
        let doubted = told.iter().any(|one| one.to == TEAM && one.text.contains("is not proven"));
        let acted = self.office.tickets().await.contains("tag acted");
        match (last.visibility, last.kind.as_str()) {
            (Visibility::Public, _) if acted => "acts".to_owned(),
            (Visibility::Public, _) if doubted => "public, told as not proven".to_owned(),
            (Visibility::Public, _) => "public".to_owned(),
            (Visibility::Private, "external") => aside("external"),
            (Visibility::Private, kind) => kind.to_owned(),
        }
    }
}

#[rstest]
#[case::pass(Authentication::Pass, 2)]
#[case::none(Authentication::None, 3)]
#[case::unknown(Authentication::Unknown, 3)]
#[case::fail(Authentication::Fail, 4)]
#[tokio::test]
async fn each_cell_of_the_table_of_trust_is_so(
    #[case] proof: Authentication,
    #[case] column: usize,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mut wrong = Vec::new();
    for row in rows() {
        let scene = Box::pin(Scene::set(on)).await;
        let shown = scene.shown(scene.mail(row[0], row[1]), proof).await;
        if shown != row[column] {
            wrong.push(format!("{} / {}: {shown}, not {}", row[0], row[1], row[column]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_about_trust_has_the_same_table() {
    let page =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trust.md")).expect("it is there");
    let head = "| who writes | what it answers | `pass` | `none`, `unknown` | `fail` |\n| --- | --- | --- | --- | --- |\n";
    assert!(page.contains(&format!("{head}{ROWS}\n")), "its rows are those of this test");
}
