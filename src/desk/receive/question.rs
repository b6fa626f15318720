//! What an agent asks by mail is answered by mail, to the address that the desk knows them by; nothing else comes of it.

use crate::desk::DeskError;
use crate::desk::alert;
use crate::desk::alert::Told;
use crate::desk::locale;
use crate::desk::receive::case::Case;
use crate::desk::receive::case::Done;
use crate::desk::trace::Trace;
use crate::desk::view;
use crate::desk::view::Audience;
use crate::desk::view::Reader;
use crate::desk::view::ViewError;
use crate::desk::view::list::Listing;
use crate::desk::view::list::Page;
use crate::desk::view::list::Rest;
use crate::desk::view::search;
use crate::mail::journal::Became;
use crate::mail::reply::MARKER;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Beginning;
use crate::store::followups::Most;
use crate::store::ticket_lists::Named;
use crate::template::context::DeskFacts;
use crate::template::sentence::Sentence;
use crate::template::view::moment;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;
use crate::ticket::query::Query;
use crate::ticket::question::Asked;
use crate::ticket::question::Question;
use crate::ticket::status::Status;
use crate::ticket::words::sought::Sought;

/// The journal's reason for a mail that asked.
pub(super) const REASON: &str = "question";
/// Tickets of one list.
const TICKETS: i64 = 50;
/// Entries of one ticket, the newest; and how much of each.
const ENTRIES: Most = Most { entries: 20, characters: 8 * 1024 };

/// An answer, and the ticket that one answers with a mail to it.
struct Answer {
    title: String,
    text: String,
    about: Option<Ticket>,
}

/// Who is answered, in which language.
struct Asker<'a> {
    user: &'a User,
    locale: &'a str,
}

impl Case<'_> {
    /// Answers each question by a mail of its own.
    pub(super) async fn answer_questions(
        &self,
        tx: &mut Tx,
        author: &User,
        questions: Vec<Asked>,
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        let locale = locale::of_reader(self.desk, self.queue, Some(author), None);
        let asker = Asker { user: author, locale: &locale };
        for Asked { line, asks } in questions {
            trace.note("question", line.as_str());
            let answer = match asks {
                Ok(Question::List(query)) => self.listed(tx, &asker, &line, &query).await?,
                Ok(Question::Search(sought)) => self.found(tx, &asker, &line, &sought).await?,
                Ok(Question::Show(id)) => self.shown(tx, &asker, &line, id).await?,
                Ok(Question::NoSpam(taken)) => {
                    // On the heap: hardly any mail says so.
                    let done = Box::pin(self.no_spam(tx, author, &taken)).await?;
                    Answer { title: line, text: self.say(&asker, &done), about: None }
                }
                Err(why) => self.refused(&asker, &line, &why),
            };
            self.post(tx, &asker, &answer).await?;
        }
        let reason = Some(REASON.to_owned());
        Ok(Done { outcome: Became::Ignored, reason, ticket_id: None, trace })
    }

    async fn post(&self, tx: &mut Tx, asker: &Asker<'_>, answer: &Answer) -> Result<(), DeskError> {
        let Some(address) = asker.user.email.as_deref() else { return Ok(()) };
        let told = Told {
            event: REASON,
            queue: self.queue,
            address,
            user_id: Some(asker.user.id),
            about: answer.about.as_ref(),
            locale: asker.locale,
            title: &answer.title,
            text: &answer.text,
        };
        alert::notification(self.desk, tx, &told, self.now).await
    }

    async fn listed(
        &self,
        tx: &mut Tx,
        asker: &Asker<'_>,
        line: &str,
        query: &Query,
    ) -> Result<Answer, DeskError> {
        let reader = Reader { me: Some(asker.user.id), now: self.now };
        let page = Page { before: TicketId(i64::MAX), limit: TICKETS };
        let listing = match view::list::list(self.desk, tx, query, page, reader).await {
            Ok(listing) => listing,
            Err(ViewError::Store(error)) => return Err(error.into()),
            Err(why) => return Ok(self.refused(asker, line, &why.to_string())),
        };
        let Listing { rows, rest } = listing;
        let mut parts: Vec<String> = rows.iter().map(|row| self.row(asker, &row.named)).collect();
        if parts.is_empty() {
            parts.push(self.say(asker, &Sentence::new("note.asked_none")));
        }
        if let Rest::More(before) | Rest::Unseen(before) = rest {
            parts.push(self.say(asker, &Sentence::new("note.asked_more").with("number", &before)));
        }
        Ok(Answer { title: line.to_owned(), text: framed(&parts), about: None })
    }

    /// Such as `[support-12] Printer on fire`, and below it `open, 3, alex, 2026-03-02 09:00 UTC`.
    fn row(&self, asker: &Asker<'_>, named: &Named) -> String {
        let ticket = &named.ticket;
        let owner = named.owner_name.clone().unwrap_or_else(|| self.word(asker, "staff.nobody"));
        let opened = self.moment(ticket.created_at);
        let customer = named.submitter_name.as_deref().unwrap_or("-");
        format!(
            "{} {}\n  {}, {}, {owner} / {customer}, {opened}",
            ticket.tag(&named.queue),
            ticket.subject,
            self.state(asker, ticket),
            ticket.priority,
        )
    }

    async fn found(
        &self,
        tx: &mut Tx,
        asker: &Asker<'_>,
        line: &str,
        sought: &Sought,
    ) -> Result<Answer, DeskError> {
        let before = FollowupId(i64::MAX);
        let page = search::Page { before, limit: TICKETS, order: search::Order::Newest };
        let findings = search::search(tx, sought, page, Audience::Staff).await?;
        let mut parts: Vec<String> =
            findings.rows.iter().map(|finding| self.finding(asker, finding)).collect();
        if parts.is_empty() {
            parts.push(self.say(asker, &Sentence::new("note.asked_none")));
        }
        if findings.rest != search::Rest::End {
            parts.push(self.say(asker, &Sentence::new("note.asked_more_found")));
        }
        if findings.unindexed.is_some() {
            parts.push(self.say(asker, &Sentence::new("note.asked_unindexed")));
        }
        Ok(Answer { title: line.to_owned(), text: framed(&parts), about: None })
    }

    /// Such as `[support-12] Printer on fire`, and below it `Ann, 2026-03-02 09:00 UTC` and the words.
    fn finding(&self, asker: &Asker<'_>, finding: &search::Finding) -> String {
        let author = finding.author.as_deref().unwrap_or(&self.desk.config.desk.name);
        let private = if finding.visibility == Visibility::Private {
            format!(", {}", self.word(asker, "staff.private"))
        } else {
            String::new()
        };
        format!(
            "[{}-{}] {}\n  {author}, {}{private}\n  {}",
            finding.queue,
            finding.ticket_id,
            finding.subject,
            self.moment(finding.created_at),
            finding.snippet.text,
        )
    }

    async fn shown(
        &self,
        tx: &mut Tx,
        asker: &Asker<'_>,
        line: &str,
        id: TicketId,
    ) -> Result<Answer, DeskError> {
        let Some(named) = store::ticket_lists::named(tx, &[id]).await?.pop() else {
            let none = Sentence::new("note.asked_no_ticket").with("number", &id);
            return Ok(Answer { title: line.to_owned(), text: self.say(asker, &none), about: None });
        };
        let entries = store::followups::list_beginnings(tx, id, ENTRIES).await?;
        let mut parts = vec![self.say(asker, &Sentence::new("note.asked_answer")), self.row(asker, &named)];
        parts.extend(entries.iter().map(|entry| self.entry_shown(asker, entry)));
        if i64::try_from(entries.len()).is_ok_and(|count| count == ENTRIES.entries) {
            parts.push(self.say(asker, &Sentence::new("note.asked_earlier").with("number", &id)));
        }
        let title = format!("{} {}", named.ticket.tag(&named.queue), named.ticket.subject);
        Ok(Answer { title, text: framed(&parts), about: Some(named.ticket) })
    }

    fn entry_shown(&self, asker: &Asker<'_>, entry: &Beginning) -> String {
        let author = entry.author_name.as_deref().unwrap_or(&self.desk.config.desk.name);
        let private = if entry.visibility == Visibility::Private {
            format!("{}\n", self.word(asker, "staff.private"))
        } else {
            String::new()
        };
        format!("--- {author}, {} ---\n{private}{}", self.moment(entry.created_at), entry.text)
    }

    fn refused(&self, asker: &Asker<'_>, line: &str, why: &str) -> Answer {
        let sentence = Sentence::new("note.asked_wrong").with("line", line).with("why", why);
        Answer { title: line.to_owned(), text: self.say(asker, &sentence), about: None }
    }

    fn state(&self, asker: &Asker<'_>, ticket: &Ticket) -> String {
        let word = self.word(
            asker,
            match ticket.status {
                Status::Open => "staff.state_open",
                Status::Reopened => "staff.state_reopened",
                Status::Resolved => "staff.state_resolved",
                Status::Closed => "staff.state_closed",
                Status::Merged => "staff.state_merged",
            },
        );
        if ticket.held_at.is_some() { word + &self.word(asker, "staff.on_hold") } else { word }
    }

    fn word(&self, asker: &Asker<'_>, key: &'static str) -> String {
        self.say(asker, &Sentence::new(key))
    }

    fn say(&self, asker: &Asker<'_>, sentence: &Sentence) -> String {
        self.desk.templates.sentence(asker.locale, sentence)
    }

    fn moment(&self, at: crate::clock::Timestamp) -> String {
        let desk = &self.desk.config.desk;
        moment(&DeskFacts { name: desk.name.clone(), timezone: desk.timezone.clone() }, at)
    }
}

/// Below a line above which agents type: nothing of it may go out with an answer.
fn framed(parts: &[String]) -> String {
    format!("{MARKER}\n\n{}", parts.join("\n\n"))
}
