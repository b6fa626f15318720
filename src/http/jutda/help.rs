//! The page that documents the Jutda Helpdesk API, with this server's own addresses in it.
//!
//! Says what the OpenAPI document says.

use std::fmt::Write;

use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::Schema;
use utoipa::openapi::schema::Object;

use crate::http::answer::Answer;
use crate::http::jutda::document;
use crate::http::jutda::document::Method;
use crate::http::jutda::document::Methods;

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222}\
code,pre{background:#f3f3f3}pre{padding:.7em;overflow:auto}dt{font-weight:bold}h2{border-top:1px solid #ccc;padding-top:1em}";

/// The whole page; `base` is where the API is.
pub(crate) fn page(base: &str) -> Answer {
    let (base, document) = (escaped(base), Methods::openapi());
    let methods = document::methods(&document);
    let credentials = document.components.as_ref().and_then(document::credentials);
    let mut body = introduction(&base, credentials, &methods);
    for method in &methods {
        body.push_str(&section(method, &base));
    }
    let title = "Jutda Helpdesk API";
    Answer::html(format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n{body}</body></html>\n"
    ))
}

fn introduction(base: &str, credentials: Option<&Object>, methods: &[Method<'_>]) -> String {
    let list = methods
        .iter()
        .fold(String::new(), |all, method| format!("{all}<li><a href=\"#{0}\">{0}</a></li>\n", method.name));
    format!(
        "<p>Tickets of this desk can be opened and changed by HTTP. Send a POST request to \
         <code>{base}/METHOD/</code> with form data: the credentials and the arguments of the method.</p>\n\
         <dl>\n{}</dl>\n\
         <p>An answer is plain text, or JSON where the method says so. Its status is 200 when the method was \
         carried out, 400 when an argument is wrong, 403 when the credentials are, 404 when something was not \
         found, and 405 when the request was not POST. A call with an <code>Idempotency-Key</code> header can be \
         repeated within 24 hours and has one effect.</p>\n\
         <h2>Examples</h2>\n\
         <pre>/usr/bin/curl {base}/hold_ticket/ --data \"user=susan&amp;password=fido&amp;ticket=31794\"</pre>\n\
         <pre>&lt;?php\n$api = curl_init();\n\
         curl_setopt($api, CURLOPT_URL, \"{base}/hold_ticket/\");\n\
         curl_setopt($api, CURLOPT_POST, 1);\n\
         curl_setopt($api, CURLOPT_POSTFIELDS, \"user=susan&amp;password=fido&amp;ticket=31794\");\n\
         $result = curl_exec($api);\ncurl_close($api);\necho $result;\n?&gt;</pre>\n\
         <h2>Methods</h2>\n<ul>\n{list}</ul>\n",
        credentials.map(definitions).unwrap_or_default()
    )
}

fn section(method: &Method<'_>, base: &str) -> String {
    let name = method.name;
    let arguments = if method.arguments.properties.is_empty() {
        "<p>No arguments.</p>\n".to_owned()
    } else {
        format!("<dl>\n{}</dl>\n", definitions(method.arguments))
    };
    let about = method.operation.summary.as_deref().unwrap_or_default();
    let answer = match method.operation.responses.responses.get("200") {
        Some(RefOr::T(response)) => response.description.as_str(),
        _ => "",
    };
    format!(
        "<h2 id=\"{name}\">{name}</h2>\n<p>{} <code>POST {base}/{name}/</code></p>\n{arguments}\
         <p>Answer: {}</p>\n",
        marked(about),
        marked(answer)
    )
}

fn definitions(arguments: &Object) -> String {
    let mut list = String::new();
    for (name, schema) in &arguments.properties {
        let optional = if arguments.required.contains(name) { "" } else { " (optional)" };
        let about = match schema {
            RefOr::T(Schema::Object(argument)) => argument.description.as_deref(),
            RefOr::Ref(argument) => Some(argument.description.as_str()),
            RefOr::T(_) => None,
        };
        let _ = writeln!(list, "<dt>{name}{optional}</dt><dd>{}</dd>", marked(about.unwrap_or_default()));
    }
    list
}
/// Our own words, where `backticks` mean code.
fn marked(text: &str) -> String {
    let piece = |(n, piece): (usize, &str)| match n % 2 {
        1 => format!("<code>{}</code>", escaped(piece)),
        _ => escaped(piece),
    };
    text.split('`').enumerate().map(piece).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
