//! `init`: from nothing to a configuration, a database and an agent; asked at a terminal, or told by options.
//!
//! Replaces nothing unless told to, and writes the configuration last: what failed before can just be tried again.

mod answers;
mod flags;
mod questions;
mod text;
mod trial;
mod write;

use std::io::IsTerminal;
use std::path::Path;

use clap::Args;

use crate::cli::dialog::Dialog;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::init::flags::Flags;
use crate::cli::out;
use crate::config::Config;
use crate::tls;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Ask nothing: everything comes from the options below
    #[arg(long)]
    non_interactive: bool,
    /// Replace a configuration that exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    tls::install_provider();
    let path = Config::destination(file);
    if path.exists() && !arguments.force {
        return Err(Failure::new(
            Code::Config,
            format!("{} exists; it is replaced only with --force", path.display()),
        ));
    }
    let answers = if arguments.non_interactive {
        arguments.flags.answers(&path)?
    } else if std::io::stdin().is_terminal() {
        let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout());
        let mut dialog = Dialog::new(&mut input, &mut output);
        questions::ask(&mut dialog, &arguments.flags, &path).await?
    } else {
        return Err(Failure::new(
            Code::Usage,
            "init asks its questions at a terminal; elsewhere use --non-interactive and the options of `helpdeskd init --help`",
        ));
    };
    let written = write::carry_out(&path, &answers, arguments.force).await?;
    next_steps(&path, &written, file.is_some());
    Ok(())
}

fn next_steps(path: &Path, written: &write::Written, is_named: bool) {
    out::line("");
    out::line("Done:");
    for file in &written.files {
        out::line(&format!("  {}", file.display()));
    }
    for line in &written.words {
        out::line(&format!("  {line}"));
    }
    let call =
        if is_named { format!("helpdeskd --config {}", path.display()) } else { "helpdeskd".to_owned() };
    out::line("");
    out::line("Next:");
    for (command, what) in [
        ("check", "looks whether everything works, and says what to do where it does not"),
        ("check --probe", "also sends mails from the desk to itself, and watches for them"),
        ("serve", "starts; ends at Ctrl-C. Mail that is there now makes no ticket: see `from` in the file"),
    ] {
        let command = format!("{call} {command}");
        out::line(&format!("  {command:width$}  {what}", width = call.len() + 14));
    }
    if written.by_root {
        out::line("");
        out::line(
            "These files belong to root. A daemon of another user cannot use them: give them to that user (chown).",
        );
    }
}
