//! What the arguments and answers of the Jaze Tickets API are made of: texts, numbers, words and times.
//!
//! In JSON, a number or a truth value counts as the text that it is written as.

use std::sync::Arc;

use std::fmt;

use jiff::Timestamp as Moment;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error;
use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::RefOr;
use utoipa::openapi::Schema;
use utoipa::openapi::Type;
use utoipa::openapi::schema::SchemaType;

use crate::clock::Timestamp;
use crate::config::Config;
use crate::desk::prepared::Prepared;

/// A number that a row can have.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Number(pub(crate) i64);

/// A number above 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Positive(pub(crate) i64);

/// Something besides blanks.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Text(pub(crate) String);

/// What somebody says.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Said(pub(crate) Arc<Prepared>);

/// `true` or `false`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Truth(pub(crate) bool);

/// From 1 to 5.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) enum Rating {
    #[serde(rename = "1")]
    One = 1,
    #[serde(rename = "2")]
    Two,
    #[serde(rename = "3")]
    Three,
    #[serde(rename = "4")]
    Four,
    #[serde(rename = "5")]
    Five,
}

/// A minute, of whichever time zone: `dd-mm-yyyy H:m`, with one digit or two.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Minute(DateTime);

/// A time as it is answered: `YYYY-MM-DD HH:MM:SS`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time<'z> {
    pub(crate) at: Timestamp,
    pub(crate) timezone: &'z TimeZone,
}

/// A number as it is answered: as a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits(pub(crate) i64);

/// The account's time zone; the desk's if it has none.
pub(crate) fn timezone(config: &Config) -> &TimeZone {
    config.jaze.timezone.as_ref().unwrap_or(&config.desk.timezone)
}

impl Rating {
    pub(crate) fn number(self) -> i64 {
        self as i64
    }
}

impl<'de> Deserialize<'de> for Positive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        if number > 0 { Ok(Self(number)) } else { Err(D::Error::custom("must be above 0")) }
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self(Arc::new(Prepared::plain(text)))
    }
}

impl<'de> Deserialize<'de> for Minute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("must look like 21-11-2016 17:01"))
    }
}

impl Minute {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | ' ');
        let text = Some(text.trim()).filter(|text| text.chars().all(plain))?;
        let (date, time) = text.split_once(' ')?;
        let (mut date, mut time) = (date.split('-'), time.trim().split(':'));
        let mut date_part =
            |digits: usize| date.next().filter(|part| (1..=digits).contains(&part.len()))?.parse().ok();
        let (day, month, year): (i16, i16, i16) = (date_part(2)?, date_part(2)?, date_part(4)?);
        let mut time_part = || time.next().filter(|part| (1..=2).contains(&part.len()))?.parse::<i8>().ok();
        let (hour, minute) = (time_part()?, time_part()?);
        if date.next().is_some() || time.next().is_some() {
            return None;
        }
        let (day, month) = (i8::try_from(day).ok()?, i8::try_from(month).ok()?);
        DateTime::new(year, month, day, hour, minute, 0, 0).ok().map(Self)
    }

    /// Its first microsecond; none for a time beyond all that can be told.
    pub(crate) fn begins(self, timezone: &TimeZone) -> Option<Timestamp> {
        let zoned = timezone.to_ambiguous_zoned(self.0).compatible().ok()?;
        Some(Timestamp(zoned.timestamp().as_microsecond()))
    }
}

impl fmt::Display for Time<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = Moment::from_microsecond(self.at.0).unwrap_or_default();
        moment.to_zoned(self.timezone.clone()).strftime("%Y-%m-%d %H:%M:%S").fmt(f)
    }
}

impl Serialize for Time<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// As JSON Schema: a text, or what of JSON counts as one.
fn scalar(also: impl IntoIterator<Item = Type>) -> ObjectBuilder {
    let types = [Type::String].into_iter().chain(also).collect();
    ObjectBuilder::new().schema_type(SchemaType::Array(types))
}

/// A schema beside each type, by which it is named in the document.
macro_rules! schemas {
    ($($name:ident $(<$life:lifetime>)? => $schema:expr;)*) => {$(
        impl PartialSchema for $name $(<$life>)? {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }

        impl ToSchema for $name $(<$life>)? {}
    )*};
}

/// Greater numbers than this are none that a row could have.
const GREATEST: i64 = 999_999_999_999_999_999;

fn number(pattern: &str, least: i64) -> ObjectBuilder {
    scalar([Type::Integer]).pattern(Some(pattern)).minimum(Some(least)).maximum(Some(GREATEST))
}

schemas! {
    Number => number("^[0-9]{1,18}$", 0);
    // Always optional: nothing is as good as no argument.
    Positive => number("^[0-9]{0,18}$", 1);
    Text => scalar([Type::Number, Type::Boolean]).pattern(Some(r"\S"));
    Said => scalar([Type::Number, Type::Boolean]).pattern(Some(r"\S"));
    Truth => scalar([Type::Boolean]).enum_values(Some([
        Value::from("true"), Value::from("false"), Value::from(true), Value::from(false),
    ]));
    Rating => scalar([Type::Integer])
        .enum_values(Some((1..=5).flat_map(|n: i64| [Value::from(n), Value::from(n.to_string())])));
    Minute => scalar([]).examples([Value::from("21-11-2016 17:01")]);
    Time<'_> => ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"));
    Digits => ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9]+$"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written_in_the_accounts_zone() {
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        let begins = |text: &str| Minute::parse(text)?.begins(&kolkata);
        let read = |text: &str| begins(text).map(|at| Time { at, timezone: &kolkata }.to_string());
        assert_eq!(read("21-11-2016 17:01"), Some("2016-11-21 17:01:00".to_owned()));
        assert_eq!(read("1-2-2016 7:5"), Some("2016-02-01 07:05:00".to_owned()));
        assert_eq!(begins("01-01-1970 5:30"), Some(Timestamp(0)));
        for wrong in [
            "",
            "21-11-2016",
            "2016-11-21 17:01",
            "31-02-2016 1:1",
            "1-1-2016 24:00",
            "1-1-2016 1:1:1",
            "1-1-1-2016 1:1",
            "a-1-2016 1:1",
            "1-1-2016 1:60",
            "1-1-99999 1:1",
            "+1-1-2016 1:1",
            "1--2016 1:1",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
