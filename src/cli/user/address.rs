//! `user address add|remove|primary`.

use clap::Args;
use clap::Subcommand;

use crate::cli::failure::Failure;
use crate::cli::out::JsonSwitch;
use crate::cli::user::change;
use crate::desk::actor::Actor;
use crate::desk::app::App;
use crate::desk::person::address;
use crate::mail::parse::copied::Copied;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Give somebody one more address
    Add(One),
    /// Take a further address away
    Remove(One),
    /// Put a further address in the place of the first one
    Primary(One),
}

#[derive(Debug, Args)]
pub struct One {
    /// User name, address or number
    user: String,
    address: String,
    #[command(flatten)]
    json: JsonSwitch,
}

pub(super) async fn run(app: &App, command: Command) -> Result<(), Failure> {
    let (Command::Add(one) | Command::Remove(one) | Command::Primary(one)) = &command;
    let user = change::find(app, &one.user).await?;
    let written = Copied::of(&one.address).address;
    let (actor, what, now) = (Actor::operator(), (user.id, &*written), app.now());
    let mut tx = app.db.write().await?;
    let (user, said) = match command {
        Command::Add(_) => {
            (address::add(&app.desk(), &mut tx, &actor, what, now).await?, "That address is theirs now.")
        }
        Command::Remove(_) => (address::remove(&mut tx, &actor, what, now).await?, "Removed."),
        Command::Primary(_) => (address::put_first(&mut tx, &actor, what, now).await?, "Set."),
    };
    tx.commit().await?;
    change::done(one.json, &user, said)
}
