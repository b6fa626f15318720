//! One JSON object, taken apart key by key with the protocol's lenience: null is "not given", unknown keys
//! stay behind, a wrong type is refused with the name of the key.
//!
//! Does not know which keys a resource has.

use serde_json::Map;
use serde_json::Value;

use crate::clock::Timestamp;
use crate::sharing::answer::Refusal;
use crate::sharing::date;
use crate::sharing::text;
use crate::sharing::token::WireId;

/// The keys of one object that were not taken yet.
#[derive(Debug)]
pub(crate) struct Fields {
    what: &'static str,
    map: Map<String, Value>,
}

impl Fields {
    /// `what` names the object in refusals.
    pub fn of(value: Value, what: &'static str) -> Result<Self, Refusal> {
        match value {
            Value::Object(map) => Ok(Self { what, map }),
            _ => Err(Refusal::invalid(format!("a {what} must be an object"))),
        }
    }

    /// The value, with null told apart from absence.
    pub fn raw(&mut self, key: &str) -> Option<Value> {
        self.map.remove(key)
    }

    /// The value, if one is given.
    pub fn value(&mut self, key: &str) -> Option<Value> {
        self.raw(key).filter(|value| !value.is_null())
    }

    /// Free text of several lines, up to `limit` bytes.
    pub fn text(&mut self, key: &str, limit: usize) -> Result<Option<String>, Refusal> {
        let text = self.string(key)?.map(|text| text::lines(&text));
        if text.as_ref().is_some_and(|text| text.len() > limit) {
            return Err(self.refuse(key, &format!("is longer than {limit} bytes")));
        }
        Ok(text)
    }

    /// Text of one line, up to `limit` characters; blank is not given.
    pub fn line(&mut self, key: &str, limit: usize) -> Result<Option<String>, Refusal> {
        let Some(text) = self.string(key)? else { return Ok(None) };
        let line = text::one_line(&text);
        if line.chars().count() > limit {
            return Err(self.refuse(key, &format!("is longer than {limit} characters")));
        }
        Ok(Some(line).filter(|line| !line.is_empty()))
    }

    /// Text of one line, or a whole number.
    pub(crate) fn line_or_number(&mut self, key: &str, limit: usize) -> Result<Option<String>, Refusal> {
        if let Some(Value::Number(number)) = self.map.get(key) {
            let number = number.to_string();
            self.map.remove(key);
            return Ok(Some(number));
        }
        self.line(key, limit)
    }

    /// The id of a resource; a number counts as its digits.
    pub fn id(&mut self, key: &str) -> Result<Option<WireId>, Refusal> {
        let text = match self.value(key) {
            None => return Ok(None),
            Some(Value::String(text)) if text.is_empty() => return Ok(None),
            Some(Value::String(text)) => text,
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(self.refuse(key, "must be text")),
        };
        let id = WireId::parse(&text);
        id.map(Some).ok_or_else(|| self.refuse(key, "must be 1 to 64 letters, digits, `-` or `_`"))
    }

    /// A permission. Perl and PHP have no booleans of their own, so 0, 1 and their texts count.
    pub fn flag(&mut self, key: &str) -> Result<Option<bool>, Refusal> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(Value::Number(number)) if number.as_i64() == Some(0) => Ok(Some(false)),
            Some(Value::Number(number)) if number.as_i64() == Some(1) => Ok(Some(true)),
            Some(Value::String(text)) if ["0", "", "false"].contains(&text.as_str()) => Ok(Some(false)),
            Some(Value::String(text)) if ["1", "true"].contains(&text.as_str()) => Ok(Some(true)),
            Some(_) => Err(self.refuse(key, "must be true or false")),
        }
    }

    /// A date in any form in use; blank is not given.
    pub fn date(&mut self, key: &str) -> Result<Option<Timestamp>, Refusal> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => match date::parse(&text) {
                Some(at) => Ok(Some(at)),
                None => Err(self.refuse(key, "is not a date")),
            },
            Some(_) => Err(self.refuse(key, "must be a date as text")),
        }
    }

    /// A list; PHP writes an empty one as `{}`.
    pub fn list(&mut self, key: &str, limit: usize) -> Result<Option<Vec<Value>>, Refusal> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Array(list)) if list.len() <= limit => Ok(Some(list)),
            Some(Value::Array(_)) => Err(self.refuse(key, &format!("has more than {limit} entries"))),
            Some(Value::Object(map)) if map.is_empty() => Ok(Some(vec![])),
            Some(_) => Err(self.refuse(key, "must be a list")),
        }
    }

    /// A value of any shape, up to `limit` bytes when written out.
    pub fn any(&mut self, key: &str, limit: usize) -> Result<Option<Value>, Refusal> {
        let value = self.value(key);
        if value.as_ref().is_some_and(|value| value.to_string().len() > limit) {
            return Err(self.refuse(key, &format!("is longer than {limit} bytes")));
        }
        Ok(value)
    }

    fn string(&mut self, key: &str) -> Result<Option<String>, Refusal> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.refuse(key, "must be text")),
        }
    }

    /// The refusal of one key's value. The value itself is never repeated: it may be a secret.
    pub fn refuse(&self, key: &str, why: &str) -> Refusal {
        Refusal::invalid(format!("`{key}` of the {} {why}", self.what))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: impl Into<Value>) -> Fields {
        Fields::of(json!({ "k": value.into() }), "thing").unwrap()
    }

    #[test]
    fn null_and_absence_are_both_not_given() {
        let given = |value| {
            let mut all = vec![fields(value)];
            all.push(Fields::of(json!({}), "thing").unwrap());
            all
        };
        for mut fields in given(Value::Null) {
            assert_eq!(fields.text("k", 9), Ok(None));
            assert_eq!(fields.id("k"), Ok(None));
            assert_eq!(fields.flag("k"), Ok(None));
            assert_eq!(fields.date("k"), Ok(None));
            assert_eq!(fields.list("k", 9), Ok(None));
        }
    }

    #[test]
    fn an_id_may_be_a_number_but_no_path() {
        assert_eq!(fields(json!(12)).id("k").unwrap().unwrap().as_str(), "12");
        assert_eq!(fields(json!("")).id("k"), Ok(None));
        for bad in [
            json!("../x"),
            json!("a b"),
            json!(1.5),
            json!({}),
            json!([]),
            json!(true),
            json!("x".repeat(65)),
        ] {
            assert_eq!(fields(bad.clone()).id("k").unwrap_err().status(), 422, "{bad}");
        }
    }

    #[test]
    fn wrong_types_are_refused_by_name() {
        assert_eq!(fields(json!(5)).text("k", 9).unwrap_err().to_string(), "`k` of the thing must be text");
        assert_eq!(fields(json!([])).date("k").unwrap_err().status(), 422);
        assert_eq!(
            fields(json!("garbage")).date("k").unwrap_err().to_string(),
            "`k` of the thing is not a date"
        );
        assert_eq!(fields(json!(1_715_000_000)).date("k").unwrap_err().status(), 422);
        assert_eq!(fields(json!({"a": 1})).list("k", 9).unwrap_err().status(), 422);
        assert_eq!(fields(json!("perhaps")).flag("k").unwrap_err().status(), 422);
        assert_eq!(Fields::of(json!(null), "thing").unwrap_err().status(), 422);
    }

    #[test]
    fn sizes_are_bounded() {
        assert_eq!(fields(json!("1234567890")).text("k", 9).unwrap_err().status(), 422);
        assert_eq!(fields(json!("ää")).line("k", 2), Ok(Some("ää".into())));
        assert_eq!(fields(json!("äää")).line("k", 2).unwrap_err().status(), 422);
        assert_eq!(fields(json!([1, 2, 3])).list("k", 2).unwrap_err().status(), 422);
        assert_eq!(fields(json!({"a": "bcdefgh"})).any("k", 9).unwrap_err().status(), 422);
    }
}
