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
const GREATEST: i64 = 999_999_999_999_999_999;

pub(crate) const FORMS: &[&str] = &["application/x-www-form-urlencoded", "multipart/form-data"];
pub(crate) const FORMS_AND_JSON: &[&str] =
    &["application/x-www-form-urlencoded", "multipart/form-data", JSON];

const JSON: &str = "application/json";

/// How arguments are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notation {
    Form,
    Json,
}

/// The schema of one argument. A form has texts only; in JSON, a number or a truth value counts as the text that
/// it is written as, and what is optional may also be `null`.
fn argument(argument: &Argument, notation: Notation) -> Schema {
    let types = |also: &[Type]| match notation {
        Notation::Form => SchemaType::Type(Type::String),
        Notation::Json => {
            let null = (argument.need == Need::Optional).then_some(Type::Null);
            SchemaType::Array([Type::String].into_iter().chain(also.iter().cloned()).chain(null).collect())
        }
    };
    let schema = ObjectBuilder::new().description(Some(argument.about)).schema_type(types(&[]));
    let scalar = types(&[Type::Number, Type::Boolean]);
    let schema = match argument.kind {
        Kind::Number(least) => {
            let schema = schema.schema_type(types(&[Type::Integer]));
            let schema =
                schema.pattern(Some(if argument.need == Need::Required { NUMBER } else { OPTIONAL_NUMBER }));
            match notation {
                Notation::Form => schema,
                Notation::Json => schema.minimum(Some(least)).maximum(Some(GREATEST)),
            }
        }
        Kind::Line(most) => schema.schema_type(scalar).max_length(Some(most)).pattern(Some(NOT_BLANK)),
        Kind::Text => schema.schema_type(scalar).pattern(Some(NOT_BLANK)),
        Kind::Email => schema.format(Some(SchemaFormat::Custom("email".to_owned()))),
        Kind::Secret => schema.min_length(Some(1)),
        Kind::Moment(example) => schema.examples([Value::from(example)]),
        Kind::Word(words) => {
            let mut values: Vec<Value> = words.iter().map(|word| Value::from(*word)).collect();
            let mut also = Vec::new();
            if notation == Notation::Json {
                let bare = words.iter().filter_map(|word| serde_json::from_str::<Value>(word).ok());
                values.extend(bare);
                values.extend((argument.need == Need::Optional).then_some(Value::Null));
                also.extend(values.iter().any(Value::is_number).then_some(Type::Integer));
                also.extend(values.iter().any(Value::is_boolean).then_some(Type::Boolean));
            }
            schema.schema_type(types(&also)).enum_values(Some(values))
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
pub(crate) fn body(arguments: &[Argument], types: &[&str]) -> RequestBody {
    let is_needed = arguments.iter().any(|argument| argument.need == Need::Required);
    let needed = if is_needed { Required::True } else { Required::False };
    let mut body = RequestBodyBuilder::new().required(Some(needed));
    for content_type in types {
        let notation = if *content_type == JSON { Notation::Json } else { Notation::Form };
        body = body.content(*content_type, Content::new(Some(RefOr::T(object(arguments, notation)))));
    }
    body.build()
}

pub(crate) fn parameter(of: &Argument, place: ParameterIn) -> Parameter {
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
pub(crate) fn idempotency_key() -> Parameter {
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

pub(crate) fn response(about: &str, content_type: &str, schema: Schema) -> Response {
    ResponseBuilder::new()
        .description(about)
        .content(content_type, Content::new(Some(RefOr::T(schema))))
        .build()
}

pub(crate) fn string() -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).build())
}
