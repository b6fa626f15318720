//! The steps of a request from URL to URL: where it may start, and where a redirect may lead.
//!
//! Connects to nothing; whether an address may be called is asked for each hop anew, elsewhere.

use url::Url;

use crate::net::NetError;
use crate::net::guard::Networks;

/// How far a redirect may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Only within the host that the request was meant for: it carries a secret.
    SameHost,
    /// Anywhere that the guard allows: it carries nothing.
    Anywhere,
}

/// Reads the URL of a request.
pub fn start(text: &str, networks: Networks) -> Result<Url, NetError> {
    let url = Url::parse(text).map_err(|_| NetError::Url)?;
    check(&url, networks)?;
    Ok(url)
}

/// Where a redirect leads, if the request may go there.
pub fn next(from: &Url, location: &str, reach: Reach, networks: Networks) -> Result<Url, NetError> {
    let refused = |target: &str| NetError::Redirect { host: host(from), target: target.to_owned() };
    let url = from.join(location).map_err(|_| refused("nowhere"))?;
    check(&url, networks).map_err(|_| refused(url.scheme()))?;
    // Back from https to http anybody on the way could read along.
    let is_downgrade = from.scheme() == "https" && url.scheme() != "https";
    let is_upgrade = from.scheme() == "http" && url.scheme() == "https";
    let same_port = from.port_or_known_default() == url.port_or_known_default();
    let same_host = from.host() == url.host() && (same_port || is_upgrade);
    if is_downgrade || (reach == Reach::SameHost && !same_host) {
        return Err(refused(&host(&url)));
    }
    Ok(url)
}

/// The host for messages, with its port if that is not the usual one.
pub fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

fn check(url: &Url, networks: Networks) -> Result<(), NetError> {
    match (url.scheme(), networks) {
        ("https", _) | ("http", Networks::PrivateToo) => {}
        _ => return Err(NetError::Scheme),
    }
    // A name and password in a URL are sent along, and show in logs of others.
    let bare = url.username().is_empty() && url.password().is_none();
    if bare && url.host_str().is_some_and(|host| !host.is_empty()) { Ok(()) } else { Err(NetError::Url) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_called_unless_private_networks_are_allowed() {
        assert!(start("https://desk.example/x", Networks::Public).is_ok());
        assert!(start("http://desk.example/x", Networks::PrivateToo).is_ok());
        for bad in [
            "http://desk.example",
            "ftp://desk.example",
            "file:///etc/passwd",
            "gopher://x",
            "",
            "https://",
            "https://joe:pw@desk.example/",
            "//desk.example",
            "data:text/plain,x",
            "https://a b/",
        ] {
            assert!(start(bad, Networks::Public).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_request_with_a_secret_stays_at_its_host() {
        for (from, location, expected) in [
            ("http://a.example/x", "https://a.example/x", Some("https://a.example/x")),
            ("http://a.example/x", "/y?z", Some("http://a.example/y?z")),
            ("https://a.example/x", "y", Some("https://a.example/y")),
            ("https://a.example/x", "https://A.EXAMPLE:443/y", Some("https://a.example/y")),
            ("https://a.example/x", "http://a.example/x", None),
            ("https://a.example/x", "https://a.example:8443/x", None),
            ("http://a.example:81/x", "http://a.example/x", None),
            ("https://a.example/x", "https://b.example/x", None),
            ("https://a.example/x", "//b.example/x", None),
            ("https://a.example/x", "https://a.example.b.example/x", None),
            ("https://a.example/x", "https://a.example@b.example/x", None),
            ("https://a.example/x", "https://u:p@a.example/x", None),
            ("https://a.example/x", "file:///etc/passwd", None),
            ("https://a.example/x", "javascript:alert(1)", None),
            ("https://a.example/x", "https://", None),
        ] {
            let from = Url::parse(from).unwrap();
            let led = next(&from, location, Reach::SameHost, Networks::PrivateToo);
            assert_eq!(led.ok().as_ref().map(Url::as_str), expected, "{from} to {location}");
        }
    }

    #[test]
    fn a_download_may_go_to_another_host_but_not_back_to_http() {
        let from = Url::parse("https://a.example/x").unwrap();
        let led = |location| next(&from, location, Reach::Anywhere, Networks::PrivateToo);
        assert!(led("https://cdn.example/x").is_ok());
        assert!(matches!(led("http://a.example/x"), Err(NetError::Redirect { .. })));
        assert!(led("ftp://cdn.example/x").is_err());
    }
}
