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
/// Digits of a number that a row can have.
const NUMBER: &str = r"^[0-9]{1,18}$";

pub const FORMS: &[&str] = &["application/x-www-form-urlencoded", "multipart/form-data"];
pub const FORMS_AND_JSON: &[&str] =
    &["application/x-www-form-urlencoded", "multipart/form-data", "application/json"];

/// The schema of one argument.
pub fn argument(argument: &Argument) -> Schema {
    let schema = ObjectBuilder::new().description(Some(argument.about)).schema_type(Type::String);
    let schema = match argument.kind {
        Kind::Number => schema
            .schema_type(SchemaType::Array(vec![Type::Integer, Type::String]))
            .minimum(Some(0))
            .maximum(Some(999_999_999_999_999_999_i64))
            .pattern(Some(NUMBER)),
        Kind::Line(most) => schema.max_length(Some(most)).pattern(Some(NOT_BLANK)),
        Kind::Text => schema.pattern(Some(NOT_BLANK)),
        Kind::Email => schema.format(Some(SchemaFormat::Custom("email".to_owned()))),
        Kind::Secret => schema.min_length(Some(1)),
        Kind::Moment(example) => schema.examples([Value::from(example)]),
        Kind::Word(words) => words_of(schema, words),
    };
    Schema::Object(schema.build())
}

/// An object with these arguments.
pub fn object(arguments: &[Argument]) -> Schema {
    let mut schema = ObjectBuilder::new().schema_type(Type::Object);
    for one in arguments {
        schema = schema.property(one.name, argument(one));
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
        body = body.content(*content_type, Content::new(Some(RefOr::T(object(arguments)))));
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
        .schema(Some(argument(of)))
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
fn words_of(schema: ObjectBuilder, words: &[&str]) -> ObjectBuilder {
    let mut values: Vec<Value> = words.iter().map(|word| Value::from(*word)).collect();
    let parsed = words.iter().filter_map(|word| serde_json::from_str::<Value>(word).ok());
    let bare: Vec<Value> = parsed.collect();
    let types = match bare.first() {
        Some(Value::Number(_)) => SchemaType::Array(vec![Type::String, Type::Integer]),
        Some(Value::Bool(_)) => SchemaType::Array(vec![Type::String, Type::Boolean]),
        _ => SchemaType::Type(Type::String),
    };
    values.extend(bare);
    schema.schema_type(types).enum_values(Some(values))
}
