//! Pages of lists: how many, from where on, and where the next one begins.

use serde::Deserialize;
use serde::Serialize;
use url::form_urlencoded;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::reply::Reply;

const USUAL: i64 = 50;
const MOST: i64 = 200;

/// Which page is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// At most so many, up to 200; 50 if not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<i64>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The `after` of the next page; none behind the last.
    pub(crate) next: Option<i64>,
    /// With `count=true`: how many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<i64>,
    /// Whether there are exactly so many, and not more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count_is_exact: Option<bool>,
}

impl Paging {
    pub(crate) fn new(limit: Option<i64>, after: Option<i64>) -> Self {
        Self { limit, after }
    }

    pub(crate) fn limit(&self) -> Result<i64, Problem> {
        match self.limit.unwrap_or(USUAL) {
            limit @ 1..=MOST => Ok(limit),
            _ => Err(Problem::field("limit", format!("must be from 1 to {MOST}"))),
        }
    }

    pub(crate) fn after(&self) -> Option<i64> {
        self.after
    }

    /// The numbers after which a page begins that is read from the lowest number on.
    pub(crate) fn from(&self) -> i64 {
        self.after.unwrap_or(0)
    }
}

impl<T> Page<T> {
    pub(crate) fn new(items: Vec<T>, next: Option<i64>) -> Self {
        Self { items, next, count: None, count_is_exact: None }
    }

    /// Of one more than the page has, which tells whether there are more.
    pub(crate) fn of(mut rows: Vec<T>, limit: i64, number: impl Fn(&T) -> i64) -> Self {
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_longer = rows.len() > shown;
        rows.truncate(shown);
        let next = rows.last().filter(|_| is_longer).map(number);
        Self::new(rows, next)
    }

    /// What is short enough to be told at once.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self::new(items, None)
    }

    pub(crate) fn map<U>(self, shape: impl FnMut(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(shape).collect();
        Page { items, next: self.next, count: self.count, count_is_exact: self.count_is_exact }
    }
}

impl<T: Serialize> Page<T> {
    /// The answer, with the address of the next page: as this one was asked for.
    pub(crate) fn reply(&self, path: &str, query: Option<&str>) -> Reply {
        let address = self.next.map(|next| {
            let kept = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
                .filter(|(name, _)| name != "after");
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(kept).append_pair("after", &next.to_string());
            format!("{path}?{}", query.finish())
        });
        Reply::of(self).with_next(address.as_deref())
    }
}
