//! `template list|preview|check`: the words of outgoing mail, looked at without sending any.
//!
//! Reads the override directory of the configuration, if there is one; opens no database.

mod overrides;
mod preview;

use std::path::Path;

use clap::Args;
use clap::Subcommand;
use serde_json::json;

use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::template::overrides::Overrides;
use crate::template::Templates;
use crate::template::check::Listed;
use crate::template::check::Missing;
use crate::template::name::Audience;
use crate::template::problem::Problem;
use crate::template::sources::Origin;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the mails that this desk can write, and the locales that have words for them
    List(List),
    /// Fill in a mail with sample values
    Preview(preview::Arguments),
    /// Fill in every mail in every locale with samples, hard ones too, and say what is wrong
    Check(Check),
}

#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    json: JsonSwitch,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    json: JsonSwitch,
}

pub fn run(file: Option<&Path>, command: &Command) -> Result<(), Failure> {
    match command {
        Command::List(List { overrides, json }) => list(&overrides.load(file)?.0, json.form()),
        Command::Preview(arguments) => preview::run(file, arguments),
        Command::Check(Check { overrides, json }) => {
            let (templates, problems) = overrides.load(file)?;
            check(&templates, problems, json.form())
        }
    }
}

fn list(templates: &Templates, form: Form) -> Result<(), Failure> {
    let all = templates.list();
    if form == Form::Json {
        let mails: Vec<_> = all
            .iter()
            .map(|mail| {
                let locales = mail.locales.iter().map(
                    |(locale, origin)| json!({ "locale": locale, "override": *origin == Origin::Override }),
                );
                json!({
                    "name": mail.name.as_str(),
                    "audience": audience(mail),
                    "locales": locales.collect::<Vec<_>>(),
                })
            })
            .collect();
        return out::json(&mails);
    }
    let rows: Vec<_> = all
        .iter()
        .map(|mail| vec![mail.name.to_string(), audience(mail).to_owned(), locales(mail)])
        .collect();
    out::table(&["NAME", "READ BY", "LOCALES"], &rows);
    if all.iter().flat_map(|mail| &mail.locales).any(|(_, origin)| *origin == Origin::Override) {
        out::line("* with words of your own");
    }
    Ok(())
}

fn check(templates: &Templates, mut problems: Vec<Problem>, form: Form) -> Result<(), Failure> {
    for problem in templates.check() {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    let missing = templates.missing();
    match form {
        Form::Json => {
            let wrong = problems.iter().map(
                |problem| json!({ "file": problem.file, "line": problem.line, "problem": problem.sentence }),
            );
            let lacking = missing.iter().map(|one| json!({ "file": one.file, "missing": one.keys }));
            out::json(&wrong.chain(lacking).collect::<Vec<_>>())?;
        }
        Form::Human => {
            for problem in &problems {
                out::line(&out::clean_text(&problem.to_string()));
            }
            for Missing { file, keys } in &missing {
                let keys = keys.join(", ");
                out::line(&out::clean_text(&format!(
                    "{file}: English stands in for the words it lacks: {keys}"
                )));
            }
        }
    }
    match problems.len() {
        0 => {
            if form == Form::Human {
                out::line("Every template works with every sample.");
            }
            Ok(())
        }
        count => Err(Failure::data(format!(
            "{count} things are wrong with the templates; until they are mended, mails use the built-in words instead"
        ))),
    }
}

fn audience(mail: &Listed) -> &'static str {
    match mail.name.audience() {
        Audience::Staff => "staff",
        Audience::Outsider => "customers",
    }
}

fn locales(mail: &Listed) -> String {
    let shown = mail.locales.iter().map(|(locale, origin)| match origin {
        Origin::BuiltIn => locale.clone(),
        Origin::Override => format!("{locale}*"),
    });
    shown.collect::<Vec<_>>().join(" ")
}
