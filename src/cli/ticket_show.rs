//! `ticket show`.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use serde_json::json;

use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::ticket_fate;
use crate::cli::ticket_late;
use crate::desk::app::App;
use crate::desk::fold::Older;
use crate::desk::message;
use crate::desk::view;
use crate::desk::view::Audience;
use crate::desk::view::ticket::Share;
use crate::desk::view::ticket::Whole;
use crate::private;
use crate::private::Existing;
use crate::store;
use crate::store::attachments::Attachment;
use crate::store::db::Tx;
use crate::store::events::Logged;
use crate::store::followups::Followup;
use crate::store::partner_files::PartnerFile;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::EntryKind;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

#[derive(Debug, Args)]
pub struct Show {
    /// As in a mail's subject: 12, support-12 or [support-12]
    id: TicketId,
    /// Also print the audit log
    #[arg(long)]
    log: bool,
    /// Print entries with what they quote and are signed with
    #[arg(long)]
    full: bool,
    /// Write the attachments to this directory
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
    #[command(flatten)]
    json: JsonSwitch,
}

/// How much of each entry is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// What is new in it, and how much is left out.
    New,
    Full,
}

pub async fn show(app: &App, show: &Show) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let whole = view::ticket::ticket(&mut tx, show.id, Audience::Staff).await?;
    let whole =
        whole.ok_or_else(|| Failure::new(Code::NoInput, format!("there is no ticket {}", show.id)))?;
    if let Some(dir) = &show.export {
        export(&mut tx, &whole, dir).await?;
    }
    if show.json.form() == Form::Json {
        return out::json(&as_json(&whole, show.log));
    }
    print(app, &whole, if show.full { Extent::Full } else { Extent::New });
    if show.log {
        whole.changes.iter().for_each(|change| print_change(&whole, change));
    }
    Ok(())
}

fn as_json(whole: &Whole, log: bool) -> Value {
    let mut value = json!({
        "ticket": whole.ticket,
        "submitter": whole.submitter,
        "owner": whole.owner,
        "ccs": whole.ccs,
        "answers_to": answers_to(whole),
        "accepted_ccs": whole.accepted,
        "tags": whole.tags,
        "followups": whole.followups,
        "attachments": whole.attachments,
        "deliveries": whole.failures.iter().map(ticket_fate::as_json).collect::<Vec<_>>(),
        "folded": whole.folded,
        "links": whole.links,
        "ratings": whole.ratings.iter().map(ticket_late::rating_as_json).collect::<Vec<_>>(),
        "shares": whole.shares.iter().map(share_as_json).collect::<Vec<_>>(),
    });
    if log {
        value["log"] = json!(whole.changes);
    }
    value
}

fn print(app: &App, whole: &Whole, extent: Extent) {
    let desk = app.desk();
    let ticket = &whole.ticket;
    let slug = desk.directory.queue(ticket.queue_id).map_or("?", |queue| &queue.config.slug);
    out::line(&format!("{} {}", ticket.tag(slug), out::clean(&ticket.subject)));
    out::line(&format!(
        "  {}, priority {}, opened {} by {}",
        state(ticket),
        ticket.priority,
        ticket.created_at,
        ticket.door
    ));
    print_people(whole);
    print_more(whole);
    for followup in &whole.followups {
        print_followup(followup, &whole.attachments, extent);
        let links = whole.links.iter().filter(|file| file.followup_id == followup.id);
        links.for_each(print_link);
        whole
            .failures
            .iter()
            .filter(|failed| failed.row.followup_id == Some(followup.id))
            .for_each(ticket_fate::print);
    }
}

/// What not every ticket has.
fn print_more(whole: &Whole) {
    let ticket = &whole.ticket;
    if let Some(due) = ticket.due_at {
        out::line(&format!("  due {due}{}", if ticket.overdue_at.is_some() { ", overdue" } else { "" }));
    }
    ticket_late::print(whole);
    if let Some(at) = ticket.escalate_at {
        out::line(&format!("  escalates {at}"));
    }
    if !whole.tags.is_empty() {
        out::line(&format!("  tags {}", out::clean(&whole.tags.join(", "))));
    }
    if let Some(survivor) = ticket.merged_into {
        out::line(&format!("  merged into ticket {survivor}"));
    }
    if let Some(earlier) = ticket.follows {
        out::line(&format!("  continues ticket {earlier}"));
    }
    whole.shares.iter().for_each(print_share);
    if whole.folded > 0 {
        out::line(&format!("  {} more of the same opened no ticket", whole.folded));
    }
}

fn print_people(whole: &Whole) {
    let ticket = &whole.ticket;
    let submitter = out::clean(&name(whole.submitter.as_ref()));
    out::line(&format!("  from {submitter}, sender authentication: {}", ticket.authentication));
    if let Some(address) = &ticket.reply_to {
        out::line(&format!("  answers go to {}", out::clean(address)));
    }
    out::line(&format!("  owner {}", out::clean(&name(whole.owner.as_ref()))));
    if needs_a_look(ticket) {
        out::line("  ! a customer wrote and nobody answered, or a mail did not arrive");
    }
    if !whole.ccs.is_empty() {
        let cc = |user: &User| {
            let accepted = whole.accepted.contains(&user.id);
            name(Some(user)) + if accepted { "" } else { " (agents' answers only)" }
        };
        let ccs: Vec<String> = whole.ccs.iter().map(cc).collect();
        out::line(&format!("  copies to {}", out::clean(&ccs.join(", "))));
    }
}

fn name(user: Option<&User>) -> String {
    let Some(user) = user else { return "nobody".to_owned() };
    match &user.email {
        Some(email) if *email != user.name => format!("{} <{email}>", user.name),
        _ => user.name.clone(),
    }
}

/// Where the submitter gets what agents answer.
fn answers_to(whole: &Whole) -> Option<&str> {
    let own = whole.submitter.as_ref().and_then(|user| user.email.as_deref());
    whole.ticket.reply_to.as_deref().or(own)
}

/// One line of the audit log.
fn print_change(whole: &Whole, change: &Logged) {
    let who = match change.actor_id {
        Some(id) => whole.person(id).map_or_else(|| format!("user {id}"), |user| out::clean(&user.name)),
        None => "desk".to_owned(),
    };
    let values = [&change.old, &change.new].map(|value| out::clean(whole.value(change, value)));
    out::line(&format!(
        "{}  {} by {who} ({}): {} -> {}",
        change.at, change.field, change.door, values[0], values[1]
    ));
}

fn print_share(Share { agreement, ticket: share }: &Share) {
    let partner = agreement.as_ref().map(|agreement| out::clean(&agreement.partner_name));
    let number = share.original_id.as_ref().map(|id| format!(", there #{}", out::clean(id)));
    out::line(&format!(
        "  {} with {}{}",
        share.state,
        partner.unwrap_or_default(),
        number.unwrap_or_default()
    ));
}

fn print_link(file: &PartnerFile) {
    let reason = file.reason.as_deref().unwrap_or("it is still to be fetched");
    let (name, url, reason) = (out::clean(&file.name), out::clean(&file.url), out::clean(reason));
    out::line(&format!("    [link: {name}, {url} ({reason})]"));
}

fn share_as_json(Share { agreement, ticket: share }: &Share) -> Value {
    let mut value = json!(share);
    value["agreement"] = json!(agreement.as_ref().map(|agreement| &agreement.uuid));
    value["partner"] = json!(agreement.as_ref().map(|agreement| &agreement.partner_name));
    value
}

fn print_followup(followup: &Followup, attachments: &[Attachment], extent: Extent) {
    let author = followup.author().unwrap_or_else(|| "the desk".to_owned());
    out::line("");
    out::line(&format!(
        "{} {} ({}, {}{})",
        followup.created_at,
        out::clean(&author),
        followup.kind,
        followup.visibility,
        doubt(followup)
    ));
    let new = followup.new_text.as_deref().filter(|_| extent == Extent::New);
    print_text(new.unwrap_or(&followup.text));
    let opens = followup.kind == EntryKind::Opened;
    let older = new.filter(|_| opens).and_then(|new| Older::of(&followup.text, new));
    let left_out = match &older {
        Some(older) => {
            out::line(&format!("\n    [{} older lines:]", older.lines));
            print_text(&older.shown);
            older.more
        }
        None => new.map_or(0, |new| message::lines_left_out(&followup.text, new)),
    };
    if left_out > 0 {
        out::line(&format!("    [{left_out} lines left out; --full shows them]"));
    }
    print_way_in(followup);
    for attachment in attachments.iter().filter(|attachment| attachment.followup_id == followup.id) {
        let (name, kind) = (out::clean(&attachment.name), out::clean(&attachment.content_type));
        out::line(&format!("    [{}: {name}, {kind}, {} bytes]", attachment.disposition, attachment.size));
    }
}

fn print_text(text: &str) {
    for line in out::clean_text(text).lines() {
        out::line(&format!("    {line}"));
    }
}

/// How somebody who takes no part in the ticket comes to.
fn print_way_in(followup: &Followup) {
    let forged = followup.authentication == Some(Authentication::Fail);
    if let (EntryKind::External, false, Some(address)) = (followup.kind, forged, &followup.writer_address) {
        let (id, address) = (followup.ticket_id, out::clean(address));
        out::line(&format!(
            "    -> `helpdeskd ticket cc {id} {address}` lets them take part, and makes this public"
        ));
    }
}

/// What was found out about its mail, where that leaves a doubt.
fn doubt(followup: &Followup) -> String {
    let found = followup.authentication.filter(|found| *found != Authentication::Pass);
    found.map(|found| format!(", sender not proven: {found}")).unwrap_or_default()
}

async fn export(tx: &mut Tx, whole: &Whole, dir: &Path) -> Result<(), Failure> {
    let failed = |path: &Path, error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::data(format!("{} {error}", path.display())),
        _ => Failure::system(format!("cannot write {}: {error}", path.display())),
    };
    if dir.is_symlink() {
        return Err(Failure::data(format!("{} is a link; name the directory itself", dir.display())));
    }
    private::make_directory(dir).map_err(|error| failed(dir, error))?;
    for (n, attachment) in (1..).zip(&whole.attachments) {
        let Some(blob) = attachment.blob_id else { continue };
        let bytes = store::blobs::read(tx, blob).await?.unwrap_or_default();
        let path = dir.join(private::file_name(n, &attachment.name));
        private::write(&path, &bytes, Existing::Refused).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

/// Where it is in its life; a `!` says that an agent must look.
pub(super) fn state(ticket: &Ticket) -> String {
    let mut state = ticket.status.to_string();
    if ticket.is_held() {
        state.push_str(", on hold");
        if let Some(until) = ticket.held_until {
            state.push_str(" until ");
            state.push_str(&until.to_string());
        }
    }
    if needs_a_look(ticket) {
        state.push_str(" !");
    }
    state
}

/// Whether an agent must look at it.
pub(super) fn needs_a_look(ticket: &Ticket) -> bool {
    ticket.attention_at.is_some() && ticket.is_open()
}
