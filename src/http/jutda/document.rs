//! The methods as the OpenAPI document and the help page have them, below where the API is.

use utoipa::OpenApi;
use utoipa::openapi::Components;
use utoipa::openapi::OpenApi as Described;
use utoipa::openapi::Ref;
use utoipa::openapi::RefOr;
use utoipa::openapi::Schema;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::Object;

use crate::http::jutda::call::Credentials;
use crate::http::jutda::create;
use crate::http::jutda::read;
use crate::http::jutda::work;

/// Each with its arguments, credentials aside.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        create::create_ticket,
        work::delete_ticket,
        work::hold_ticket,
        work::unhold_ticket,
        work::add_followup,
        work::resolve,
        read::list_queues,
        read::find_user,
    ),
    components(schemas(Credentials))
)]
pub(crate) struct Methods;

/// One method.
pub(crate) struct Method<'d> {
    pub(crate) name: &'d str,
    pub(crate) operation: &'d Operation,
    pub(crate) arguments: &'d Object,
}

/// The methods with the credentials that every body holds.
pub(crate) fn with_credentials() -> Described {
    let mut document = Methods::openapi();
    let Some(components) = &mut document.components else { return document };
    let Some(credentials) = credentials(components).cloned() else { return document };
    let operations = document.paths.paths.values().filter_map(|item| item.post.as_ref());
    for name in operations.filter_map(name_of_body) {
        let Some(RefOr::T(Schema::Object(body))) = components.schemas.get_mut(name) else { continue };
        let mut properties = credentials.properties.clone();
        properties.extend(std::mem::take(&mut body.properties));
        body.properties = properties;
        body.required.splice(0..0, credentials.required.iter().cloned());
    }
    document
}

/// What a document of [`Methods`] says of each.
pub(crate) fn methods(document: &Described) -> Vec<Method<'_>> {
    let Some(components) = &document.components else { return Vec::new() };
    let method = |(path, operation)| {
        let arguments = object(components, name_of_body(operation)?)?;
        Some(Method { name: str::trim_matches(path, '/'), operation, arguments })
    };
    let posted =
        document.paths.paths.iter().filter_map(|(path, item)| Some((path.as_str(), item.post.as_ref()?)));
    posted.filter_map(method).collect()
}

pub(crate) fn credentials(components: &Components) -> Option<&Object> {
    object(components, "Credentials")
}

fn object<'c>(components: &'c Components, name: &str) -> Option<&'c Object> {
    match components.schemas.get(name)? {
        RefOr::T(Schema::Object(object)) => Some(object),
        _ => None,
    }
}

/// By which name the schema of an operation's body is kept.
fn name_of_body(operation: &Operation) -> Option<&str> {
    let Some(RefOr::T(body)) = &operation.request_body else { return None };
    let Some(RefOr::T(content)) = body.content.values().next() else { return None };
    let Some(RefOr::Ref(Ref { ref_location, .. })) = &content.schema else { return None };
    ref_location.rsplit('/').next()
}
