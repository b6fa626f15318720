//! The operations of the Jutda Helpdesk API.

use utoipa::openapi::HttpMethod;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::Paths;
use utoipa::openapi::RefOr;
use utoipa::openapi::Schema;
use utoipa::openapi::Type;
use utoipa::openapi::path::Operation;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::schema::ArrayBuilder;

use crate::http::jutda::method::CREDENTIALS;
use crate::http::jutda::method::Method;
use crate::http::openapi::schema;

pub(crate) const TAG: &str = "Jutda Helpdesk API";

pub(crate) fn add(paths: &mut Paths, mount: &str) {
    for method in Method::ALL {
        let path = format!("{mount}/api/{}/", method.name());
        paths.add_path_operation(path, vec![HttpMethod::Post], operation(method));
    }
}

fn operation(method: Method) -> Operation {
    let arguments = [&CREDENTIALS[..], method.arguments()].concat();
    let text = |about: &str| schema::response(about, "text/plain", schema::string());
    let mut operation = OperationBuilder::new()
        .operation_id(Some(format!("jutda_{}", method.name())))
        .tag(TAG)
        .summary(Some(method.about()))
        .request_body(Some(schema::body(&arguments, schema::FORMS)))
        .response("200", answer(method))
        .response("400", text("An argument is missing or wrong; the text says which."))
        .response("403", text("The credentials are wrong, or their owner may not call."))
        .response("405", text("The request was not POST."));
    if !matches!(method, Method::CreateTicket | Method::ListQueues) {
        operation = operation.response("404", text("There is no such ticket or user."));
    }
    if method.writes() {
        operation = operation.parameter(schema::idempotency_key());
    }
    operation.build()
}

fn answer(method: Method) -> utoipa::openapi::Response {
    let digits = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9]+$"));
    match method {
        Method::ListQueues => {
            let queue = ObjectBuilder::new()
                .schema_type(Type::Object)
                .property("id", digits)
                .required("id")
                .property("title", schema::string())
                .required("title");
            let list = ArrayBuilder::new().items(RefOr::T(Schema::Object(queue.build()))).build();
            schema::response(method.answer(), "text/json", Schema::Array(list))
        }
        Method::CreateTicket | Method::FindUser => {
            schema::response(method.answer(), "text/plain", Schema::Object(digits.build()))
        }
        _ => schema::response(method.answer(), "text/plain", schema::string()),
    }
}
