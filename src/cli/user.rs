//! `user …`: the people whom the desk knows, and everything that can be changed of them.

pub(crate) mod add;
mod address;
mod change;
mod erase;
mod export;
mod show;

use std::path::Path;

use clap::Subcommand;

use crate::cli::context;
use crate::cli::failure::Failure;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a person, or make an agent of a customer
    Add(add::Add),
    /// List everybody
    List(show::List),
    /// Show what is known of somebody
    Show(show::Show),
    /// Set a password
    Passwd(change::Passwd),
    /// Call somebody by another name
    Rename(change::Rename),
    /// Make somebody an agent, an administrator or a customer
    Role(change::SetRole),
    /// In which language somebody is written to
    Locale(change::SetLocale),
    /// Tell an agent each morning what waits for them, or no more
    Digest(change::SetDigest),
    /// Further addresses of somebody: what is written from one is theirs
    #[command(subcommand)]
    Address(address::Command),
    /// Let somebody act again
    Enable(change::Named),
    /// Let somebody act no more; what they wrote stays, their open tickets go back to their queues
    Disable(change::Named),
    /// Make one person of two: the first is merged into the second
    Merge(change::Merge),
    /// Write all that is kept of somebody to one archive, for them
    Export(export::Export),
    /// Erase everything that somebody said, was called and could be reached by
    Erase(erase::Erase),
}

pub async fn run(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    let app = match command {
        Command::Add(_) => context::open_or_make(file).await?,
        _ => context::open(file).await?,
    };
    match command {
        Command::Add(arguments) => add::run(&app, arguments).await,
        Command::List(arguments) => show::list(&app, &arguments).await,
        Command::Show(arguments) => show::show(&app, &arguments).await,
        Command::Passwd(arguments) => change::passwd(&app, &arguments).await,
        Command::Rename(arguments) => change::rename(&app, &arguments).await,
        Command::Role(arguments) => change::role(&app, &arguments).await,
        Command::Locale(arguments) => change::locale(&app, &arguments).await,
        Command::Digest(arguments) => change::digest(&app, &arguments).await,
        Command::Address(command) => address::run(&app, command).await,
        Command::Enable(arguments) => change::enable(&app, &arguments).await,
        Command::Disable(arguments) => change::disable(&app, &arguments).await,
        Command::Merge(arguments) => change::merge(&app, &arguments).await,
        Command::Export(arguments) => Box::pin(export::run(&app, &arguments)).await,
        Command::Erase(arguments) => Box::pin(erase::run(&app, &arguments)).await,
    }
}
