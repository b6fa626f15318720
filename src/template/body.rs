//! What somebody wrote, as text and as HTML: cleaned once for all mails that show it.
//!
//! Does not sanitise HTML; that is done by whoever has it.

use std::sync::Arc;

use minijinja::State;
use minijinja::Value;
use minijinja::value::Object;

use crate::mail::compose::slot;
use crate::mail::compose::slot::Form;
use crate::mail::compose::slot::Forms;
use crate::template::clean;

/// A longer body, both of its forms together, is left out of the mails that show it and kept once for all of them.
const SMALL: usize = 8 * 1024;
/// Shorter values are no body of those.
const SHORTEST: usize = 64;
/// Longest text of an earlier entry, in characters; the whole of it is on the ticket.
const EARLIER: usize = 4000;

/// The words of a mail. Copies share them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Body(Arc<Shown>);

#[derive(Debug, PartialEq, Eq)]
struct Shown {
    text: Value,
    html: Value,
    /// Whether the HTML is more than the text says.
    formatted: bool,
}

/// The bodies of one mail that are left out of it, by which a template finds them.
#[derive(Debug)]
pub(crate) struct Bodies(Vec<Body>);

/// The name of that value.
pub(crate) const BODIES: &str = "__bodies";

impl Object for Bodies {}

impl Body {
    /// With its HTML as given, or made from the text.
    pub(crate) fn new(text: &str, html: Option<&str>) -> Self {
        let text = clean::block(text);
        let given = html.filter(|html| !html.trim().is_empty());
        let formatted = given.is_some();
        let html = given.map_or_else(|| clean::html(&text), str::to_owned);
        Self(Arc::new(Shown { text: text.into(), html: Value::from_safe_string(html), formatted }))
    }

    /// As much of an earlier entry as stands below a mail.
    pub(crate) fn earlier(text: &str) -> Self {
        Self::new(&clean::shortened(clean::beginning(text), EARLIER), None)
    }

    pub(crate) fn text(&self) -> &str {
        self.0.text.as_str().unwrap_or_default()
    }

    pub(crate) fn html(&self) -> &str {
        self.0.html.as_str().unwrap_or_default()
    }

    pub(crate) fn forms(&self) -> Forms<'_> {
        Forms { text: self.text(), html: self.html() }
    }

    /// `text` and `html`, as templates see them.
    pub(crate) fn values(&self) -> [(&'static str, Value); 2] {
        [("text", self.0.text.clone()), ("html", self.0.html.clone())]
    }

    /// Whether both are the same words in memory.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn is_large(&self) -> bool {
        self.text().len() + self.html().len() > SMALL
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::new("", None)
    }
}

impl Bodies {
    /// Those that are large.
    pub(crate) fn of<'a>(all: impl Iterator<Item = &'a Body>) -> Self {
        Self(all.filter(|body| body.is_large()).cloned().collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of a mail with these values.
    pub(crate) fn listed(value: Option<&Value>) -> Vec<Body> {
        let bodies = value.and_then(|value| value.downcast_object_ref::<Self>());
        bodies.map(|bodies| bodies.0.clone()).unwrap_or_default()
    }
}

/// What is written in the place of a value that is a body kept elsewhere.
pub(crate) fn mark(state: &State<'_, '_>, value: &str) -> Option<String> {
    let (number, form) = find(state, value, |number, body| {
        let forms = [(body.text(), Form::Text), (body.html(), Form::Html)];
        forms.into_iter().find(|(known, _)| is_same(known, value)).map(|(_, form)| (number, form))
    })?;
    slot::mark(number, form)
}

/// The HTML of a value that is such a body's text, as `lines` makes it.
pub(crate) fn lines(state: &State<'_, '_>, value: &str) -> Option<Value> {
    find(state, value, |_, body| {
        let made = !body.0.formatted && is_same(body.text(), value);
        made.then(|| body.0.html.clone())
    })
}

fn find<T>(state: &State<'_, '_>, value: &str, at: impl Fn(usize, &Body) -> Option<T>) -> Option<T> {
    if value.len() < SHORTEST {
        return None;
    }
    let bodies = state.lookup(BODIES)?;
    let bodies = bodies.downcast_object_ref::<Bodies>()?;
    bodies.0.iter().enumerate().find_map(|(number, body)| at(number, body))
}

/// Copies of a value share its text, and what was made of it is another one.
fn is_same(known: &str, value: &str) -> bool {
    std::ptr::eq(known.as_ptr(), value.as_ptr()) && known.len() == value.len()
}
