//! The options of `init`: all answers without questions, or what the questions offer at first.

use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use secrecy::SecretString;

use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::init::answers;
use crate::cli::init::answers::Agent;
use crate::cli::init::answers::Answers;
use crate::cli::init::answers::Login;
use crate::cli::init::answers::Mailbox;
use crate::cli::init::answers::Sending;
use crate::cli::init::answers::Server;
use crate::cli::init::answers::Stored;
use crate::cli::init::answers::Tls;
use crate::cli::new_password;
use crate::cli::out;

#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// Name that customers see [default: the queue's title]
    #[arg(long, value_name = "NAME")]
    pub(crate) desk_name: Option<String>,
    /// Time zone such as Europe/Berlin [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// Language of outgoing mail [default: en]
    #[arg(long, value_name = "LOCALE")]
    pub locale: Option<String>,
    /// Address that the HTTP server listens on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// How the outside reaches the HTTP server [default: http:// and --listen]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Address that customers write to (required)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) queue_address: Option<String>,
    /// Name of the queue [default: Support]
    #[arg(long, value_name = "TITLE")]
    pub(crate) queue_title: Option<String>,
    /// Its short name in subjects and links [default: made from the title]
    #[arg(long, value_name = "SLUG")]
    pub(crate) queue_slug: Option<String>,
    /// Who is told of each new ticket; can be repeated [default: every agent]
    #[arg(long, value_name = "ADDRESS")]
    pub notify: Vec<String>,
    /// Who is told of trouble; can be repeated [default: the first agent]
    #[arg(long, value_name = "ADDRESS")]
    pub alert: Vec<String>,
    /// Check DKIM and DMARC of each mail here, so that agents can answer by mail; asks DNS. The default, not asked for
    #[arg(long)]
    pub verify: bool,
    #[command(flatten)]
    pub imap: MailboxFlags,
    #[command(flatten)]
    pub smtp: SendingFlags,
    /// `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/NAME`, or `env:NAME` or `file:PATH` that holds it
    /// [default: a file beside the configuration]
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    #[command(flatten)]
    pub agent: PersonFlags,
}

#[derive(Debug, Args)]
pub(crate) struct MailboxFlags {
    /// The queue has no mailbox
    #[arg(long, conflicts_with = "imap_host")]
    pub(crate) no_imap: bool,
    /// Server of the queue's mailbox (required, or --no-imap)
    #[arg(long, value_name = "HOST")]
    pub(crate) imap_host: Option<String>,
    /// [default: 993 for implicit, else 143]
    #[arg(long, value_name = "PORT")]
    pub imap_port: Option<u16>,
    #[arg(long, value_enum, default_value = "implicit")]
    pub(crate) imap_tls: Tls,
    /// [default: the queue's address]
    #[arg(long, value_name = "NAME")]
    pub(crate) imap_username: Option<String>,
    /// Where the password is: `env:NAME`, `file:PATH` or `command:TEXT` as in the configuration. A password itself
    /// is put into a file that only you can read, but everybody on the machine saw the words of the command
    #[arg(long, value_name = "PLACE")]
    pub(crate) imap_password: Option<String>,
    /// PEM file with the authority of a private server
    #[arg(long, value_name = "FILE")]
    pub(crate) imap_ca_file: Option<PathBuf>,
    /// SHA-256 fingerprint of the one certificate that is accepted
    #[arg(long, value_name = "FINGERPRINT")]
    pub(crate) imap_pin: Option<String>,
    #[arg(long, value_name = "FOLDER", default_value = "INBOX")]
    pub(crate) imap_folder: String,
    /// Which of the messages that are there already become tickets: now (none), all, or days
    #[arg(long, value_name = "WHICH", default_value = "now")]
    pub(crate) imap_from: String,
}

#[derive(Debug, Args)]
pub(crate) struct SendingFlags {
    /// Server that takes outgoing mail (required, or --smtp-directory)
    #[arg(long, value_name = "HOST")]
    pub(crate) smtp_host: Option<String>,
    /// Write outgoing mail to files in place of a server, for a trial
    #[arg(long, value_name = "DIR", conflicts_with = "smtp_host")]
    pub(crate) smtp_directory: Option<PathBuf>,
    /// [default: 465 for implicit, 587 for starttls, 25 for none]
    #[arg(long, value_name = "PORT")]
    pub(crate) smtp_port: Option<u16>,
    #[arg(long, value_enum, default_value = "implicit")]
    pub(crate) smtp_tls: Tls,
    /// [default: no log-in]
    #[arg(long, value_name = "NAME", requires = "smtp_password")]
    pub(crate) smtp_username: Option<String>,
    /// As --imap-password
    #[arg(long, value_name = "PLACE", requires = "smtp_username")]
    pub(crate) smtp_password: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) smtp_ca_file: Option<PathBuf>,
    #[arg(long, value_name = "FINGERPRINT")]
    pub(crate) smtp_pin: Option<String>,
    /// Also talk to other machines without encryption, for --imap-tls none and --smtp-tls none
    #[arg(long)]
    pub(crate) allow_plaintext: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PersonFlags {
    /// Make no agent
    #[arg(long, conflicts_with = "agent_email")]
    pub(crate) no_agent: bool,
    /// Address of the first agent (required, or --no-agent)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) agent_email: Option<String>,
    /// Name that customers see [default: the address]
    #[arg(long, value_name = "NAME")]
    pub(crate) agent_name: Option<String>,
    /// Name to log in with at the APIs [default: what comes before the @]
    #[arg(long, value_name = "NAME")]
    pub(crate) agent_username: Option<String>,
    /// Read the password for the APIs from the first line of standard input
    #[arg(long, conflicts_with = "agent_password_file")]
    pub(crate) agent_password_stdin: bool,
    /// Read the password for the APIs from the first line of a file
    #[arg(long, value_name = "FILE")]
    pub(crate) agent_password_file: Option<PathBuf>,
}

impl Flags {
    /// The answers without questions; says all that is missing at once.
    pub fn answers(&self, path: &Path) -> Result<Answers, Failure> {
        let missing = self.missing();
        if !missing.is_empty() {
            let list = missing.join(", ");
            return Err(Failure::new(Code::Usage, format!("--non-interactive also needs {list}")));
        }
        let address = self.queue_address.clone().unwrap_or_default();
        let agent = self.agent()?;
        let alerts = match (self.alert.as_slice(), &agent) {
            ([], Some(agent)) => vec![agent.email.clone()],
            (list, _) => list.to_vec(),
        };
        Ok(Answers {
            desk_name: self.desk_name.clone().unwrap_or_else(|| self.title()),
            timezone: self.timezone.clone().unwrap_or_else(answers::timezone),
            locale: self.locale.clone().unwrap_or_else(|| "en".to_owned()),
            listen: self.listen.clone(),
            public_url: self.public_url(&self.listen),
            slug: self.slug(&self.title()),
            title: self.title(),
            notify: self.notify.clone(),
            alerts,
            mailbox: self.mailbox(&address)?,
            verify: true,
            sending: self.sending()?,
            database: self.database(path),
            agent,
            address,
        })
    }

    pub fn title(&self) -> String {
        self.queue_title.clone().unwrap_or_else(|| "Support".to_owned())
    }

    pub fn slug(&self, title: &str) -> String {
        self.queue_slug.clone().unwrap_or_else(|| answers::slug(title))
    }

    pub fn public_url(&self, listen: &str) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{listen}"))
    }

    pub fn database(&self, path: &Path) -> Stored {
        Stored::of_url(&self.database.clone().unwrap_or_else(|| answers::database(path)))
    }

    /// The password that an option tells of.
    pub(crate) fn agent_password(&self) -> Result<Option<SecretString>, Failure> {
        let mut text = String::new();
        if self.agent.agent_password_stdin {
            std::io::stdin().lock().take(4096).read_to_string(&mut text)?;
        } else if let Some(file) = &self.agent.agent_password_file {
            let unreadable = |error| Failure::new(Code::NoInput, format!("{}: {error}", file.display()));
            std::fs::File::open(file)
                .and_then(|file| file.take(4096).read_to_string(&mut text))
                .map_err(unreadable)?;
        } else {
            return Ok(None);
        }
        let password = text.lines().next().unwrap_or_default();
        let agent = &self.agent;
        let about = [&agent.agent_email, &agent.agent_name, &agent.agent_username];
        let about: Vec<&str> = about.into_iter().flatten().map(String::as_str).collect();
        if let Some(weakness) = new_password::judge(password, &about)? {
            return Err(Failure::data(weakness.to_string()));
        }
        Ok(Some(password.into()))
    }

    fn missing(&self) -> Vec<&'static str> {
        let agent = &self.agent;
        let wanted = [
            (self.queue_address.is_some(), "--queue-address"),
            (self.imap.no_imap || self.imap.imap_host.is_some(), "--imap-host (or --no-imap)"),
            (self.imap.imap_host.is_none() || self.imap.imap_password.is_some(), "--imap-password"),
            (
                self.smtp.smtp_host.is_some() || self.smtp.smtp_directory.is_some(),
                "--smtp-host (or --smtp-directory)",
            ),
            (agent.no_agent || agent.agent_email.is_some(), "--agent-email (or --no-agent)"),
        ];
        wanted.into_iter().filter(|(is_there, _)| !is_there).map(|(_, name)| name).collect()
    }

    fn mailbox(&self, address: &str) -> Result<Option<Mailbox>, Failure> {
        let imap = &self.imap;
        let Some(host) = &imap.imap_host else { return Ok(None) };
        let username = imap.imap_username.clone().unwrap_or_else(|| address.to_owned());
        let password = stored(imap.imap_password.as_deref());
        let server = Server {
            host: host.clone(),
            port: imap.imap_port.unwrap_or(imap.imap_tls.imap_port()),
            tls: imap.imap_tls,
            allow_plaintext: self.smtp.allow_plaintext,
            ca_file: absolute(imap.imap_ca_file.as_deref())?,
            pin: imap.imap_pin.clone(),
            login: Some(Login { username, password }),
        };
        Ok(Some(Mailbox { server, folder: imap.imap_folder.clone(), from: imap.imap_from.clone() }))
    }

    fn sending(&self) -> Result<Sending, Failure> {
        let smtp = &self.smtp;
        if let Some(directory) = absolute(smtp.smtp_directory.as_deref())? {
            return Ok(Sending::Directory(directory));
        }
        let login = smtp
            .smtp_username
            .clone()
            .map(|username| Login { username, password: stored(smtp.smtp_password.as_deref()) });
        Ok(Sending::Server(Server {
            host: smtp.smtp_host.clone().unwrap_or_default(),
            port: smtp.smtp_port.unwrap_or(smtp.smtp_tls.smtp_port()),
            tls: smtp.smtp_tls,
            allow_plaintext: self.smtp.allow_plaintext,
            ca_file: absolute(smtp.smtp_ca_file.as_deref())?,
            pin: smtp.smtp_pin.clone(),
            login,
        }))
    }

    fn agent(&self) -> Result<Option<Agent>, Failure> {
        let Some(email) = &self.agent.agent_email else { return Ok(None) };
        Ok(Some(Agent {
            username: Some(self.agent.agent_username.clone().unwrap_or_else(|| answers::local_part(email))),
            name: self.agent.agent_name.clone().unwrap_or_else(|| email.clone()),
            email: email.clone(),
            password: self.agent_password()?,
        }))
    }
}

/// Where a password of the command line is kept.
fn stored(given: Option<&str>) -> Stored {
    let stored = Stored::of(given.unwrap_or_default());
    if matches!(stored, Stored::Secret(_)) {
        out::note(
            "everybody on this machine can see a password on the command line: \
             name its place, env:NAME, file:PATH or command:TEXT",
        );
    }
    stored
}

/// A path of the command line counts from where it was typed, not from the configuration.
pub(crate) fn absolute(path: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    Ok(path.map(std::path::absolute).transpose()?)
}
