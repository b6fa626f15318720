//! `template preview`: one mail on the screen, or all of them as files.
//!
//! The values are made up; no mail of a customer is ever used.

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::out::Form;
use crate::cli::out::JsonSwitch;
use crate::cli::template::overrides::Overrides;
use crate::private;
use crate::private::Existing;
use crate::template::Templates;
use crate::template::frame::Rendered;
use crate::template::locale;
use crate::template::name::Name;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The mail, as `template list` names it
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    name: Option<String>,
    /// Its language, such as de or de-AT; one without words of its own falls back as in real mail
    #[arg(long, default_value = locale::ENGLISH)]
    locale: String,
    /// Print the HTML part
    #[arg(long, conflicts_with = "json")]
    html: bool,
    /// Write every mail in every locale, text and HTML, with a page that links them
    #[arg(long, requires = "out", conflicts_with_all = ["json", "html"])]
    all: bool,
    /// The directory for --all; made if it does not exist
    #[arg(long, value_name = "DIR", requires = "all")]
    out: Option<PathBuf>,
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    json: JsonSwitch,
}

pub fn run(file: Option<&Path>, arguments: &Arguments) -> Result<(), Failure> {
    let (templates, problems) = arguments.overrides.load(file)?;
    for problem in problems {
        out::note(&out::clean_text(&problem.to_string()));
    }
    if let Some(dir) = &arguments.out {
        return write_all(&templates, dir);
    }
    let name = arguments.name.as_deref().unwrap_or_default();
    let name = Name::parse(name).ok_or_else(|| {
        Failure::new(Code::Usage, format!("no mail is called {name}; `helpdeskd template list` names them"))
    })?;
    let Some(locale) = locale::canonical(&arguments.locale) else {
        return Err(Failure::new(Code::Usage, "--locale is a language such as de, or de-AT"));
    };
    let mail = templates.preview(name, &locale);
    if arguments.json.form() == Form::Json {
        return out::json(&json!({
            "name": name.as_str(), "locale": mail.locale_used,
            "subject": mail.subject, "text": mail.text, "html": mail.html,
        }));
    }
    let shown = if arguments.html { mail.html } else { text(&mail) };
    out::line(shown.trim_end());
    Ok(())
}

/// The subject and the text part, as a mail program shows them.
fn text(mail: &Rendered) -> String {
    format!("Subject: {}\n\n{}\n", mail.subject, mail.text)
}

fn write_all(templates: &Templates, dir: &Path) -> Result<(), Failure> {
    let listed = templates.list();
    let locales: BTreeSet<&String> =
        listed.iter().flat_map(|mail| &mail.locales).map(|(locale, _)| locale).collect();
    let mut rows = Vec::new();
    for mail in &listed {
        let name = mail.name;
        let mut cells = Vec::new();
        for locale in &locales {
            let rendered = templates.preview(name, locale);
            let path = dir.join(locale.as_str());
            write(&path, &format!("{name}.txt"), &text(&rendered))?;
            write(&path, &format!("{name}.html"), &rendered.html)?;
            // A mail that falls back is there too: it is what such a reader gets.
            let own = if rendered.locale_used == **locale { "" } else { " class=\"fallback\"" };
            cells.push(format!(
                "<td{own}><a href=\"{locale}/{name}.html\">{locale}</a> <a href=\"{locale}/{name}.txt\">text</a></td>"
            ));
        }
        rows.push(format!("<tr><th>{name}</th>{}</tr>\n", cells.concat()));
    }
    write(dir, "index.html", &format!("{INDEX_HEAD}{}</table>\n", rows.concat()))?;
    let count = listed.len() * locales.len();
    out::line(&format!(
        "Wrote {count} mails, each as text and as HTML, and {}.",
        dir.join("index.html").display()
    ));
    Ok(())
}

/// The page that links all previews, up to its rows.
const INDEX_HEAD: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Mails of this desk</title>
<style>body{font-family:sans-serif}th{text-align:left}td,th{padding:.2em .6em}.fallback{opacity:.5}</style>
<h1>Mails of this desk</h1>
<p>Filled in with made-up values. Pale ones have no words in that language and fall back.</p>
<table>
";

fn write(dir: &Path, name: &str, content: &str) -> Result<(), Failure> {
    let path = dir.join(name);
    let failed = |error| Failure::system(format!("cannot write {}: {error}", path.display()));
    private::make_directory(dir)
        .and_then(|()| private::write(&path, content.as_bytes(), Existing::Replaced))
        .map_err(failed)
}
