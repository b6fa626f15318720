//! What `init` asks, in order; a log-in that fails can be answered again at once.

mod servers;

use std::net::SocketAddr;
use std::path::Path;

use jiff::tz::TimeZone;
use secrecy::ExposeSecret;
use secrecy::SecretString;

use crate::cli::dialog::Dialog;
use crate::cli::failure::Failure;
use crate::cli::init::answers;
use crate::cli::init::answers::Agent;
use crate::cli::init::answers::Answers;
use crate::cli::init::answers::Stored;
use crate::cli::init::flags::Flags;
use crate::email::Email;
use crate::password;
use crate::template::locale;

/// Asks everything; options that were given are the usual answers.
pub async fn ask(dialog: &mut Dialog<'_>, flags: &Flags, path: &Path) -> Result<Answers, Failure> {
    dialog.say(&format!(
        "This writes {}, a database and the first agent.\n\
         Enter takes what stands in brackets. Ctrl-C ends it; nothing is written before the last answer.",
        path.display()
    ))?;
    dialog.say("\nThe queue: where customers write to")?;
    let address =
        dialog.ask("Its address", flags.queue_address.as_deref().unwrap_or_default(), an_address)?;
    let title = dialog.text("Its name", &flags.title())?;
    let desk_name =
        dialog.text("Your team's name, as customers see it", flags.desk_name.as_ref().unwrap_or(&title))?;
    let zone = flags.timezone.clone().unwrap_or_else(answers::timezone);
    let timezone = dialog.ask("Time zone", &zone, a_zone)?;
    let language = flags.locale.as_deref().unwrap_or(locale::ENGLISH);
    let locale =
        dialog.ask("Language of mails to customers (de en es fr it nl pl pt)", language, a_locale)?;
    let base = path.parent().unwrap_or(Path::new(""));
    let mailbox = servers::mailbox(dialog, flags, &address, base).await?;
    let verify = mailbox.is_none() || verification(dialog, flags)?;
    let sending = servers::sending(dialog, flags, &address, (mailbox.as_ref(), base)).await?;
    dialog.say("\nThe database: sqlite:FILE, or postgres://USER:PASSWORD@HOST/NAME")?;
    let database = flags.database.clone().unwrap_or_else(|| answers::database(path));
    let database = dialog.ask("Database", &database, a_database)?;
    dialog.say("\nThe HTTP server, for the APIs")?;
    let listen = dialog.ask("Address and port", &flags.listen, |answer| {
        let parsed = answer.parse::<SocketAddr>().map(|address| address.to_string());
        parsed.map_err(|_| "an address and a port, such as 127.0.0.1:8080".to_owned())
    })?;
    let agent = if flags.agent.no_agent { None } else { Some(agent(dialog, flags, &address)?) };
    dialog.say("\nWho is told; addresses with commas between them")?;
    let list = |answer: &str| addresses(answer, &address);
    let notify = dialog.ask("New tickets (empty: every agent)", &flags.notify.join(", "), list)?;
    let first = agent.as_ref().map(|agent| agent.email.clone()).unwrap_or_default();
    let usual = if flags.alert.is_empty() { first } else { flags.alert.join(", ") };
    let alerts = dialog.ask("Trouble, such as a mailbox that is down", &usual, list)?;
    Ok(Answers {
        desk_name,
        timezone,
        locale,
        public_url: flags.public_url(&listen),
        listen,
        slug: flags.slug(&title),
        title,
        address,
        notify,
        alerts,
        mailbox,
        verify,
        sending,
        database: Stored::of_url(&database),
        agent,
    })
}

/// Whether senders are checked here, without which no agent can answer by mail at first.
fn verification(dialog: &mut Dialog<'_>, flags: &Flags) -> Result<bool, Failure> {
    dialog.say(
        "  Agents can answer by mail where somebody vouches for who wrote it: the desk itself, by checking DKIM\n  \
         and DMARC of each mail (it asks DNS), or your mail server (see `authserv_ids` in the configuration).",
    )?;
    if flags.verify { Ok(true) } else { dialog.yes("Check it here") }
}

fn agent(dialog: &mut Dialog<'_>, flags: &Flags, queue: &str) -> Result<Agent, Failure> {
    let given = &flags.agent;
    dialog.say("\nThe first agent: somebody who answers tickets")?;
    let email = dialog.ask("Address", given.agent_email.as_deref().unwrap_or_default(), |answer| {
        let email = an_address(answer)?;
        if Email::key_of(&email) == Email::key_of(queue) {
            return Err("this is the queue's own address: mail to it would come back as a request".to_owned());
        }
        Ok(email)
    })?;
    let name = dialog.text(
        "Name, as customers see it",
        given.agent_name.as_ref().unwrap_or(&answers::local_part(&email)),
    )?;
    let username = given.agent_username.clone().unwrap_or_else(|| answers::local_part(&email));
    let username = dialog.text("User name for the APIs", &username)?;
    let password = match flags.agent_password()? {
        Some(password) => Some(password),
        None => new_password(dialog, &[&email, &name, &username])?,
    };
    Ok(Agent { username: Some(username), email, name, password })
}

fn new_password(dialog: &mut Dialog<'_>, about: &[&str]) -> Result<Option<SecretString>, Failure> {
    loop {
        let first: SecretString = dialog.hidden("Password for the APIs (not shown; empty for none)")?.into();
        if first.expose_secret().is_empty() {
            return Ok(None);
        }
        if let Some(weakness) = password::weakness(first.expose_secret(), about) {
            dialog.say(&format!("    {weakness}"))?;
            continue;
        }
        let second: SecretString = dialog.hidden("The same again")?.into();
        if first.expose_secret() == second.expose_secret() {
            return Ok(Some(first));
        }
        dialog.say("    these were not the same")?;
    }
}

fn an_address(answer: &str) -> Result<String, String> {
    if Email::of(answer).is_deliverable() {
        Ok(answer.to_owned())
    } else {
        Err("a mail address, such as support@example.com".to_owned())
    }
}

fn addresses(answer: &str, queue: &str) -> Result<Vec<String>, String> {
    let parts = answer.split([',', ' ', ';']).filter(|part| !part.is_empty());
    let list = parts.map(an_address).collect::<Result<Vec<_>, _>>()?;
    if list.iter().any(|address| Email::key_of(address) == Email::key_of(queue)) {
        return Err("mail to the queue's own address would come back as a ticket".to_owned());
    }
    Ok(list)
}

fn a_zone(answer: &str) -> Result<String, String> {
    let known = TimeZone::get(answer).is_ok();
    if known { Ok(answer.to_owned()) } else { Err("a time zone, such as Europe/Berlin or UTC".to_owned()) }
}

fn a_locale(answer: &str) -> Result<String, String> {
    locale::canonical(answer).ok_or_else(|| "a language, such as de or de-AT".to_owned())
}

fn a_database(answer: &str) -> Result<String, String> {
    let known = ["sqlite:", "postgres:", "postgresql:", "env:", "file:", "command:"];
    if known.iter().any(|kind| answer.len() > kind.len() && answer.starts_with(kind)) {
        return Ok(answer.to_owned());
    }
    Err("sqlite:FILE, or postgres://USER:PASSWORD@HOST/NAME".to_owned())
}
