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

/// More arguments than this are an attack on our memory.
const MOST_FIELDS: usize = 1000;
/// A larger body is read on a thread where it holds up nobody else.
const LARGE: usize = 128 * 1024;

/// The arguments by name. Of a repeated one, the last counts.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(BTreeMap<String, Option<String>>);

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
            Some(Kind::Multipart) => Self::from_multipart(request.map(|()| Body::from(bytes))).await,
            Some(kind) if bytes.len() <= LARGE => Self::parse(kind, &bytes),
            Some(kind) => tokio::task::spawn_blocking(move || Self::parse(kind, &bytes))
                .await
                .unwrap_or(Err(ApiError::Internal)),
        }
    }

    /// Arguments that stand in a URL.
    pub fn from_query(query: &str) -> Result<Self, ApiError> {
        Self::parse(Kind::Urlencoded, query.as_bytes())
    }

    /// The text of an argument; none when it is absent or JSON's `null`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_deref()
    }

    /// Takes an argument out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)?
    }

    pub fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), Some(value));
    }

    /// Adds the arguments of `other` that are not here.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (name, value) in other.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }

    /// The same for the same arguments, in whatever order and encoding they came; without those named.
    pub fn digest(&self, without: &[&str]) -> [u8; 32] {
        let mut digest = Sha256::new();
        let mut add = |bytes: &[u8]| {
            digest.update((bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        };
        for (name, value) in self.0.iter().filter(|(name, _)| !without.contains(&name.as_str())) {
            add(name.as_bytes());
            // JSON's null is no empty text.
            add(value.as_ref().map_or(&[0xff], |value| value.as_bytes()));
        }
        digest.finalize().into()
    }

    fn parse(kind: Kind, bytes: &[u8]) -> Result<Self, ApiError> {
        if kind == Kind::Json {
            return serde_json::from_slice(bytes)
                .map_err(|_| ApiError::invalid("The body is not a JSON object of texts and numbers"));
        }
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            form.put(&name, Some(&value))?;
        }
        Ok(form)
    }

    async fn from_multipart(request: Request) -> Result<Self, ApiError> {
        let broken = || ApiError::invalid("The multipart body is broken");
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(|_| broken())?;
            form.put(&name, Some(&String::from_utf8_lossy(&bytes)))?;
        }
        Ok(form)
    }

    fn put(&mut self, name: &str, value: Option<&str>) -> Result<(), ApiError> {
        if self.0.len() >= MOST_FIELDS {
            return Err(ApiError::invalid("Too many arguments"));
        }
        self.0.insert(clean(name), value.map(clean));
        Ok(())
    }
}

/// A number as people write one: digits, perhaps with blanks around them.
pub fn number(text: &str) -> Option<i64> {
    let digits = text.trim();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        None
    }
}

/// Without NUL.
pub fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
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
        let mut form = Form::default();
        while let Some((name, Scalar(value))) = map.next_entry::<String, Scalar>()? {
            form.put(&name, value.as_deref()).map_err(|_| serde::de::Error::custom("too many arguments"))?;
        }
        Ok(form)
    }
}

/// A text, or what is written as one; nothing for lists, objects and null.
struct Scalar(Option<String>);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar(Some(text.to_owned())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar(Some(number.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar(Some(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar(Some(number.to_string())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar(Some(value.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar(None))
    }

    /// Skipped without recursion, however deep it is.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
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
    }

    #[test]
    fn a_digest_is_of_the_arguments_and_not_of_how_they_were_sent() {
        let form = |text: &str| Form::from_query(text).unwrap().digest(&["password"]);
        assert_eq!(form("a=1&b=2&password=x"), form("b=%32&a=1&password=y"));
        assert_eq!(form("a=1&b=2"), json(r#"{"b": 2, "a": "1"}"#).unwrap().digest(&[]));
        assert_ne!(form("a=1&b=2"), form("a=12&b="));
        assert_ne!(form("ab=c"), form("a=bc"));
    }
}
