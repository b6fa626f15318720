//! The command line: one function per command.
//!
//! Prints tables for people and, with `--json`, objects for programs. An error is one sentence and an exit
//! code of sysexits(3).

pub mod agreement;
mod agreement_show;
pub mod backup;
pub mod check;
pub(crate) mod context;
pub(crate) mod dialog;
pub mod draft;
pub mod escalate;
pub mod exclusion;
pub mod explain;
pub mod failure;
pub mod ignore;
pub mod ingest;
pub mod init;
pub mod key;
pub(crate) mod new_password;
pub mod out;
pub mod outbox;
pub mod queue;
pub mod reference;
pub mod reload;
pub mod reply;
pub mod report;
pub mod search;
pub mod serve;
pub mod share;
pub mod simulate;
pub mod suppression;
pub mod template;
pub mod ticket;
pub(crate) mod ticket_args;
pub mod ticket_edit;
pub(crate) mod ticket_fate;
pub mod ticket_forward;
pub mod ticket_hold;
pub(crate) mod ticket_late;
pub mod ticket_list;
pub(crate) mod ticket_open;
pub(crate) mod ticket_show;
pub mod ticket_spam;
pub mod ticket_split;
pub mod token;
pub mod user;
pub mod verify;
pub mod waiting;

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::CommandFactory;
use clap::Parser;
use clap::Subcommand;

use crate::cli::failure::Failure;

/// How long the end of the process waits for what was begun on threads of their own.
const LAST_STEPS: Duration = Duration::from_secs(1);

/// An e-mail-driven helpdesk daemon: mail becomes tickets, updates go out by mail.
#[derive(Debug, Parser)]
#[command(name = "helpdeskd", version, about, max_term_width = 100)]
pub struct Cli {
    /// The configuration file [default: $`HELPDESKD_CONFIG`, ./config.toml, /etc/helpdeskd/config.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a configuration, a database and the first agent
    Init(Box<init::Arguments>),
    /// Look whether everything is as it must be, and say what to do where it is not
    Check(check::Arguments),
    /// Read the mailboxes, send mail and answer HTTP until a signal ends it
    Serve(serve::Arguments),
    /// Have the daemons of this desk read their configuration and templates anew, without a restart
    Reload(reload::Arguments),
    /// Bring the database to this version's schema
    Migrate,
    /// Queues that are declared in the configuration
    #[command(subcommand)]
    Queue(queue::Command),
    /// Agents, administrators and customers
    #[command(subcommand)]
    User(user::Command),
    /// Tickets and everything that can be done to them
    #[command(subcommand)]
    Ticket(ticket::Command),
    /// Find entries by their words
    Search(search::Arguments),
    /// Take one message from a file or standard input, as a mail server hands it over
    Ingest(ingest::Arguments),
    /// Why a message became what it became
    Explain(explain::Arguments),
    /// What would become of messages, without doing it; needs no database and no configuration
    Simulate(simulate::Arguments),
    /// Look whether everything is there: mailboxes against the journal, outcomes against what they made, and the database
    Verify(verify::Arguments),
    /// Messages that could not be handled
    #[command(subcommand)]
    Quarantine(waiting::Command),
    /// Messages that wait for somebody's decision
    #[command(subcommand)]
    Suspended(waiting::SuspendedCommand),
    /// Senders whose mail is not made a ticket
    #[command(subcommand)]
    Ignore(ignore::Command),
    /// Agents' answers that are kept until they say that they are to be sent
    #[command(subcommand)]
    Draft(draft::Command),
    /// Texts that agents use again and again
    #[command(subcommand)]
    Reply(reply::Command),
    /// Addresses that are not written to
    #[command(subcommand)]
    Suppression(suppression::Command),
    /// Agreements on sharing tickets with other help desks
    #[command(subcommand)]
    Agreement(agreement::Command),
    /// Share a ticket with another help desk
    Share(share::Share),
    /// End sharing a ticket; the partner keeps what he has
    Unshare(share::Unshare),
    /// Outgoing mail
    #[command(subcommand)]
    Outbox(outbox::Command),
    /// Days on which nothing escalates and that do not count
    #[command(subcommand)]
    Exclusion(exclusion::Command),
    /// Raise tickets that nobody took care of, as the schedule does, or show which and why
    Escalate(escalate::Arguments),
    /// The numbers of the desk: what was opened, answered and resolved, how long it took, and what customers said
    Report(report::Arguments),
    /// The words of outgoing mail
    #[command(subcommand)]
    Template(template::Command),
    /// What programs log in with at the Jaze Tickets API
    #[command(subcommand)]
    Token(token::Command),
    /// The keys that sign reply addresses and Message-IDs
    #[command(subcommand)]
    Key(key::Command),
    /// Write a complete copy of an embedded database to a new file
    Backup(backup::Arguments),
    /// Print the page of all commands
    #[command(hide = true)]
    Reference,
}

/// Runs the command of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(ticket_list::with_terms(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::system(format!("cannot start: {error}")).report(),
    };
    let ended = runtime.block_on(run(cli));
    // What is still computed aside has nobody who waits for it.
    runtime.shutdown_timeout(LAST_STEPS);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let file = cli.config.as_deref();
    match Box::pin(command(file, cli.command)).await {
        Ok(()) => Ok(()),
        Err(failure) => Err(context::named(failure, file).await),
    }
}

async fn command(file: Option<&Path>, command: Command) -> Result<(), Failure> {
    match command {
        Command::Init(arguments) => init::run(file, *arguments).await,
        Command::Check(arguments) => check::run(file, arguments).await,
        Command::Serve(arguments) => serve::serve(file, arguments).await,
        Command::Reload(arguments) => reload::run(file, arguments).await,
        Command::Migrate => serve::migrate(file).await,
        Command::Queue(command) => queue::run(file, command).await,
        Command::User(command) => user::run(file, command).await,
        Command::Ticket(command) => ticket::run(file, command).await,
        Command::Search(arguments) => search::run(file, arguments).await,
        Command::Ingest(arguments) => ingest::run(file, arguments).await,
        Command::Explain(arguments) => explain::run(file, arguments).await,
        Command::Simulate(arguments) => simulate::run(file, &arguments),
        Command::Verify(arguments) => verify::run(file, arguments).await,
        Command::Quarantine(command) => waiting::quarantine(file, command).await,
        Command::Suspended(command) => waiting::suspended(file, command).await,
        Command::Ignore(command) => ignore::run(file, command).await,
        Command::Draft(command) => draft::run(file, command).await,
        Command::Reply(command) => reply::run(file, command).await,
        Command::Suppression(command) => suppression::run(file, command).await,
        Command::Agreement(command) => Box::pin(agreement::run(file, command)).await,
        Command::Share(arguments) => Box::pin(share::share(file, arguments)).await,
        Command::Unshare(arguments) => Box::pin(share::unshare(file, arguments)).await,
        Command::Outbox(command) => outbox::run(file, command).await,
        Command::Exclusion(command) => exclusion::run(file, command).await,
        Command::Escalate(arguments) => escalate::run(file, arguments).await,
        Command::Report(arguments) => Box::pin(report::run(file, arguments)).await,
        Command::Template(command) => template::run(file, &command),
        Command::Token(command) => token::run(file, command).await,
        Command::Key(command) => key::run(file, command).await,
        Command::Backup(arguments) => backup::run(file, arguments).await,
        Command::Reference => {
            reference::run(Cli::command());
            Ok(())
        }
    }
}
