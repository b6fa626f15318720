//! The arguments of a call as a struct: each field takes the argument of its name, in the struct's order, and
//! the first that is wrong is named.
//!
//! Texts only: lists and objects are no arguments.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::de::DeserializeSeed;
use serde::de::Deserializer;
use serde::de::Error;
use serde::de::IntoDeserializer;
use serde::de::SeqAccess;
use serde::de::Visitor;
use serde::forward_to_deserialize_any;

use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::form::number;

/// What an argument of nothing but blanks is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blank {
    Text,
    Missing,
}

/// Takes the fields of `T` out of a form.
pub(crate) fn take<T: DeserializeOwned>(form: &mut Form, blank: Blank) -> Result<T, ApiError> {
    T::deserialize(Arguments { form, blank }).map_err(|mistake| ApiError::Invalid(mistake.0))
}

/// What is wrong with an argument; first without its name, then with it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Mistake(String);

impl Error for Mistake {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }
}

impl Mistake {
    fn about(name: &str, what: &dyn fmt::Display) -> Self {
        Self(format!("The argument {name} {what}"))
    }
}

struct Arguments<'f> {
    form: &'f mut Form,
    blank: Blank,
}

impl<'de> Deserializer<'de> for Arguments<'_> {
    type Error = Mistake;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        // Left out in silence, a filter would filter nothing.
        if let Some(name) = fields.iter().find(|name| self.form.is_nested(name)) {
            return Err(Mistake::about(name, &"must be a text or a number"));
        }
        visitor.visit_seq(Fields { arguments: self, names: fields.iter() })
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Mistake> {
        Err(Mistake::custom("arguments are the fields of a struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Fields<'f> {
    arguments: Arguments<'f>,
    names: std::slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Fields<'_> {
    type Error = Mistake;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Mistake> {
        let Some(name) = self.names.next() else { return Ok(None) };
        let text = self.arguments.form.take(name);
        let text = text.filter(|text| self.arguments.blank == Blank::Text || !text.trim().is_empty());
        seed.deserialize(Argument(text)).map(Some).map_err(|mistake| Mistake::about(name, &mistake))
    }
}

/// The text of one argument, if it is there.
struct Argument(Option<String>);

impl Argument {
    fn required(self) -> Result<String, Mistake> {
        self.0.ok_or_else(|| Mistake::custom("is missing"))
    }

    /// One of `words`, blanks around it aside.
    fn word(self, words: &'static [&'static str]) -> Result<&'static str, Mistake> {
        let text = self.required()?;
        let found = words.iter().find(|word| **word == text.trim());
        found.copied().ok_or_else(|| Mistake(format!("must be one of: {}", words.join(", "))))
    }
}

impl<'de> Deserializer<'de> for Argument {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_string(self.required()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        if self.0.is_some() { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_bool(self.word(&["true", "false"])? == "true")
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let number = number(&self.required()?);
        visitor.visit_i64(number.ok_or_else(|| Mistake::custom("must be a number"))?)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        visitor.visit_enum(self.word(variants)?.into_deserializer())
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Sample {
        user_id: i64,
        sort: Option<Sort>,
        shown: Option<bool>,
        words: Option<String>,
    }

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Sort {
        Up,
        Down,
    }

    fn read(query: &str, blank: Blank) -> Result<Sample, String> {
        let mut form = Form::from_query(query).unwrap();
        take(&mut form, blank).map_err(|error: ApiError| error.to_string())
    }

    #[test]
    fn fields_are_read_by_name_and_blanks_are_as_the_api_has_them() {
        let sample = Sample { user_id: 7, sort: Some(Sort::Down), shown: Some(true), words: None };
        assert_eq!(read("words=+&shown=true&sort=+down&userId=+7+&other=1", Blank::Missing), Ok(sample));
        let sample = Sample { user_id: 7, sort: None, shown: None, words: Some(" ".to_owned()) };
        assert_eq!(read("userId=7&words=+", Blank::Text), Ok(sample));
    }

    #[test]
    fn the_first_mistake_is_told_with_the_name_of_its_argument() {
        for (query, told) in [
            ("sort=left", "The argument userId is missing"),
            ("userId=+", "The argument userId is missing"),
            ("userId=x&sort=left", "The argument userId must be a number"),
            ("userId=7&sort=left", "The argument sort must be one of: up, down"),
            ("userId=7&shown=yes", "The argument shown must be one of: true, false"),
        ] {
            assert_eq!(read(query, Blank::Missing), Err(told.to_owned()), "{query}");
        }
        let mut form: Form = serde_json::from_str(r#"{"words": []}"#).unwrap();
        let refused = take::<Sample>(&mut form, Blank::Missing).unwrap_err().to_string();
        assert_eq!(refused, "The argument words must be a text or a number");
    }
}
