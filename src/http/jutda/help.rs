//! The page that documents the Jutda Helpdesk API, with this server's own addresses in it.

use std::fmt::Write;

use crate::http::answer::Answer;
use crate::http::jutda::method::CREDENTIALS;
use crate::http::jutda::method::Method;
use crate::http::server::Server;
use crate::http::spec::Argument;
use crate::http::spec::Need;

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222}\
code,pre{background:#f3f3f3}pre{padding:.7em;overflow:auto}dt{font-weight:bold}h2{border-top:1px solid #ccc;padding-top:1em}";

/// The whole page.
pub(crate) fn page(server: &Server) -> Answer {
    let http = &server.app.desk.config.http;
    let base = format!("{}{}/api", http.public_url, http.jutda_mount);
    let mut body = introduction(&escaped(&base));
    for method in Method::ALL {
        body.push_str(&section(method, &escaped(&base)));
    }
    let title = "Jutda Helpdesk API";
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n{body}</body></html>\n"
    );
    Answer::html(page)
}

fn introduction(base: &str) -> String {
    let methods = Method::ALL.iter().fold(String::new(), |all, method| {
        format!("{all}<li><a href=\"#{0}\">{0}</a></li>\n", method.name())
    });
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
         <h2>Methods</h2>\n<ul>\n{methods}</ul>\n",
        definitions(&CREDENTIALS)
    )
}

fn section(method: Method, base: &str) -> String {
    let name = method.name();
    let arguments = match method.arguments() {
        [] => "<p>No arguments.</p>\n".to_owned(),
        arguments => format!("<dl>\n{}</dl>\n", definitions(arguments)),
    };
    format!(
        "<h2 id=\"{name}\">{name}</h2>\n<p>{} <code>POST {base}/{name}/</code></p>\n{arguments}\
         <p>Answer: {}</p>\n",
        marked(method.about()),
        marked(method.answer())
    )
}

fn definitions(arguments: &[Argument]) -> String {
    let mut list = String::new();
    for argument in arguments {
        let optional = if argument.need == Need::Optional { " (optional)" } else { "" };
        let _ = writeln!(list, "<dt>{}{optional}</dt><dd>{}</dd>", argument.name, marked(argument.about));
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
