//! The OpenAPI 3.1 document of both APIs, made of the same tables that the calls are read by.

mod jaze;
mod jutda;
mod schema;

use utoipa::openapi::Components;
use utoipa::openapi::Info;
use utoipa::openapi::OpenApiBuilder;
use utoipa::openapi::Paths;
use utoipa::openapi::Server;
use utoipa::openapi::security::HttpAuthScheme;
use utoipa::openapi::security::HttpBuilder;
use utoipa::openapi::security::SecurityScheme;
use utoipa::openapi::tag::TagBuilder;

use crate::config::Config;

const ABOUT: &str = "Two documented APIs on the same tickets: the Jutda Helpdesk API and the Jaze Tickets API. \
    Every call that changes something takes an `Idempotency-Key`: repeated with the same key and arguments within \
    24 hours, it has one effect and one answer.";

/// The document, as JSON text.
pub(crate) fn document(config: &Config) -> String {
    let mut paths = Paths::new();
    jutda::add(&mut paths, &config.http.jutda_mount);
    jaze::add(&mut paths);
    let basic = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("User name: API token. Password: API key."))
        .build();
    let mut components = Components::new();
    components.add_security_scheme(jaze::SECURITY, SecurityScheme::Http(basic));
    let mut info = Info::new("helpdeskd", env!("CARGO_PKG_VERSION"));
    info.description = Some(ABOUT.to_owned());
    let tag = |name: &str, about: &str| TagBuilder::new().name(name).description(Some(about)).build();
    let document = OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new(&config.http.public_url)]))
        .paths(paths)
        .components(Some(components))
        .tags(Some([
            tag(jutda::TAG, "Form data in, plain text out; credentials in every request."),
            tag(jaze::TAG, "Form data or JSON in, a JSON envelope out; HTTP Basic with token and key."),
        ]))
        .build();
    document.to_json().unwrap_or_default()
}
