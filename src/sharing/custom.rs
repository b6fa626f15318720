//! Custom fields of a shared ticket, kept for read-back.
//!
//! Their shape is the vendor's: usually an object of namespaces, each an object of titles. Nothing here knows
//! what a field means.

use std::collections::HashMap;

use serde_json::Map;
use serde_json::Value;

use crate::sharing::limits;

/// Lays what a partner gives over what is kept: namespaces that he does not name stay, titles match in any
/// case, null changes nothing, and a value of another type than the kept one is skipped.
///
/// A result that would grow beyond the limit is not made; what was kept stays.
#[must_use]
pub fn merge(kept: Option<Value>, given: Value) -> Value {
    let Some(kept) = kept else { return given };
    let merged = lay_over(kept.clone(), given);
    if merged.to_string().len() > limits::CUSTOM_FIELDS { kept } else { merged }
}

fn lay_over(kept: Value, given: Value) -> Value {
    match (kept, given) {
        (Value::Object(kept), Value::Object(given)) => Value::Object(lay_over_titles(kept, given)),
        (kept, given) if kind(&kept) != kind(&given) => kept,
        (_, given) => given,
    }
}

fn lay_over_titles(mut kept: Map<String, Value>, given: Map<String, Value>) -> Map<String, Value> {
    let mut titles: HashMap<String, String> =
        kept.keys().map(|title| (title.to_lowercase(), title.clone())).collect();
    for (title, value) in given.into_iter().filter(|(_, value)| !value.is_null()) {
        let title = titles.entry(title.to_lowercase()).or_insert(title);
        let value = match kept.remove(title) {
            Some(old) => lay_over(old, value),
            None => value,
        };
        kept.insert(title.clone(), value);
    }
    kept
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_partner_gives_is_laid_over_what_is_kept() {
        let kept = json!({"zd_custom_fields": {"Camera model": "X100", "Zoom": 3}, "rt": {"x": 1}});
        let given =
            json!({"zd_custom_fields": {"camera MODEL": "X200", "Zoom": "far", "New": true, "Gone": null}});
        assert_eq!(
            merge(Some(kept), given),
            json!({"zd_custom_fields": {"Camera model": "X200", "Zoom": 3, "New": true}, "rt": {"x": 1}})
        );
    }

    #[test]
    fn odd_shapes_are_kept_as_they_are() {
        assert_eq!(merge(None, json!([1])), json!([1]));
        assert_eq!(merge(Some(json!({"a": 1})), json!([1])), json!({"a": 1}));
        assert_eq!(merge(Some(json!({"a": 1})), json!(null)), json!({"a": 1}));
        assert_eq!(merge(Some(json!([1])), json!([2])), json!([2]));
    }

    #[test]
    fn what_is_kept_does_not_grow_without_end() {
        let many = |from: usize| {
            Value::Object((from..from + 9_000).map(|n| (format!("t{n:09}"), json!(1))).collect())
        };
        let kept = merge(Some(many(0)), many(9_000));
        assert_eq!(kept, merge(Some(kept.clone()), many(18_000)));
    }
}
