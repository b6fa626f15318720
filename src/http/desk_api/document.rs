//! The OpenAPI 3.1 document of the Desk API, made of the types of its handlers, and a page that says the same.
//!
//! Adds what all operations have in common; the scopes come from the one table of operations.

use std::fmt::Write;

use utoipa::openapi::Info;
use utoipa::openapi::OpenApi;
use utoipa::openapi::SecurityRequirement;
use utoipa::openapi::Server;
use utoipa::openapi::path::Operation;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::HttpAuthScheme;
use utoipa::openapi::security::HttpBuilder;
use utoipa::openapi::security::SecurityScheme;

use crate::config::Config;
use crate::http::answer::Answer;
use crate::ticket::scope::Scope;

const SECURITY: &str = "token";
const ABOUT: &str = "Everything that agents and operators do, for programs. Tokens are made by `helpdeskd token add \
    --name NAME --scope read,write,customers,admin` and shown once.";
const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:56em;margin:2em auto;padding:0 1em;color:#222}\
code{background:#f3f3f3}td,th{text-align:left;vertical-align:top;padding:.2em .8em .2em 0}";

/// Adds what the operations have in common.
pub(crate) fn completed(
    mut document: OpenApi,
    config: &Config,
    scope: impl Fn(&str, &str) -> Option<Scope>,
) -> OpenApi {
    document.info = Info::new("helpdeskd Desk API", env!("CARGO_PKG_VERSION"));
    document.info.description = Some(ABOUT.to_owned());
    document.servers = Some(vec![Server::new(format!("{}/api/v2", config.http.public_url))]);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("hdp_…").build();
    document.components.get_or_insert_default().add_security_scheme(SECURITY, SecurityScheme::Http(bearer));
    for (path, item) in &mut document.paths.paths {
        for (verb, operation) in operations_mut(item) {
            let Some(operation) = operation else { continue };
            let name = path.replace(['{', '}'], "").replace(['/', '-'], "_");
            operation.operation_id = Some(format!("{verb}{name}"));
            operation.tags = path.split('/').nth(1).map(|first| vec![first.to_owned()]);
            // OpenAPI 3.1 §4.8.30: roles of a scheme that has no scopes of its own.
            let roles = scope(verb, path).map(Scope::as_str);
            operation.security = Some(vec![SecurityRequirement::new(SECURITY, roles)]);
        }
    }
    document
}

/// What the document says, for people.
pub(crate) fn page(document: &OpenApi) -> Answer {
    let mut rows = String::new();
    for (path, item) in &document.paths.paths {
        for (verb, operation) in operations(item) {
            let Some(operation) = operation else { continue };
            let _ = writeln!(
                rows,
                "<tr><td><code>{}</code><td><code>{}</code><td>{}<td>{}</tr>",
                verb.to_uppercase(),
                escaped(path),
                escaped(&scopes(operation)),
                escaped(
                    operation.summary.as_deref().or(operation.description.as_deref()).unwrap_or_default()
                ),
            );
        }
    }
    Answer::html(format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Desk API</title>\
         <style>{STYLE}</style></head>\n<body>\n<h1>Desk API</h1>\n<p>{}</p>\n\
         <p>The whole description, for programs: <a href=\"/api/v2/openapi.json\">openapi.json</a>.</p>\n\
         <table>\n<tr><th>Method<th>Path<th>Scope<th>What it does</tr>\n{rows}</table>\n</body></html>\n",
        escaped(ABOUT)
    ))
}

fn operations(item: &PathItem) -> [(&'static str, Option<&Operation>); 5] {
    [
        ("get", item.get.as_ref()),
        ("post", item.post.as_ref()),
        ("put", item.put.as_ref()),
        ("patch", item.patch.as_ref()),
        ("delete", item.delete.as_ref()),
    ]
}

fn operations_mut(item: &mut PathItem) -> [(&'static str, Option<&mut Operation>); 5] {
    [
        ("get", item.get.as_mut()),
        ("post", item.post.as_mut()),
        ("put", item.put.as_mut()),
        ("patch", item.patch.as_mut()),
        ("delete", item.delete.as_mut()),
    ]
}

fn scopes(operation: &Operation) -> String {
    let required = operation.security.iter().flatten();
    let written = serde_json::to_value(required.collect::<Vec<_>>()).unwrap_or_default();
    written[0][SECURITY][0].as_str().unwrap_or_default().to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
