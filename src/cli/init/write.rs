//! Carrying the answers out: the database and its agent first, then secrets, then the configuration.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use secrecy::ExposeSecret;
use secrecy::SecretString;

use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::init::answers::Agent;
use crate::cli::init::answers::Answers;
use crate::cli::init::answers::Login;
use crate::cli::init::answers::Sending;
use crate::cli::init::answers::Server;
use crate::cli::init::answers::Stored;
use crate::cli::init::text;
use crate::cli::init::text::Values;
use crate::cli::new_password;
use crate::cli::user::add;
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::app::App;
use crate::desk::app::Declared;
use crate::ids::Ids;
use crate::private;
use crate::private::Beside;
use crate::private::Existing;
use crate::store;
use crate::store::db::Db;
use crate::store::migrate;
use crate::store::users::NewUser;
use crate::ticket::person::Role;

/// What there is now.
#[derive(Debug, Default)]
pub struct Written {
    pub files: Vec<PathBuf>,
    /// What else was done, a sentence each.
    pub words: Vec<String>,
    pub(crate) by_root: bool,
}

/// Secrets that get files of their own beside the configuration.
struct Secrets<'a> {
    path: &'a Path,
    files: Vec<(PathBuf, SecretString)>,
}

/// Writes everything; the configuration last, so that a failure before it leaves nothing in the way.
pub(crate) async fn carry_out(path: &Path, answers: &Answers, force: bool) -> Result<Written, Failure> {
    let mut secrets = Secrets { path, files: Vec::new() };
    let text = text::fill(&values(answers, &mut secrets));
    let config = Config::parse(&text, path)?;
    let base = path.parent().filter(|base| !base.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(base)
        .map_err(|error| Failure::system(format!("cannot make {}: {error}", base.display())))?;
    for (file, _) in &secrets.files {
        if file.exists() && !force {
            let text = format!("{} exists; it is replaced only with --force", file.display());
            return Err(Failure::new(Code::Config, text));
        }
    }
    let mut written = Written::default();
    database(&config, answers, &mut written).await?;
    let existing = if force { Existing::Replaced } else { Existing::Refused };
    for (file, secret) in secrets.files {
        write(&file, 0o600, secret.expose_secret(), existing)?;
        written.files.push(file);
    }
    write(path, 0o644, &text, existing)?;
    written.by_root = fs::metadata(path).is_ok_and(|file| file.uid() == 0);
    written.files.push(path.to_path_buf());
    Ok(written)
}

fn values(answers: &Answers, secrets: &mut Secrets<'_>) -> Values {
    let mut values = Values::default();
    values.set("desk", "name", answers.desk_name.clone());
    values.set("desk", "timezone", answers.timezone.clone());
    values.set("desk", "locale", answers.locale.clone());
    values.set("desk", "alerts", answers.alerts.clone());
    values.set("database", "url", secrets.keep("database-url", &answers.database));
    values.set("http", "listen", answers.listen.clone());
    values.set("http", "public_url", answers.public_url.clone());
    values.set("queues", "slug", answers.slug.clone());
    values.set("queues", "title", answers.title.clone());
    values.set("queues", "address", answers.address.clone());
    values.set("queues", "smtp", "default");
    if !answers.verify {
        values.set("queues", "verify", false);
    }
    if !answers.notify.is_empty() {
        values.set("queues", "new_ticket_cc", answers.notify.clone());
    }
    if let Some(mailbox) = &answers.mailbox {
        server(&mut values, "queues.imap", &mailbox.server, secrets);
        values.set("queues.imap", "folder", mailbox.folder.clone());
        match mailbox.from.parse::<i64>() {
            Ok(days) => values.set("queues.imap", "from", days),
            Err(_) => values.set("queues.imap", "from", mailbox.from.clone()),
        }
    }
    values.set("smtp", "name", "default");
    match &answers.sending {
        Sending::Server(own) => server(&mut values, "smtp", own, secrets),
        Sending::Directory(path) => values.set("smtp", "directory", path.display().to_string()),
    }
    values
}

fn server(values: &mut Values, section: &'static str, server: &Server, secrets: &mut Secrets<'_>) {
    values.set(section, "host", server.host.clone());
    values.set(section, "port", i64::from(server.port));
    values.set(section, "tls", server.tls.as_str());
    if server.allow_plaintext {
        values.set(section, "allow_plaintext", true);
    }
    if let Some(file) = &server.ca_file {
        values.set(section, "ca_file", file.display().to_string());
    }
    if let Some(pin) = &server.pin {
        values.set(section, "pin", pin.clone());
    }
    if let Some(Login { username, password }) = &server.login {
        let name = if section == "smtp" { "smtp-password" } else { "imap-password" };
        values.set(section, "username", username.clone());
        values.set(section, "password", secrets.keep(name, password));
    }
}

impl Secrets<'_> {
    /// What the configuration says in a secret's place. The same secret gets one file only.
    fn keep(&mut self, name: &str, stored: &Stored) -> String {
        let secret = match stored {
            Stored::Plain(text) => return text.clone(),
            Stored::Secret(secret) => secret,
        };
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let same = self.files.iter().find(|(_, known)| known.expose_secret() == secret.expose_secret());
        let file = if let Some((file, _)) = same {
            file.clone()
        } else {
            let file = self.path.with_file_name(format!("{stem}.{name}"));
            self.files.push((file.clone(), secret.clone()));
            file
        };
        format!("file:{}", file.file_name().unwrap_or_default().to_string_lossy())
    }
}

/// Makes the database, its queues and the agent; what is there already stays.
async fn database(config: &Config, answers: &Answers, written: &mut Written) -> Result<(), Failure> {
    let url = match &answers.database {
        // The file that the configuration names is not written yet.
        Stored::Secret(url) => url.clone(),
        Stored::Plain(_) => config.database_url().await?,
    };
    let url = url.expose_secret();
    let file = url.strip_prefix("sqlite:").map(|path| PathBuf::from(path.trim_start_matches("//")));
    let is_new = file.as_ref().is_some_and(|file| !file.exists());
    if let Some(directory) =
        file.as_ref().and_then(|file| file.parent()).filter(|dir| !dir.as_os_str().is_empty())
    {
        let failed = |error| Failure::system(format!("cannot make {}: {error}", directory.display()));
        private::make_directory(directory).map_err(failed)?;
    }
    let lock = migrate::lock(url)?;
    let db = Db::open(url, 2).await?;
    migrate::apply(&db).await?;
    let parts = (Clock::System, Ids::System);
    let app = App::build(db, Arc::new(config.clone()), parts, Declared::Written).await?;
    if let Some(agent) = &answers.agent {
        written.words.push(first_agent(&app, agent).await?);
    }
    app.db.close().await;
    drop(lock);
    if let (Some(file), true) = (file, is_new) {
        // It will hold everybody's mail.
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
        written.files.push(file);
    }
    Ok(())
}

/// Adds the agent, or leaves one of this address as he is.
async fn first_agent(app: &App, agent: &Agent) -> Result<String, Failure> {
    let mut tx = app.db.read().await?;
    let known = store::users::find_by_email(&mut tx, &agent.email).await?;
    drop(tx);
    if known.is_some_and(|user| user.role.is_staff()) {
        return Ok(format!("{} is an agent already, and stays as before", agent.email));
    }
    let about = [Some(&*agent.email), Some(&*agent.name), agent.username.as_deref()];
    let about: Vec<&str> = about.into_iter().flatten().collect();
    let password = match &agent.password {
        Some(password) => Some(new_password::hash(app, password.expose_secret(), &about)?),
        None => None,
    };
    let new = NewUser {
        role: Role::Agent,
        email: Some(&agent.email),
        name: &agent.name,
        username: agent.username.as_deref(),
        password_hash: password.as_ref().map(|new| &*new.hash),
        weak_password: password.as_ref().is_some_and(|new| new.weakness.is_some()),
        locale: None,
    };
    let user = add::put(app, &new).await?;
    Ok(format!("agent {}, {}", user.id, agent.email))
}

/// Writes a file that gets its mode once it is whole.
fn write(path: &Path, mode: u32, text: &str, existing: Existing) -> Result<(), Failure> {
    let failed = |error| Failure::system(format!("cannot write {}: {error}", path.display()));
    let mut file = Beside::begin(path, existing).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).map_err(failed)?;
    file.finish().map_err(failed)
}
