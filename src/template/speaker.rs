//! Catalogues inside of a template: what `{{ word("closed_copy.says") }}` becomes.
//!
//! Gives words what they are filled in with; what they are is read elsewhere.

use std::sync::Arc;

use minijinja::AutoEscape;
use minijinja::Error;
use minijinja::ErrorKind;
use minijinja::State;
use minijinja::Value;
use minijinja::value::Object;

use crate::template::view::Values;
use crate::template::words::APART;
use crate::template::words::Catalogues;
use crate::template::words::Failing;
use crate::template::words::Manner;
use crate::template::words::Medium;

/// Says words in one locale, filled in with the values of one mail or page.
#[derive(Debug)]
pub(crate) struct Speaker {
    words: Arc<Catalogues>,
    locale: String,
    values: Value,
    failing: Failing,
}

/// The value by which a template finds its speaker.
const SPEAKER: &str = "__speaker";
/// Values that are names of people.
const PEOPLE: [&str; 4] = ["recipient", "actor", "owner", "submitter"];
impl Object for Speaker {}

/// The values of a template, with somebody who says its words.
pub(crate) fn given(words: &Arc<Catalogues>, locale: &str, mut values: Values, failing: Failing) -> Values {
    let [begin, end] = APART;
    let mut within = values.clone();
    for name in PEOPLE {
        if let Some(person) = within.get_mut(name).filter(|person| person.is_true()) {
            *person = Value::from(format!("{begin}{person}{end}"));
        }
    }
    let (words, locale, within) = (Arc::clone(words), locale.to_owned(), Value::from_object(within));
    values.insert(SPEAKER, Value::from_object(Speaker { words, locale, values: within, failing }));
    values
}

/// The function of that name.
pub(crate) fn word(state: &State<'_, '_>, key: &str) -> Result<Value, Error> {
    let speaker = state.lookup(SPEAKER);
    let Some(speaker) = speaker.as_ref().and_then(|value| value.downcast_object_ref::<Speaker>()) else {
        return Err(Error::new(ErrorKind::InvalidOperation, "nobody is there to say words"));
    };
    let medium = if *state.auto_escape() == AutoEscape::None { Medium::Text } else { Medium::Html };
    let manner = Manner { medium, failing: speaker.failing };
    speaker.words.say(&speaker.locale, key, &speaker.values, manner)
}
