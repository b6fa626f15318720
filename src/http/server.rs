//! What every handler is given.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::desk::app::App;
use crate::http::body::Budget;
use crate::http::credentials::Credentials;
use crate::http::desk_api::rate::Rates;
use crate::http::gate::Gate;

/// Streams of events at the same time.
const STREAMS: usize = 64;

/// Gives the metrics in Prometheus' text format.
pub type Render = Arc<dyn Fn() -> String + Send + Sync>;

/// What every handler is given. Each layer of each request clones it, so it is no more than a pointer.
#[derive(Clone)]
pub(crate) struct Server(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) app: App,
    pub(crate) render: Render,
    pub(crate) credentials: Arc<Credentials>,
    /// The OpenAPI document.
    pub(crate) document: Arc<str>,
    /// Limits how many calls are handled at the same time.
    pub(crate) gate: Gate,
    /// Limits the memory that request bodies take together.
    pub(crate) budget: Budget,
    /// What is left to each token of the Desk API.
    pub(crate) rates: Rates,
    /// Limits how many follow events by a stream.
    pub(crate) streams: Arc<Semaphore>,
}

impl Server {
    pub(crate) fn new(app: App, render: Render, document: String) -> Self {
        let desk = app.desk();
        let http = &desk.config.http;
        let (gate, budget) = (Gate::new(http.max_requests), Budget::new(http.max_body_size));
        let credentials = Arc::new(Credentials::new(&desk.ids));
        let document = document.into();
        let (rates, streams) = (Rates::default(), Arc::new(Semaphore::new(STREAMS)));
        Self(Arc::new(Parts { app, render, credentials, document, gate, budget, rates, streams }))
    }
}

impl Deref for Server {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}
