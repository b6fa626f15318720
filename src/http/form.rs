//! The arguments of a call, however its body has them: urlencoded, multipart or JSON.
//!
//! Knows names and texts only. NUL, which PostgreSQL cannot store, becomes U+FFFD here, as do bytes that are
//! no UTF-8.

use std::collections::BTreeMap;
use std::fmt;

use axum::body::Body;
use axum::extract::FromRequest;
use axum::extract::Multipart;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use sha2::Digest;
use sha2::Sha256;
use url::form_urlencoded;

use crate::http::error::ApiError;
use crate::tasks;

/// More arguments than this, repeated ones counted each, are an attack on our memory and time.
const MOST_FIELDS: usize = 1000;

/// The arguments by name. Of a repeated one, the last counts.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(BTreeMap<String, Value>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    /// JSON's `null`: as good as no argument.
    Null,
    /// A list or an object, which no argument is.
    Nested,
}

/// What an API takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    Forms,
    FormsAndJson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Urlencoded,
    Multipart,
    Json,
}

impl Form {
    /// Reads a body by its content type. `request` is the rest of the request, for what it says about itself.
    pub async fn read(kinds: Kinds, request: Request<()>, bytes: Vec<u8>) -> Result<Self, ApiError> {
        let kind = match Kind::of(request.headers(), &bytes) {
            Some(Kind::Json) if kinds == Kinds::Forms => None,
            kind => kind,
        };
        match kind {
            // Without arguments, whatever is asked for is missing.
            None if kinds == Kinds::Forms || bytes.is_empty() => Ok(Self::default()),
            None => Err(ApiError::invalid("The body must be urlencoded, multipart/form-data or JSON")),
            Some(Kind::Multipart) => {
                let size = bytes.len();
                let reading = Self::from_multipart(request.map(|()| Body::from(bytes)));
                tasks::carry(size, reading).await.unwrap_or(Err(ApiError::Internal))
            }
            Some(kind) if bytes.len() <= tasks::LARGE => Self::parse(kind, &bytes),
            Some(kind) => {
                tasks::aside(move || Self::parse(kind, &bytes)).await.unwrap_or(Err(ApiError::Internal))
            }
        }
    }

    /// Arguments that stand in a URL.
    pub fn from_query(query: &str) -> Result<Self, ApiError> {
        Self::parse(Kind::Urlencoded, query.as_bytes())
    }

    /// The text of an argument; none when it is absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        match self.0.get(name)? {
            Value::Text(text) => Some(text),
            Value::Null | Value::Nested => None,
        }
    }

    /// Takes an argument out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        match self.0.remove(name)? {
            Value::Text(text) => Some(text),
            Value::Null | Value::Nested => None,
        }
    }

    pub fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), Value::Text(value));
    }

    /// Whether an argument is there, but as a list or an object.
    pub fn is_nested(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Value::Nested)
    }

    /// Adds the arguments of `other` that are not here.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (name, value) in other.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }

    /// The same for the same arguments, in whatever order and encoding they came.
    pub fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let mut add = |bytes: &[u8]| {
            digest.update((bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        };
        for (name, value) in &self.0 {
            add(name.as_bytes());
            // No text has these bytes.
            add(match value {
                Value::Text(text) => text.as_bytes(),
                Value::Null => &[0xff],
                Value::Nested => &[0xfe],
            });
        }
        digest.finalize().into()
    }

    fn parse(kind: Kind, bytes: &[u8]) -> Result<Self, ApiError> {
        if kind == Kind::Json {
            return serde_json::from_slice(bytes)
                .map_err(|_| ApiError::invalid("The body is not a JSON object of texts and numbers"));
        }
        let mut reading = Reading::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            reading.put(name.into_owned(), Value::Text(clean(value.into_owned())))?;
        }
        Ok(reading.form)
    }

    async fn from_multipart(request: Request) -> Result<Self, ApiError> {
        let broken = || ApiError::invalid("The multipart body is broken");
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let mut reading = Reading::default();
        while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(|_| broken())?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            reading.put(name, Value::Text(clean(text)))?;
        }
        Ok(reading.form)
    }
}

/// A form that is being read.
#[derive(Default)]
struct Reading {
    form: Form,
    /// Arguments so far, repeated ones counted each.
    taken: usize,
}

impl Reading {
    fn put(&mut self, name: String, value: Value) -> Result<(), ApiError> {
        self.taken += 1;
        if self.taken > MOST_FIELDS {
            return Err(ApiError::invalid("Too many arguments"));
        }
        self.form.0.insert(clean(name), value);
        Ok(())
    }
}

/// Digits of a number; one of more is none that a row could have.
const MOST_DIGITS: usize = 18;

/// A number as people write one: digits, perhaps with blanks around them.
pub fn number(text: &str) -> Option<i64> {
    let digits = text.trim();
    if (1..=MOST_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        None
    }
}

/// Without NUL.
pub fn clean(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

impl fmt::Debug for Form {
    /// The names only: values may be passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Kind {
    /// By the content type; a body that has none is looked at.
    fn of(headers: &HeaderMap, bytes: &[u8]) -> Option<Self> {
        let Some(value) = headers.get(header::CONTENT_TYPE) else {
            let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
            return Some(if first == Some(&b'{') { Self::Json } else { Self::Urlencoded });
        };
        let essence = value.to_str().ok()?.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Some(Self::Urlencoded),
            "multipart/form-data" => Some(Self::Multipart),
            "application/json" | "text/json" => Some(Self::Json),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FormVisitor)
    }
}

struct FormVisitor;

impl<'de> Visitor<'de> for FormVisitor {
    type Value = Form;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Form, A::Error> {
        let mut reading = Reading::default();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            reading.put(name, value).map_err(|_| serde::de::Error::custom("too many arguments"))?;
        }
        Ok(reading.form)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(clean(text.to_owned())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Text(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Text(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Text(number.to_string()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    /// Skipped without recursion, however deep it is.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Nested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Option<Form> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn numbers_and_texts_are_the_same_argument() {
        let form =
            json(r#"{"a": 7, "b": "7", "c": true, "d": null, "e": [[1], {"x": 2}], "f": {}}"#).unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("c")), (Some("7"), Some("7"), Some("true")));
        assert_eq!((form.get("d"), form.get("e"), form.get("f")), (None, None, None));
        assert!(form.is_nested("e") && form.is_nested("f") && !form.is_nested("d") && !form.is_nested("g"));
        assert!(json("[1]").is_none() && json("\"a\"").is_none() && json("{\"a\": 1").is_none());
    }

    #[test]
    fn deep_json_is_skipped_or_refused() {
        let deep = format!("{{\"a\": {}{}, \"b\": 1}}", "[".repeat(500_000), "]".repeat(500_000));
        assert_eq!(json(&deep).map(|form| form.get("b").map(str::to_owned)), Some(Some("1".to_owned())));
        assert!(json(&"{\"a\":".repeat(500_000)).is_none());
    }

    #[test]
    fn the_last_of_repeated_arguments_counts_and_nul_is_replaced() {
        let form = Form::from_query("a=1&a=2&b=x%00y&c=%ff&d").unwrap();
        assert_eq!(form.get("a"), Some("2"));
        assert_eq!(
            (form.get("b"), form.get("c"), form.get("d")),
            (Some("x\u{fffd}y"), Some("\u{fffd}"), Some(""))
        );
        assert!(Form::from_query(&(0..2000).fold(String::new(), |all, n| format!("{all}&a{n}=1"))).is_err());
        assert!(Form::from_query(&"a=1&".repeat(2000)).is_err());
    }

    #[test]
    fn a_digest_is_of_the_arguments_and_not_of_how_they_were_sent() {
        let form = |text: &str| Form::from_query(text).unwrap().digest();
        assert_eq!(form("a=1&b=2"), form("b=%32&a=1"));
        assert_eq!(form("a=1&b=2"), json(r#"{"b": 2, "a": "1"}"#).unwrap().digest());
        assert_ne!(form("a=1&b=2"), form("a=12&b="));
        assert_ne!(form("ab=c"), form("a=bc"));
    }
}
