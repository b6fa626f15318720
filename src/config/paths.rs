//! Relative paths count from the configuration file, so that each command finds the same files from anywhere.

use std::path::Path;
use std::path::PathBuf;

use crate::config::Config;
use crate::config::server::Login;
use crate::config::server::Proof;
use crate::config::server::Server;
use crate::config::smtp::SmtpTransport;
use crate::secret::Secret;

/// Makes every relative path of the configuration count from its base.
pub(crate) fn rebase(config: &mut Config) {
    let base = config.base.clone();
    if let Some(templates) = &mut config.desk.templates {
        path(templates, &base);
    }
    secret(&mut config.database.url, &base);
    for account in &mut config.smtp {
        match &mut account.transport {
            SmtpTransport::Directory(directory) => path(directory, &base),
            SmtpTransport::Server(smtp) => {
                server(&mut smtp.server, &base);
                smtp.login.iter_mut().for_each(|found| login(found, &base));
            }
        }
    }
    for mailbox in config.queues.iter_mut().filter_map(|queue| queue.imap.as_mut()) {
        server(&mut mailbox.server, &base);
        login(&mut mailbox.login, &base);
    }
}

/// An SQLite address with its file below `base`; any other address as it is.
pub(crate) fn sqlite_url(url: &str, base: &Path) -> String {
    let Some(rest) = url.strip_prefix("sqlite:") else { return url.to_owned() };
    let file = rest.strip_prefix("//").unwrap_or(rest);
    if file.starts_with('/') || file.starts_with(":memory:") || base.as_os_str().is_empty() {
        return url.to_owned();
    }
    // The database reads its address as a URL.
    let directory = base.display().to_string().replace('%', "%25").replace('?', "%3F");
    format!("sqlite:{}/{file}", directory.trim_end_matches('/'))
}

fn server(server: &mut Server, base: &Path) {
    if let Some(file) = &mut server.trust.ca_file {
        path(file, base);
    }
}

fn login(login: &mut Login, base: &Path) {
    match &mut login.proof {
        Proof::Password(found) | Proof::Token(found) => secret(found, base),
        Proof::OAuth(oauth) => {
            oauth.ca_file.iter_mut().for_each(|file| path(file, base));
            oauth.secrets_mut().for_each(|found| secret(found, base));
        }
    }
}

fn secret(secret: &mut Secret, base: &Path) {
    if let Secret::File(file) = secret {
        path(file, base);
    }
}

fn path(path: &mut PathBuf, base: &Path) {
    *path = base.join(&*path);
}
