//! Reading a new password, judging it, and the form in which it is kept.
//!
//! Never shows one, and never waits for one without saying so.

use std::io::BufRead;
use std::io::IsTerminal;
use std::io::Read;

use clap::Args;

use crate::cli::dialog::Dialog;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::desk::app::App;
use crate::password;
use crate::password::Weakness;

#[derive(Debug, Args)]
pub struct Source {
    /// Read the password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
    /// Take a short or common password, for the Jutda API and nothing else
    #[arg(long)]
    pub accept_weak_password: bool,
}

/// Even a weak password has so many characters.
const SHORTEST_WEAK: usize = 4;
/// More than anybody has for a password.
const LONGEST: u64 = 4096;

/// A new password as it is kept.
#[derive(Debug)]
pub(crate) struct Hashed {
    pub(crate) hash: String,
    pub(crate) weakness: Option<Weakness>,
}

/// The new password of somebody about whom these words are known: asked for twice at a terminal, unless it is to be
/// read from standard input.
pub(crate) fn read(app: &App, about: &[Option<&str>], source: &Source) -> Result<Hashed, Failure> {
    let about: Vec<&str> = about.iter().flatten().copied().collect();
    let is_terminal = std::io::stdin().is_terminal();
    if !source.password_stdin {
        if !is_terminal {
            let why = "there is no terminal to ask for a password at; --password-stdin reads it from standard input";
            return Err(Failure::new(Code::Usage, why));
        }
        return hash(app, &asked(&about, source.accept_weak_password)?, &about);
    }
    let password = if is_terminal { one_hidden_line()? } else { line()? };
    if let Some(weakness) = judge(&password, &about)?.filter(|_| !source.accept_weak_password) {
        let why = format!("{weakness}; --accept-weak-password takes it for the Jutda API and nothing else");
        return Err(Failure::data(why));
    }
    hash(app, &password, &about)
}

fn line() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().lock().take(LONGEST).read_line(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Whoever gives the switch by hand is told what is waited for.
fn one_hidden_line() -> Result<String, Failure> {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stderr());
    Dialog::new(&mut input, &mut output).hidden("Password (not shown)")
}

/// Asks until a password will do and was typed twice.
fn asked(about: &[&str], accept_weak: bool) -> Result<String, Failure> {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stderr());
    let mut dialog = Dialog::new(&mut input, &mut output);
    loop {
        let first = dialog.hidden("New password (not shown)")?;
        let weakness = match judge(&first, about) {
            Ok(weakness) => weakness.filter(|_| !accept_weak),
            Err(_) => Some(Weakness::Short),
        };
        if let Some(weakness) = weakness {
            dialog.say(&format!("    {weakness}"))?;
            continue;
        }
        if dialog.hidden("The same again")? == first {
            return Ok(first);
        }
        dialog.say("    these are two")?;
    }
}

/// What is weak in a password that can be taken all the same; an error is none.
pub(crate) fn judge(password: &str, about: &[&str]) -> Result<Option<Weakness>, Failure> {
    if password.chars().count() < SHORTEST_WEAK {
        return Err(Failure::data(Weakness::Short.to_string()));
    }
    Ok(password::weakness(password, about))
}

/// A new password of somebody about whom these words are known, as it is kept.
pub(crate) fn hash(app: &App, password: &str, about: &[&str]) -> Result<Hashed, Failure> {
    let weakness = judge(password, about)?;
    let hash = password::hash(password, &app.desk().ids.bytes())
        .map_err(|error| Failure::system(error.to_string()))?;
    Ok(Hashed { hash, weakness })
}
