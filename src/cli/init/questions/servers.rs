//! The questions about mail servers, each tried as soon as it is answered.

use std::path::Path;

use crate::cli::check::server;
use crate::cli::dialog::Dialog;
use crate::cli::failure::Failure;
use crate::cli::init::answers;
use crate::cli::init::answers::Login;
use crate::cli::init::answers::Mailbox;
use crate::cli::init::answers::Sending;
use crate::cli::init::answers::Server;
use crate::cli::init::answers::Stored;
use crate::cli::init::answers::Tls;
use crate::cli::init::flags;
use crate::cli::init::flags::Flags;
use crate::cli::init::trial;
use crate::cli::init::trial::Failed;
use crate::tls::pin::Pin;

/// Answers that mean that there is none.
const NONE: &str = "none";
const FILES: &str = "files";

/// What to do after a trial that failed.
enum Next {
    Try,
    Ask,
    GoOn,
}

/// What each question offers: an option at first, later the last answer.
struct Usual {
    host: String,
    tls: Tls,
    port: Option<u16>,
    username: String,
    ca_file: Option<std::path::PathBuf>,
    pin: Option<String>,
}

/// The mailbox of the queue, if it has one.
pub async fn mailbox(
    dialog: &mut Dialog<'_>,
    flags: &Flags,
    address: &str,
    base: &Path,
) -> Result<Option<Mailbox>, Failure> {
    dialog.say(&format!("\nThe mailbox of {address}; `{NONE}` if there is none"))?;
    let imap = &flags.imap;
    let mut usual = Usual {
        host: match &imap.imap_host {
            Some(host) => host.clone(),
            None if imap.no_imap => NONE.to_owned(),
            None => answers::host("imap", address),
        },
        tls: imap.imap_tls,
        port: imap.imap_port,
        username: imap.imap_username.clone().unwrap_or_else(|| address.to_owned()),
        ca_file: flags::absolute(imap.imap_ca_file.as_deref())?,
        pin: imap.imap_pin.clone(),
    };
    loop {
        let host = dialog.text("IMAP server", &usual.host)?;
        if host == NONE {
            return Ok(None);
        }
        let (tls, port) = encryption(dialog, &usual, Tls::imap_port)?;
        let username = dialog.text("User name", &usual.username)?;
        let password = password(dialog, imap.imap_password.as_deref(), None)?;
        let login = Some(Login { username, password });
        let server = usual.server(flags, (host, port, tls), login);
        let mut mailbox = Mailbox { server, folder: imap.imap_folder.clone(), from: imap.imap_from.clone() };
        loop {
            trying(dialog, &mailbox.server)?;
            let failed = match trial::imap(&mailbox, base).await {
                Ok(found) => {
                    dialog.say(&format!("  It works: {found}."))?;
                    return Ok(Some(mailbox));
                }
                Err(failed) => failed,
            };
            match next(dialog, &failed, &mut mailbox.server)? {
                Next::Try => {}
                Next::Ask => break,
                Next::GoOn => return Ok(Some(mailbox)),
            }
        }
        usual.remember(&mailbox.server);
    }
}

/// The way out.
pub async fn sending(
    dialog: &mut Dialog<'_>,
    flags: &Flags,
    address: &str,
    (mailbox, base): (Option<&Mailbox>, &Path),
) -> Result<Sending, Failure> {
    dialog.say(&format!("\nThe server that sends mail; `{FILES}` writes it to a directory, for a trial"))?;
    let smtp = &flags.smtp;
    let same = mailbox.and_then(|mailbox| mailbox.server.login.as_ref()).map(|login| &login.password);
    let mut usual = usual_sender(flags, address, mailbox)?;
    loop {
        let host = dialog.text("SMTP server", &usual.host)?;
        if host == FILES {
            let directory = smtp.smtp_directory.clone().unwrap_or_else(|| "outgoing".into());
            let directory = dialog.text("Directory", &directory.display().to_string())?;
            return Ok(Sending::Directory(directory.into()));
        }
        let (tls, port) = encryption(dialog, &usual, Tls::smtp_port)?;
        let username = dialog.text(&format!("User name (`{NONE}` for no log-in)"), &usual.username)?;
        let login = if username == NONE {
            None
        } else {
            let password = password(dialog, smtp.smtp_password.as_deref(), same)?;
            Some(Login { username, password })
        };
        let mut server = usual.server(flags, (host, port, tls), login);
        loop {
            trying(dialog, &server)?;
            let Err(failed) = trial::smtp(&server, base).await else {
                dialog.say("  It works.")?;
                return Ok(Sending::Server(server));
            };
            match next(dialog, &failed, &mut server)? {
                Next::Try => {}
                Next::Ask => break,
                Next::GoOn => return Ok(Sending::Server(server)),
            }
        }
        usual.remember(&server);
    }
}

impl Usual {
    fn server(&self, flags: &Flags, (host, port, tls): (String, u16, Tls), login: Option<Login>) -> Server {
        Server {
            host,
            port,
            tls,
            allow_plaintext: flags.smtp.allow_plaintext,
            ca_file: self.ca_file.clone(),
            pin: self.pin.clone(),
            login,
        }
    }

    fn remember(&mut self, server: &Server) {
        self.host.clone_from(&server.host);
        (self.tls, self.port) = (server.tls, Some(server.port));
        server.login.as_ref().map_or(NONE, |login| &login.username).clone_into(&mut self.username);
        self.ca_file.clone_from(&server.ca_file);
        self.pin.clone_from(&server.pin);
    }
}

/// Most providers send where they receive, by the same name and the same authority.
fn usual_sender(flags: &Flags, address: &str, mailbox: Option<&Mailbox>) -> Result<Usual, Failure> {
    let smtp = &flags.smtp;
    let near = mailbox.map(|mailbox| &mailbox.server);
    let near_login = near.and_then(|server| server.login.as_ref());
    let host = match (&smtp.smtp_directory, &smtp.smtp_host, near) {
        (Some(_), _, _) => FILES.to_owned(),
        (None, Some(host), _) => host.clone(),
        (None, None, Some(near)) => sibling(&near.host),
        (None, None, None) => answers::host("smtp", address),
    };
    let own = flags::absolute(smtp.smtp_ca_file.as_deref())?;
    let username = smtp.smtp_username.clone().or_else(|| near_login.map(|login| login.username.clone()));
    Ok(Usual {
        host,
        tls: smtp.smtp_tls,
        port: smtp.smtp_port,
        username: username.unwrap_or_else(|| NONE.to_owned()),
        ca_file: own.or_else(|| near.and_then(|near| near.ca_file.clone())),
        pin: smtp.smtp_pin.clone(),
    })
}

fn encryption(
    dialog: &mut Dialog<'_>,
    usual: &Usual,
    port_of: fn(Tls) -> u16,
) -> Result<(Tls, u16), Failure> {
    let tls = dialog.ask("Encryption: implicit, starttls or none", usual.tls.as_str(), |answer| {
        Tls::parse(answer).ok_or_else(|| "implicit, starttls or none?".to_owned())
    })?;
    let port = usual.port.filter(|_| tls == usual.tls).unwrap_or(port_of(tls));
    let port = dialog.ask("Port", &port.to_string(), |answer| {
        let port = answer.parse::<u16>().ok().filter(|port| *port > 0);
        port.ok_or_else(|| "a number from 1 to 65535".to_owned())
    })?;
    Ok((tls, port))
}

/// A password; an empty answer means the one of an option, or the same as before.
fn password(dialog: &mut Dialog<'_>, flag: Option<&str>, same: Option<&Stored>) -> Result<Stored, Failure> {
    let usual = flag.map(Stored::of).or_else(|| same.cloned());
    let hint = match (&usual, flag) {
        (Some(_), Some(_)) => "; empty for the one given as an option",
        (Some(_), None) => "; empty for the mailbox's",
        (None, _) => "; or env:NAME or file:PATH where it is kept",
    };
    loop {
        let answer = dialog.hidden(&format!("Password (not shown{hint})"))?;
        match (answer.as_str(), &usual) {
            ("", Some(usual)) => return Ok(usual.clone()),
            ("", None) => dialog.say("    an answer is needed")?,
            (answer, _) => return Ok(Stored::of(answer)),
        }
    }
}

fn trying(dialog: &mut Dialog<'_>, server: &Server) -> Result<(), Failure> {
    dialog.say(&format!("  Trying {}:{} ...", server.host, server.port))
}

/// Says what failed, and asks how to go on. A server of one's own can be vouched for.
fn next(dialog: &mut Dialog<'_>, failed: &Failed, server: &mut Server) -> Result<Next, Failure> {
    dialog.say(&format!("  It does not work: {}", failed.error))?;
    dialog.say(&format!("    -> {}", failed.fix))?;
    if server::is_untrusted(&failed.error) {
        let question = "PEM file of its authority, or its fingerprint (empty for neither)";
        let vouched = dialog.ask(question, "", |answer| match (Pin::parse(answer), answer) {
            (_, "") => Ok(false),
            (Some(_), pin) => {
                (server.pin, server.ca_file) = (Some(pin.to_owned()), None);
                Ok(true)
            }
            (None, file) => match std::path::absolute(file) {
                Ok(path) if path.is_file() => {
                    (server.pin, server.ca_file) = (None, Some(path));
                    Ok(true)
                }
                _ => Err(format!("{file} is neither a file nor 64 hexadecimal digits")),
            },
        })?;
        if vouched {
            return Ok(Next::Try);
        }
    }
    Ok(if dialog.yes("Answer again (n: go on with these answers)")? { Next::Ask } else { Next::GoOn })
}

/// Where the same provider probably sends: `smtp.` for `imap.`.
fn sibling(host: &str) -> String {
    match host.strip_prefix("imap.") {
        Some(domain) => format!("smtp.{domain}"),
        None => host.to_owned(),
    }
}
