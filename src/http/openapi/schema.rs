//! Arguments as JSON Schema, and the parts that the operations of both APIs have in common.

use serde_json::Value;
use utoipa::openapi::Content;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::RefOr;
use utoipa::openapi::Required;
use utoipa::openapi::Response;
use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::Schema;
use utoipa::openapi::SchemaFormat;
use utoipa::openapi::Type;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::path::ParameterBuilder;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::SchemaType;

use crate::http::spec::Argument;
use crate::http::spec::Kind;
use crate::http::spec::Need;

/// Something besides blanks.
const NOT_BLANK: &str = r"\S";
/// Digits of a number that a row can have; where it is optional, none of them is as good as no argument.
const NUMBER: &str = r"^[0-9]{1,18}$";
const OPTIONAL_NUMBER: &str = r"^[0-9]{0,18}$";

pub const FORMS: &[&str] = &["application/x-www-form-urlencoded", "multipart/form-data"];
pub const FORMS_AND_JSON: &[&str] = &["application/x-www-form-urlencoded", "multipart/form-data", JSON];

const JSON: &str = "application/json";

/// How arguments are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notation {
    Form,
    Json,
}

/// The schema of one argument. In JSON, one that is optional may also be `null`.
fn argument(argument: &Argument, notation: Notation) -> Schema {
    let may_be_null = argument.need == Need::Optional && notation == Notation::Json;
    let types = |types: &[Type]| {
        let null = may_be_null.then_some(Type::Null);
        SchemaType::Array(types.iter().cloned().chain(null).collect())
    };
    let schema = ObjectBuilder::new().description(Some(argument.about)).schema_type(types(&[Type::String]));
    // A number or a truth value counts as the text that it is written as.
    let scalar = types(&[Type::String, Type::Number, Type::Boolean]);
    let schema = match argument.kind {
        Kind::Number(least) => schema
            .schema_type(types(&[Type::Integer, Type::String]))
            .minimum(Some(least))
            .maximum(Some(999_999_999_999_999_999_i64))
            .pattern(Some(if argument.need == Need::Required { NUMBER } else { OPTIONAL_NUMBER })),
        Kind::Line(most) => schema.schema_type(scalar).max_length(Some(most)).pattern(Some(NOT_BLANK)),
        Kind::Text => schema.schema_type(scalar).pattern(Some(NOT_BLANK)),
        Kind::Email => schema.format(Some(SchemaFormat::Custom("email".to_owned()))),
        Kind::Secret => schema.min_length(Some(1)),
        Kind::Moment(example) => schema.examples([Value::from(example)]),
        Kind::Word(words) => {
            let (kinds, mut values) = words_of(words);
            values.extend(may_be_null.then_some(Value::Null));
            schema.schema_type(types(&kinds)).enum_values(Some(values))
        }
    };
    Schema::Object(schema.build())
}

/// An object with these arguments.
fn object(arguments: &[Argument], notation: Notation) -> Schema {
    let mut schema = ObjectBuilder::new().schema_type(Type::Object);
    for one in arguments {
        schema = schema.property(one.name, argument(one, notation));
        if one.need == Need::Required {
            schema = schema.required(one.name);
        }
    }
    Schema::Object(schema.build())
}

/// A body with these arguments, in any of these types.
pub fn body(arguments: &[Argument], types: &[&str]) -> RequestBody {
    let is_needed = arguments.iter().any(|argument| argument.need == Need::Required);
    let needed = if is_needed { Required::True } else { Required::False };
    let mut body = RequestBodyBuilder::new().required(Some(needed));
    for content_type in types {
        let notation = if *content_type == JSON { Notation::Json } else { Notation::Form };
        body = body.content(*content_type, Content::new(Some(RefOr::T(object(arguments, notation)))));
    }
    body.build()
}

pub fn parameter(of: &Argument, place: ParameterIn) -> Parameter {
    // What stands in a path is always there.
    let needed = matches!(place, ParameterIn::Path) || of.need == Need::Required;
    ParameterBuilder::new()
        .name(of.name)
        .parameter_in(place)
        .required(if needed { Required::True } else { Required::False })
        .description(Some(of.about))
        .schema(Some(argument(of, Notation::Form)))
        .build()
}

/// The header that makes a call repeatable.
pub fn idempotency_key() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("Repeated with the same key within 24 hours, the call has one effect."))
        .schema(Some(schema))
        .build()
}

pub fn response(about: &str, content_type: &str, schema: Schema) -> Response {
    ResponseBuilder::new()
        .description(about)
        .content(content_type, Content::new(Some(RefOr::T(schema))))
        .build()
}

pub fn string() -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).build())
}

/// Numbers and truth values may also be written as such, where JSON has them.
fn words_of(words: &[&str]) -> (Vec<Type>, Vec<Value>) {
    let mut values: Vec<Value> = words.iter().map(|word| Value::from(*word)).collect();
    let parsed = words.iter().filter_map(|word| serde_json::from_str::<Value>(word).ok());
    let bare: Vec<Value> = parsed.collect();
    let types = match bare.first() {
        Some(Value::Number(_)) => vec![Type::String, Type::Integer],
        Some(Value::Bool(_)) => vec![Type::String, Type::Boolean],
        _ => vec![Type::String],
    };
    values.extend(bare);
    (types, values)
}
