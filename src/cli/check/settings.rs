//! The configuration file and the templates: what can be judged without asking anybody.

use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;

use crate::cli::check::report::Section;
use crate::cli::check::report::counted;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::config::error::ConfigError;
use crate::private;
use crate::secret::Secret;
use crate::template::Templates;
use crate::template::sources::Origin;

/// The file and every mistake in it; the configuration only if there is none.
pub fn configuration(file: Option<&Path>, now: Timestamp) -> (Section, Option<Config>) {
    let mut section = Section::new("configuration");
    let found = Config::locate(file).and_then(|path| Ok((Config::mistakes(&path)?, path)));
    let (mistakes, path) = match found {
        Ok(found) => found,
        Err(error) => {
            let fix = match &error {
                ConfigError::Unreadable { error, .. }
                    if error.kind() == std::io::ErrorKind::PermissionDenied =>
                {
                    "run this as the user that the daemon runs as, for instance by sudo -u helpdeskd"
                }
                _ => "make one with `helpdeskd init`, or name one with --config",
            };
            section.bad(error.to_string(), fix);
            return (section, None);
        }
    };
    for mistake in &mistakes {
        section.bad(mistake.to_string(), "mend this line; config.toml.example documents every key");
    }
    let Ok(config) = Config::load(Some(&path)) else { return (section, None) };
    let (queues, accounts) =
        (counted(config.queues.len(), "queue"), counted(config.smtp.len(), "SMTP account"));
    section.ok(format!("{}: {queues}, {accounts}", path.display()));
    if config.queues.is_empty() {
        section.bad("no queue is declared, so nothing becomes a ticket", "add a [[queues]] entry");
    }
    exposed(&mut section, &path, &config);
    time(&mut section, &config.desk.timezone, now);
    if config.delivery.paused {
        section.note("delivery is paused: mail waits in the outbox", "set `delivery.paused = false`");
    }
    (section, Some(config))
}

pub fn templates(config: &Config) -> Section {
    let mut section = Section::new("templates");
    let (templates, problems) = Templates::load(config.desk.templates.as_deref());
    for problem in &problems {
        section.bad(
            problem.to_string(),
            "mend it, then run `helpdeskd template check`; until then the built-in words are used",
        );
    }
    let listed = templates.list();
    let words: Vec<_> = listed.iter().flat_map(|mail| &mail.locales).collect();
    let mut locales: Vec<&str> = words.iter().map(|(locale, _)| locale.as_str()).collect();
    locales.sort_unstable();
    locales.dedup();
    let own = words.iter().filter(|(_, origin)| *origin == Origin::Override).count();
    let overrides = match &config.desk.templates {
        Some(dir) => format!("{own} of them overridden in {}", dir.display()),
        None => "none overridden".to_owned(),
    };
    section.ok(format!("{} mails, with words in {}; {overrides}", listed.len(), locales.join(" ")));
    section
}

/// Whether other people on this machine can read a secret that is kept in a file.
pub(crate) fn exposed_secret(section: &mut Section, secret: &Secret) {
    if let Secret::File(path) = secret
        && private::others_can_read(path)
    {
        let path = path.display();
        section.note(
            format!("{path} holds a secret, and others on this machine can read it"),
            format!("chmod 600 {path}"),
        );
    }
}

fn exposed(section: &mut Section, path: &Path, config: &Config) {
    exposed_secret(section, &config.database.url);
    let text = fs::read_to_string(path).unwrap_or_default();
    let holds_secret = text.lines().any(|line| {
        let (key, value) = line.split_once('=').unwrap_or_default();
        let value = value.trim().trim_start_matches(['"', '\'']);
        let elsewhere = ["env:", "file:", "command:"].iter().any(|place| value.starts_with(place));
        ["password", "token"].contains(&key.trim()) && !elsewhere
    });
    if holds_secret && private::others_can_read(path) {
        section.note(
            "the configuration holds a password, and others on this machine can read it",
            format!(
                "chmod 600 {}, or keep the password elsewhere as \"file:PATH\" or \"env:NAME\"",
                path.display()
            ),
        );
    }
}

fn time(section: &mut Section, zone: &TimeZone, now: Timestamp) {
    let name = zone.iana_name().unwrap_or("UTC");
    let shown = jiff::Timestamp::from_microsecond(now.0)
        .map(|at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string());
    section.ok(format!("times are shown in {name}, where it is {}", shown.unwrap_or_default()));
    let here = TimeZone::system();
    match here.iana_name() {
        Some(here) if name == "UTC" && !here.ends_with("UTC") => section.note(
            format!("this machine's own time zone is {here}"),
            format!("set `desk.timezone = \"{here}\"`, unless UTC is meant"),
        ),
        _ => {}
    }
}
