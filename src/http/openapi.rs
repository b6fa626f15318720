//! The OpenAPI 3.1 document of both APIs, made of the types that their calls are read and answered with.
//!
//! Adds only what all calls of an API have in common.

use std::collections::HashSet;

use utoipa::OpenApi;
use utoipa::openapi::Components;
use utoipa::openapi::Info;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::OpenApiBuilder;
use utoipa::openapi::Paths;
use utoipa::openapi::RefOr;
use utoipa::openapi::Required;
use utoipa::openapi::Schema;
use utoipa::openapi::SecurityRequirement;
use utoipa::openapi::Server;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::security::HttpAuthScheme;
use utoipa::openapi::security::HttpBuilder;
use utoipa::openapi::security::SecurityScheme;
use utoipa::openapi::tag::TagBuilder;

use crate::config::Config;
use crate::http::jaze;
use crate::http::jutda;

const ABOUT: &str = "Two documented APIs on the same tickets: the Jutda Helpdesk API and the Jaze Tickets API. \
    Every call that changes something takes an `Idempotency-Key`: repeated with the same key and arguments within \
    24 hours, it has one effect and one answer.";
const SECURITY: &str = "token";

/// What all calls of an API have in common.
struct Api {
    /// The id of an operation, of its name, its verb and how many steps of its path are arguments.
    id: fn(&str, &str, usize) -> String,
    tag: &'static str,
    /// The content types of bodies.
    bodies: &'static [&'static str],
    security: Option<&'static str>,
}

const JUTDA: Api = Api {
    id: |name, _, _| format!("jutda_{name}"),
    tag: "Jutda Helpdesk API",
    bodies: &["application/x-www-form-urlencoded", "multipart/form-data"],
    security: None,
};

const JAZE: Api = Api {
    id: |name, verb, steps| format!("jaze_{name}_{verb}_{steps}"),
    tag: "Jaze Tickets API",
    bodies: &["application/x-www-form-urlencoded", "multipart/form-data", "application/json"],
    security: Some(SECURITY),
};

/// The document, as JSON text.
pub(crate) fn document(config: &Config) -> String {
    let basic = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("User name: API token. Password: API key."))
        .build();
    let mut components = Components::new();
    components.add_security_scheme(SECURITY, SecurityScheme::Http(basic));
    let mut info = Info::new("helpdeskd", env!("CARGO_PKG_VERSION"));
    info.description = Some(ABOUT.to_owned());
    let tag = |api: &Api, about: &str| TagBuilder::new().name(api.tag).description(Some(about)).build();
    let document = OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new(&config.http.public_url)]))
        .components(Some(components))
        .tags(Some([
            tag(&JUTDA, "Form data in, plain text out; credentials in every request."),
            tag(&JAZE, "Form data or JSON in, a JSON envelope out; HTTP Basic with token and key."),
        ]))
        .build()
        .nest(format!("{}/api", config.http.jutda_mount), common(jutda::document::with_credentials(), &JUTDA))
        .nest("/api/v1", common(with_fewer_steps(jaze::Document::openapi()), &JAZE));
    document.to_json().unwrap_or_default()
}

/// Adds what the calls of an API have in common.
fn common(mut document: Document, api: &Api) -> Document {
    let without_duty = document.components.as_ref().map(without_duty).unwrap_or_default();
    for (path, item) in &mut document.paths.paths {
        let steps = path.matches('{').count();
        for (verb, operation) in [("get", &mut item.get), ("post", &mut item.post)] {
            let Some(operation) = operation else { continue };
            let name = path.trim_start_matches('/').split('/').next().unwrap_or_default();
            operation.operation_id = Some((api.id)(name, verb, steps));
            operation.tags = Some(vec![api.tag.to_owned()]);
            operation.security =
                api.security.map(|name| vec![SecurityRequirement::new(name, Vec::<String>::new())]);
            if let Some(RefOr::T(body)) = &mut operation.request_body {
                every_type(body, api.bodies, &without_duty);
            }
        }
    }
    document
}

/// The schemas of arguments of which none must be there.
fn without_duty(components: &Components) -> HashSet<String> {
    let is_free = |schema: &RefOr<Schema>| matches!(schema, RefOr::T(Schema::Object(object)) if object.required.is_empty());
    let free = components.schemas.iter().filter(|(_, schema)| is_free(schema));
    free.map(|(name, _)| format!("#/components/schemas/{name}")).collect()
}

/// A body may come in any of these types, all alike; and not at all, if it need not hold anything.
fn every_type(body: &mut RequestBody, types: &[&str], without_duty: &HashSet<String>) {
    let Some((_, RefOr::T(content))) = body.content.pop_first() else { return };
    if matches!(&content.schema, Some(RefOr::Ref(schema)) if without_duty.contains(&schema.ref_location)) {
        body.required = Some(Required::False);
    }
    let content = RefOr::T(content);
    body.content = types.iter().map(|name| ((*name).to_owned(), content.clone())).collect();
}

/// All steps of a path but the first may be left out: shorter paths lead to the same calls.
fn with_fewer_steps(mut document: Document) -> Document {
    let mut shorter = Paths::new();
    for (path, item) in &document.paths.paths {
        let (mut path, mut item) = (path.clone(), item.clone());
        while path.matches('{').count() > 1 {
            let Some((rest, step)) = path.rsplit_once('/') else { break };
            let step = step.trim_matches(['{', '}']);
            for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
                let is_step = |name: &str, place: &ParameterIn| name == step && *place == ParameterIn::Path;
                let parameters = operation.parameters.get_or_insert_default();
                parameters.retain(|parameter| match parameter {
                    RefOr::T(parameter) => !is_step(&parameter.name, &parameter.parameter_in),
                    RefOr::Ref(_) => true,
                });
            }
            path = rest.to_owned();
            shorter.paths.insert(path.clone(), item.clone());
        }
    }
    document.paths.paths.extend(shorter.paths);
    document
}
