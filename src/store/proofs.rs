//! What must hold between the tables: for each rule, the rows that break it.
//!
//! Mends nothing. Every statement gives `id` and `detail`, and reads the whole table once.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::MailboxId;

/// A rule between tables.
#[derive(Clone, Copy, Debug)]
pub struct Proof {
    /// The rule's name, for programs.
    pub name: &'static str,
    /// What `id` is the number of.
    pub what: &'static str,
    /// What is the matter with it, for people.
    pub says: &'static str,
    sql: &'static str,
}

/// A row that breaks a rule.
#[derive(Clone, Debug)]
pub struct Broken {
    pub id: i64,
    pub detail: Option<String>,
}

row!(Broken { id, detail });

const fn proof(name: &'static str, what: &'static str, says: &'static str, sql: &'static str) -> Proof {
    Proof { name, what, says, sql }
}

/// All rules but those about time.
pub const ALL: &[&[Proof]] = &[OUTCOMES, ENTRIES, BYTES, LEDGERS, TIMES, REFERENCES];

/// What became of a received message, against what it made.
const OUTCOMES: &[Proof] = &[
    proof(
        "outcome-unknown",
        "message",
        "its outcome is none that a message can have",
        "select id, outcome as detail from inbox where outcome is not null and outcome not in ('ticket',
            'followup', 'duplicate', 'ignored', 'suspended', 'bounce', 'quarantined', 'deleted', 'expired',
            'before first contact') order by id",
    ),
    proof(
        "ticket-gone",
        "message",
        "its ticket is not there, and nobody deleted it",
        "select inbox.id, outcome as detail from inbox left join tickets on tickets.id = inbox.ticket_id
            where outcome in ('ticket', 'followup') and coalesce(reason, '') <> 'ticket deleted'
                and tickets.id is null order by inbox.id",
    ),
    proof(
        "entry-gone",
        "message",
        "its ticket has no entry that came from it",
        "select inbox.id, outcome as detail from inbox join tickets on tickets.id = inbox.ticket_id
            where outcome in ('ticket', 'followup') and coalesce(reason, '') not in ('commands', 'ticket deleted')
                and not exists (select 1 from followups where followups.ticket_id = inbox.ticket_id
                    and followups.inbox_id = inbox.id) order by inbox.id",
    ),
    proof(
        "outcome-forged",
        "message",
        "its outcome is another than what it made",
        "select distinct inbox.id, coalesce(outcome, 'none') as detail from followups
            join inbox on inbox.id = followups.inbox_id
            where outcome is null or outcome not in ('ticket', 'followup', 'bounce')
                or (outcome <> 'ticket' and followups.kind = 'opened')
                or (outcome = 'ticket' and not exists (select 1 from followups as first
                    where first.ticket_id = followups.ticket_id and first.inbox_id = inbox.id
                        and first.kind = 'opened'))
            order by inbox.id",
    ),
    proof(
        "outcome-unfounded",
        "message",
        "nothing shows that it was what its outcome says",
        "select id, outcome as detail from inbox
            where outcome = 'ignored' and coalesce(reason, '') not in ('rule', 'rule-delete', 'probe', 'question',
                    'spam-said', 'ticket deleted')
                or outcome = 'suspended' and coalesce(reason, '') in ('', 'rule', 'rule-delete', 'probe')
                or outcome = 'before first contact' and extent <> 'none'
                or outcome = 'expired' and blob_id is not null
                or outcome = 'deleted' and blob_id is not null
                    and not exists (select 1 from tombstones where tombstones.digest = inbox.digest)
                or outcome = 'bounce' and coalesce(reason, '') <> 'ticket deleted' and trace is not null
                    and trace not like '%repeated%'
                    and not exists (select 1 from bounces where bounces.inbox_id = inbox.id)
                    and not exists (select 1 from followups where followups.ticket_id = inbox.ticket_id
                        and followups.inbox_id = inbox.id)
            order by id",
    ),
    proof(
        "duplicate-of-nothing",
        "message",
        "no mail is known of which it could be the duplicate",
        "select id, outcome as detail from inbox
            where outcome = 'duplicate' and coalesce(reason, '') <> 'ticket deleted'
                and not exists (select 1 from tombstones where tombstones.digest = inbox.digest)
                and (ticket_id is null and blob_id is not null
                        and not exists (select 1 from inbox as other
                            where other.blob_id = inbox.blob_id and other.id <> inbox.id)
                    or ticket_id is not null and cast(id as text) not in (
                        select new from events where kind = 'mail.duplicate' and new is not null))
            order by id",
    ),
    proof(
        "tombstone-gone",
        "message",
        "its ticket was deleted, and the mark that keeps it from coming back is not there",
        "select id, outcome as detail from inbox where reason = 'ticket deleted'
            and not exists (select 1 from tombstones where tombstones.digest = inbox.digest) order by id",
    ),
    proof(
        "message-id-gone",
        "message",
        "its Message-ID leads to its ticket no more: answers to it would open new tickets",
        "select inbox.id, outcome as detail from inbox join tickets on tickets.id = inbox.ticket_id
            where outcome in ('ticket', 'followup', 'bounce') and inbox.message_id is not null
                and not exists (select 1 from message_ids where message_ids.message_id = inbox.message_id
                    and message_ids.ticket_id = inbox.ticket_id) order by inbox.id",
    ),
];

/// Entries of conversations, and what hangs on them. Those of a merged ticket go with the survivor, also when that is
/// deleted.
const ENTRIES: &[Proof] = &[
    proof(
        "entry-gone",
        "entry",
        "it is logged, and not there",
        "select distinct events.entry_id as id, 'of ticket ' || cast(events.ticket_id as text) as detail
            from events join tickets on tickets.id = events.ticket_id
                left join tickets as survivor on survivor.id = tickets.merged_into
                left join followups on followups.id = events.entry_id
            where events.entry_id is not null and followups.id is null
                and events.entry_id not in (select split.entry_id from events as split
                    join events as gone on cast(gone.ticket_id as text) = split.new and gone.kind = 'ticket.deleted'
                    where split.kind = 'ticket.split' and split.entry_id is not null)
                and (tickets.status <> 'merged' or survivor.status <> 'merged') order by 1",
    ),
    proof(
        "entry-gone",
        "entry",
        "it was mailed, and is not there",
        "select distinct outbox.followup_id as id, 'of ticket ' || cast(outbox.ticket_id as text) as detail
            from outbox join tickets on tickets.id = outbox.ticket_id
                left join tickets as survivor on survivor.id = tickets.merged_into
                left join followups on followups.id = outbox.followup_id
            where outbox.followup_id is not null and followups.id is null
                and (tickets.status <> 'merged' or survivor.status <> 'merged') order by 1",
    ),
    proof(
        "entries-gone",
        "ticket",
        "it has no entry at all",
        "select id, status as detail from tickets where status <> 'merged'
            and not exists (select 1 from followups where followups.ticket_id = tickets.id) order by id",
    ),
    proof(
        "entry-unindexed",
        "entry",
        "its words are not in the index: a search does not find it",
        "select followups.id, 'of ticket ' || cast(followups.ticket_id as text) as detail from followups
            where followups.id > (select next from word_backfill where word_backfill.id = 1)
                and not exists (select 1 from entry_words where entry_words.id = followups.id) order by followups.id",
    ),
    proof(
        "message-gone",
        "entry",
        "the message that it came from is not in the journal",
        "select followups.id, 'of ticket ' || cast(followups.ticket_id as text) as detail
            from followups left join inbox on inbox.id = followups.inbox_id
            where followups.inbox_id is not null and inbox.id is null order by followups.id",
    ),
    proof(
        "attachment-gone",
        "entry",
        "the bytes of an attachment are not there, or are not as many as came",
        "select attachments.followup_id as id, 'attachment ' || cast(attachments.id as text) as detail
            from attachments left join blobs on blobs.id = attachments.blob_id
            where attachments.disposition <> 'left_out' and (blobs.id is null or blobs.size <> attachments.size)
            order by 1",
    ),
];

/// Bytes that are kept.
const BYTES: &[Proof] = &[
    proof(
        "raw-gone",
        "message",
        "its raw bytes are not there, and nobody let go of them",
        "select inbox.id, coalesce(outcome, 'none') as detail from inbox left join blobs on blobs.id = inbox.blob_id
            where extent <> 'none' and blobs.id is null
                and (inbox.blob_id is not null or outcome is null or trace is not null) order by inbox.id",
    ),
    proof(
        "raw-changed",
        "message",
        "its raw bytes are others than those that came",
        "select inbox.id, coalesce(outcome, 'none') as detail from inbox join blobs on blobs.id = inbox.blob_id
            where blobs.digest <> inbox.digest order by inbox.id",
    ),
    proof(
        "bytes-cut",
        "bytes",
        "they are not as many as they were",
        "select blobs.id, cast(blobs.size as text) as detail from blobs
            where blobs.size <> length(blobs.first_chunk) + coalesce((select sum(length(bytes)) from blob_chunks
                where blob_chunks.blob_id = blobs.id), 0) order by blobs.id",
    ),
];

/// What was counted, against what is there.
const LEDGERS: &[Proof] = &[
    proof(
        "ticket-gone",
        "ticket",
        "it is logged and not there, and nobody deleted it",
        "select events.ticket_id as id, min(events.door) as detail
            from events left join tickets on tickets.id = events.ticket_id
            where tickets.id is null and events.kind not in ('settings.changed', 'user.changed') group by events.ticket_id
            having sum(case when events.kind = 'ticket.deleted' then 1 else 0 end) = 0 order by 1",
    ),
    proof(
        "event-gone",
        "ticket",
        "not everything that happened to it is in the log",
        "select tickets.id, cast(tickets.events as text) || ' were counted' as detail from tickets
            where tickets.events <> (select count(distinct events.seq) from events
                where events.ticket_id = tickets.id and events.seq <= tickets.events) order by tickets.id",
    ),
    proof(
        "mail-gone",
        "ticket",
        "not every mail that was written about it is in the outbox",
        "select tickets.id, cast(coalesce(counted.mails, 0) as text) || ' were counted' as detail from tickets
            left join (select ticket_id, cast(sum(mails) as bigint) as mails from written_mails
                group by ticket_id) as counted on counted.ticket_id = tickets.id
            where coalesce(counted.mails, 0)
                <> (select count(*) from outbox where outbox.ticket_id = tickets.id)
            order by tickets.id",
    ),
    proof(
        "draft-gone",
        "ticket",
        "a draft was kept for it that is not there, and was neither sent nor discarded",
        "select kept.ticket_id as id, 'draft ' || kept.new as detail from events as kept
            join tickets on tickets.id = kept.ticket_id
            where kept.field = 'draft' and kept.new is not null
                and kept.new not in (select cast(id as text) from drafts)
                and kept.new not in (select old from events where field = 'draft' and old is not null) order by 1",
    ),
    proof(
        "mail-never-tried",
        "outgoing mail",
        "it counts as sent, and no attempt was made",
        "select id, account as detail from outbox where state = 'sent' and (attempts = 0 or settled_at is null)
            order by id",
    ),
    proof(
        "mail-unknown",
        "outgoing mail",
        "nobody knows whether it arrived: `outbox retry` or `outbox cancel`",
        "select id, account as detail from outbox where state = 'unknown' order by id",
    ),
    proof(
        "quarantined",
        "message",
        "it could not be handled: see `quarantine show`",
        "select id, reason as detail from inbox where outcome = 'quarantined' order by id",
    ),
];

/// What reports and targets are counted from.
const TIMES: &[Proof] = &[
    proof(
        "rating-unfounded",
        "ticket",
        "it has a rating that is none, or that nobody gave",
        "select ticket_id as id, cast(value as text) as detail from ratings where value not between 1 and 5
            or not exists (select 1 from events where events.ticket_id = ratings.ticket_id
                and events.kind = 'ticket.rated') order by ticket_id",
    ),
    proof(
        "measure-gone",
        "ticket",
        "it was answered, and that is not counted",
        "select id, status as detail from tickets where answered_at is not null and not exists (
            select 1 from measures where measures.ticket_id = tickets.id and measures.kind = 'first_answer') order by id",
    ),
    proof(
        "measure-wrong",
        "ticket",
        "something that is counted of it cannot be, or counts elsewhere",
        "select tickets.id, measures.kind as detail from measures join tickets on tickets.id = measures.ticket_id
            where measures.kind not in ('first_answer', 'next_answer', 'resolved', 'merged', 'reopened')
                or measures.minutes < 0 or measures.met not in (0, 1) or measures.queue_id <> tickets.queue_id
                or coalesce(measures.type_id, 0) <> coalesce(tickets.type_id, 0)
                or coalesce(measures.owner_id, 0) <> coalesce(tickets.owner_id, 0) order by tickets.id",
    ),
    proof(
        "clock-wrong",
        "ticket",
        "its clocks or targets do not fit each other",
        "select id, status as detail from tickets where answer_spent < 0 or resolution_spent < 0
            or status not in ('open', 'reopened') and target_at is not null
            or status in ('open', 'reopened') and (late_at > due_at or late_at > answer_due_at
                or late_at > resolution_due_at
                or late_at is null and coalesce(due_at, answer_due_at, resolution_due_at) is not null
                or late_at is not null and coalesce(due_at, answer_due_at, resolution_due_at) is null)
            order by id",
    ),
];

/// References that each database keeps by itself, unless somebody went around it.
const REFERENCES: &[Proof] = &[
    proof(
        "reference-broken",
        "entry",
        "its ticket is not there",
        "select followups.id, followups.kind as detail from followups
            left join tickets on tickets.id = followups.ticket_id where tickets.id is null order by followups.id",
    ),
    proof(
        "reference-broken",
        "attachment",
        "its entry is not there",
        "select attachments.id, attachments.disposition as detail from attachments
            left join followups on followups.id = attachments.followup_id where followups.id is null
            order by attachments.id",
    ),
    proof(
        "reference-broken",
        "draft",
        "its ticket, or the entry that keeps it, is not there",
        "select drafts.id, drafts.kind as detail from drafts
            left join tickets on tickets.id = drafts.ticket_id
            left join followups on followups.id = drafts.entry_id
            where tickets.id is null or drafts.entry_id is not null and followups.id is null order by drafts.id",
    ),
    proof(
        "reference-broken",
        "outgoing mail",
        "its ticket is not there",
        "select outbox.id, outbox.state as detail from outbox left join tickets on tickets.id = outbox.ticket_id
            where outbox.ticket_id is not null and tickets.id is null order by outbox.id",
    ),
    proof(
        "reference-broken",
        "Message-ID",
        "its ticket is not there",
        "select message_ids.id, cast(message_ids.ticket_id as text) as detail from message_ids
            left join tickets on tickets.id = message_ids.ticket_id where tickets.id is null order by message_ids.id",
    ),
    proof(
        "reference-broken",
        "ticket",
        "one of its people is not there",
        "select tickets.id, tickets.status as detail from tickets
            left join users as submitters on submitters.id = tickets.submitter_id
            left join users as owners on owners.id = tickets.owner_id
            where tickets.submitter_id is not null and submitters.id is null
                or tickets.owner_id is not null and owners.id is null order by tickets.id",
    ),
];

/// The rows that break a rule, the first of them.
pub async fn find(tx: &mut Tx, proof: &Proof) -> Result<Vec<Broken>, sqlx::Error> {
    on!(tx, |conn| sqlx::query_as(proof.sql).fetch_all(conn).await)
}

/// When the newest message of a mailbox was recorded.
pub async fn newest(
    tx: &mut Tx,
    mailbox_id: MailboxId,
    uid_validity: Option<i64>,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let sql =
        "select recorded_at from inbox where mailbox_id = $1 and uid_validity = $2 order by uid desc limit 1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(mailbox_id).bind(uid_validity).fetch_optional(conn).await)
}

/// Messages that were recorded before a moment and are not handled yet.
pub async fn unfinished(tx: &mut Tx, before: Timestamp) -> Result<Vec<Broken>, sqlx::Error> {
    let sql = "select id, 'begun ' || cast(attempts as text) || ' times' as detail from inbox
        where outcome is null and recorded_at < $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(before).fetch_all(conn).await)
}
