//! The operations of the Jaze Tickets API.

use serde_json::Value;
use utoipa::openapi::HttpMethod;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::Paths;
use utoipa::openapi::RefOr;
use utoipa::openapi::Response;
use utoipa::openapi::Schema;
use utoipa::openapi::SecurityRequirement;
use utoipa::openapi::Type;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::ArrayBuilder;

use crate::http::jaze::operation::Operation;
use crate::http::jaze::words;
use crate::http::openapi::schema;

pub(crate) const TAG: &str = "Jaze Tickets API";
pub(crate) const SECURITY: &str = "token";

const STATES: &[&str] = &["open", "onhold", "unassigned", "closed"];

pub(crate) fn add(paths: &mut Paths) {
    for operation in Operation::ALL {
        // Steps that may be left out make further paths.
        let least = operation.path().iter().take(1).count();
        for steps in least..=operation.path().len() {
            let path = operation.path()[..steps]
                .iter()
                .fold(format!("/api/v1/{}", operation.name()), |path, step| {
                    format!("{path}/{{{}}}", step.name)
                });
            for verb in operation.verbs().split(", ") {
                let method = if verb == "GET" { HttpMethod::Get } else { HttpMethod::Post };
                paths.add_path_operation(&path, vec![method], described(operation, steps, verb));
            }
        }
    }
}

fn described(operation: Operation, steps: usize, verb: &str) -> utoipa::openapi::path::Operation {
    let id = format!("jaze_{}_{}_{steps}", operation.name(), verb.to_lowercase());
    let mut built = OperationBuilder::new()
        .operation_id(Some(id))
        .tag(TAG)
        .summary(Some(operation.about()))
        .security(SecurityRequirement::new(SECURITY, Vec::<String>::new()))
        .response("200", answer(operation));
    for (status, about) in [
        ("400", "An argument is missing or wrong; the message names it."),
        ("401", "Token or key is wrong."),
        ("403", "The ticket is another customer's, or the customer is disabled."),
        ("404", "There is no such ticket, user, admin or type."),
        ("405", "The verb is wrong; the Allow header has the right ones."),
        ("413", "The body is too large."),
    ] {
        built = built.response(status, failure(about));
    }
    for step in &operation.path()[..steps] {
        built = built.parameter(schema::parameter(step, ParameterIn::Path));
    }
    let arguments = operation.arguments();
    if verb == "POST" && !arguments.is_empty() {
        built = built.request_body(Some(schema::body(arguments, schema::FORMS_AND_JSON)));
    }
    if verb == "GET" {
        for argument in arguments {
            built = built.parameter(schema::parameter(argument, ParameterIn::Query));
        }
    }
    if !matches!(operation, Operation::GetTickets | Operation::GetTicketDetails) {
        built = built.parameter(schema::idempotency_key());
    }
    built.build()
}

fn answer(operation: Operation) -> Response {
    let (name, value) = match operation {
        Operation::GetTickets => ("data", list(object(&[("Ticket", ticket())]))),
        Operation::GetTicketDetails => ("message", details()),
        _ => ("message", schema::string()),
    };
    let mut fields = vec![("status", words_of(&["success"])), ("errorCode", code()), (name, value)];
    if operation == Operation::RaiseTicket {
        fields.push(("ticketId", digits()));
    }
    schema::response("Done.", "application/json", object(&fields))
}

fn failure(about: &str) -> Response {
    let fields = [("status", words_of(&["error"])), ("errorCode", code()), ("message", schema::string())];
    schema::response(about, "application/json", object(&fields))
}

fn ticket() -> Schema {
    object(&[
        ("id", digits()),
        ("account_id", schema::string()),
        ("user", digits()),
        ("subject", schema::string()),
        ("type", schema::string()),
        ("priority", words_of(words::PRIORITIES)),
        ("due", schema::string()),
        ("status", words_of(STATES)),
        ("assigned_to", schema::string()),
        ("group_name", schema::string()),
        ("created", time()),
    ])
}

fn details() -> Schema {
    let entry = object(&[
        ("sender", words_of(&["admin", "user"])),
        ("sender_name", schema::string()),
        ("ticket_message", schema::string()),
        ("created", time()),
        ("show_to_user", words_of(&["0", "1"])),
    ]);
    let ticket =
        object(&[("status", words_of(STATES)), ("assigned_to", schema::string()), ("created", time())]);
    object(&[("ticket_conversation", list(entry)), ("ticket_details", ticket)])
}

/// An object of which every field is always there.
fn object(fields: &[(&str, Schema)]) -> Schema {
    let object = ObjectBuilder::new().schema_type(Type::Object);
    let object = fields
        .iter()
        .fold(object, |object, (name, field)| object.property(*name, field.clone()).required(*name));
    Schema::Object(object.build())
}

fn list(entry: Schema) -> Schema {
    Schema::Array(ArrayBuilder::new().items(RefOr::T(entry)).build())
}

fn code() -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(Type::Integer).build())
}

fn digits() -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9]+$")).build())
}

fn time() -> Schema {
    let pattern = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$";
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build())
}

fn words_of(words: &[&str]) -> Schema {
    let values: Vec<Value> = words.iter().map(|word| Value::from(*word)).collect();
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).build())
}
