//! `/events`: what happens to all tickets, to be followed by position. Read page by page, waited for, or streamed.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::response::sse;
use axum::response::sse::KeepAlive;
use axum::response::sse::Sse;
use futures_util::stream;
use serde::Deserialize;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::watch;
use tokio::time::Instant;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::http::desk_api::call::Look;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::problem::Problems;
use crate::http::desk_api::read::Params;
use crate::http::desk_api::reply::Reply;
use crate::http::desk_api::values::Moment;
use crate::http::error::ApiError;
use crate::store::db::positions;
use crate::store::events::Placed;
use crate::ticket::event::Kind;
use crate::ticket::scope::Scope;

const USUAL: i64 = 50;
const MOST: i64 = 200;
/// Events that are looked at for one answer, whether they are wanted or not.
const LOOKED_AT: i64 = 10_000;
const STEP: i64 = 500;
/// Seconds that a call can wait.
const LONGEST_WAIT: u64 = 30;
/// A stream ends after this, and its reader comes again with its token.
const LONGEST_STREAM: Duration = Duration::from_mins(15);
const HEARTBEAT: Duration = Duration::from_secs(20);
/// Kinds that are of no ticket, and for operators.
const ADMIN_ONLY: [Kind; 2] = [Kind::UserChanged, Kind::SettingsChanged];

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// At most so many, up to 200; 50 if not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The position behind which to read: the `next` of the answer before. The oldest if not given; a stream then
    /// begins with what happens next.
    after: Option<i64>,
    /// Kinds with commas between them, `ticket.*` for all of a sort; all if not given.
    kinds: Option<String>,
    /// Seconds to wait for something to tell, up to 30.
    #[param(minimum = 0, maximum = 30)]
    wait: Option<u64>,
}

/// Some events, and where to go on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Feed {
    items: Vec<PlacedShape>,
    /// The `after` of the next call.
    next: i64,
}

/// Something that happened, with its place among all events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlacedEvent)]
pub(crate) struct PlacedShape {
    position: i64,
    id: i64,
    /// `ticket.opened`, `ticket.status`, `entry.public` and others.
    kind: &'static str,
    at: Moment,
    ticket_id: Option<i64>,
    /// 1, 2, 3 for each ticket.
    seq: Option<i64>,
    entry_id: Option<i64>,
    actor_id: Option<i64>,
    /// The API token that asked for it.
    token_id: Option<i64>,
    door: String,
    data: Changed,
}

/// What changed, and how.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Changed {
    field: String,
    from: Option<String>,
    to: Option<String>,
}

/// Follows what happens. With `Accept: text/event-stream` as a stream of server-sent events, whose `id` is the position
/// and whose `data` is the event; `Last-Event-ID` goes on behind one.
#[utoipa::path(get, path = "/events", params(Asked), responses(
    (status = 200, description = "Some of them, none if nothing happened.", body = Feed), Problems))]
pub(crate) async fn follow(
    look: Look,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = Wanted::read(asked.kinds.as_deref(), look.caller.has(Scope::Admin))?;
    let accepts = |value: &str| value.split(',').any(|kind| kind.trim().starts_with("text/event-stream"));
    if headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(accepts) {
        return streamed(look, &asked, &headers, wanted).await;
    }
    let limit @ 1..=MOST = asked.limit.unwrap_or(USUAL) else {
        return Err(Problem::field("limit", format!("must be from 1 to {MOST}")));
    };
    let wait @ 0..=LONGEST_WAIT = asked.wait.unwrap_or(0) else {
        return Err(Problem::field("wait", format!("must be from 0 to {LONGEST_WAIT}")));
    };
    let wait = Duration::from_secs(wait);
    // An answer has to leave before the request's own time is over.
    let until = Instant::now() + wait.min(look.desk.config.http.request_timeout / 2);
    let mut reader =
        Reader { at: asked.after.unwrap_or(0), told: look.server.app.wake.positions(), look, wanted };
    let items = reader.wait(limit, until).await?;
    let items = items.into_iter().map(PlacedShape::of).collect();
    Ok(Reply::of(&Feed { items, next: reader.at }).into_response())
}

/// Which kinds are told.
#[derive(Clone, Debug)]
struct Wanted(Vec<Kind>);

impl Wanted {
    fn read(kinds: Option<&str>, is_admin: bool) -> Result<Self, Problem> {
        let mut wanted: Vec<Kind> = Vec::new();
        for word in kinds.into_iter().flat_map(|kinds| kinds.split(',')).map(str::trim) {
            let fits = |kind: &&Kind| match word.strip_suffix('*') {
                Some(sort) => sort.ends_with('.') && kind.as_str().starts_with(sort),
                None => kind.as_str() == word,
            };
            let before = wanted.len();
            wanted.extend(Kind::ALL.iter().filter(fits));
            if wanted.len() == before {
                return Err(Problem::field("kinds", format!("there is no kind `{word}`")));
            }
        }
        if kinds.is_none() {
            wanted = Kind::ALL.to_vec();
        }
        wanted.retain(|kind| is_admin || !ADMIN_ONLY.contains(kind));
        Ok(Self(wanted))
    }
}

/// One who follows events.
#[derive(Debug)]
struct Reader {
    look: Look,
    wanted: Wanted,
    at: i64,
    told: watch::Receiver<i64>,
}

impl Reader {
    /// What there is now, and goes on behind it.
    async fn read(&mut self, limit: i64) -> Result<Vec<Placed>, Problem> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let mut tx = self.look.server.app.db.look().await?;
        for _ in 0..LOOKED_AT / STEP {
            let rows = positions::list_after(&mut tx, self.at, STEP).await?;
            let is_last = i64::try_from(rows.len()).unwrap_or(STEP) < STEP;
            for row in rows {
                self.at = row.position;
                if self.wanted.0.contains(&row.event.kind) {
                    found.push(row);
                    if found.len() == most {
                        return Ok(found);
                    }
                }
            }
            if is_last {
                break;
            }
        }
        Ok(found)
    }

    /// The same, once there is something or the time is over.
    async fn wait(&mut self, limit: i64, until: Instant) -> Result<Vec<Placed>, Problem> {
        let tasks = self.look.server.app.tasks.clone();
        loop {
            // What comes while it is read is seen after it.
            let known = *self.told.borrow_and_update();
            let found = self.read(limit).await?;
            if !found.is_empty() || Instant::now() >= until {
                return Ok(found);
            }
            if self.at < known {
                continue;
            }
            tokio::select! {
                told = self.told.changed() => if told.is_err() { return Ok(found) },
                () = tokio::time::sleep_until(until) => {}
                () = tasks.draining() => return Ok(found),
            }
        }
    }
}

async fn streamed(
    look: Look,
    asked: &Asked,
    headers: &HeaderMap,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let place = look.server.streams.clone().try_acquire_owned().map_err(|_| ApiError::Busy)?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let at = match (last.map(str::parse), asked.after) {
        (Some(Ok(at)), _) | (None, Some(at)) => at,
        (Some(Err(_)), _) => return Err(Problem::field("Last-Event-ID", "must be a position")),
        (None, None) => positions::reach(&mut look.server.app.db.look().await?).await?.last,
    };
    let reader = Reader { at, told: look.server.app.wake.positions(), look, wanted };
    let state =
        Stream { reader, ready: VecDeque::new(), until: Instant::now() + LONGEST_STREAM, _place: place };
    let events = stream::unfold(state, Stream::next);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response())
}

struct Stream {
    reader: Reader,
    ready: VecDeque<Placed>,
    until: Instant,
    /// Held as long as the stream goes on.
    _place: OwnedSemaphorePermit,
}

impl Stream {
    async fn next(mut self) -> Option<(Result<sse::Event, Infallible>, Self)> {
        if self.ready.is_empty() {
            // A failure ends the stream; its reader comes again with the last position.
            self.ready.extend(self.reader.wait(MOST, self.until).await.ok()?);
        }
        let placed = self.ready.pop_front()?;
        let id = placed.position.to_string();
        let event = sse::Event::default().id(id).event(placed.event.kind.as_str());
        let event = event.json_data(PlacedShape::of(placed)).ok()?;
        Some((Ok(event), self))
    }
}

impl PlacedShape {
    fn of(placed: Placed) -> Self {
        let Placed { event, id, position } = placed;
        Self {
            position,
            id,
            kind: event.kind.as_str(),
            at: Moment(event.at),
            ticket_id: Some(event.ticket_id.0).filter(|id| *id != 0),
            seq: event.seq,
            entry_id: event.entry_id.map(|id| id.0),
            actor_id: event.actor_id.map(|id| id.0),
            token_id: event.token_id.map(|id| id.0),
            door: event.door,
            data: Changed { field: event.field, from: event.old, to: event.new },
        }
    }
}
