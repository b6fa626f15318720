//! Why a command failed: one sentence for people, one sysexits(3) code for programs.

use std::io::Write;
use std::process::ExitCode;

use crate::config::error::ConfigError;
use crate::desk::DeskError;
use crate::store::database_file::Lost;
use crate::store::db::open::OpenError;
use crate::store::migrate::MigrateError;
use crate::ticket::TicketError;

/// The codes of sysexits(3) that are used here, and one below them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A look at the desk found something that a person must see to.
    Found = 1,
    Usage = 64,
    Data = 65,
    NoInput = 66,
    Unavailable = 69,
    Software = 70,
    System = 71,
    /// What the desk stands on is gone.
    Io = 74,
    TryAgain = 75,
    Config = 78,
}

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Command,
    Database,
}

/// A failed command.
#[derive(Debug)]
pub struct Failure {
    pub code: Code,
    pub sentence: String,
    pub origin: Origin,
}

impl Failure {
    pub fn new(code: Code, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), origin: Origin::Command }
    }

    fn of_database(code: Code, sentence: impl Into<String>) -> Self {
        Self { origin: Origin::Database, ..Self::new(code, sentence) }
    }

    /// What was asked for is not there, or cannot be done.
    pub fn data(sentence: impl Into<String>) -> Self {
        Self::new(Code::Data, sentence)
    }

    pub fn system(sentence: impl Into<String>) -> Self {
        Self::new(Code::System, sentence)
    }

    /// Prints it and gives the exit code.
    pub fn report(&self) -> ExitCode {
        // Nobody to tell when standard error is gone.
        let _ = writeln!(std::io::stderr(), "helpdeskd: {}", self.sentence);
        ExitCode::from(self.code as u8)
    }
}

/// Prints what the argument parser says: help with success, mistakes with a usage code.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(Code::Usage as u8) } else { ExitCode::SUCCESS }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = match error {
            ConfigError::Missing(_) => "; make one with `helpdeskd init`",
            _ => "",
        };
        Self::new(Code::Config, format!("{error}{hint}"))
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::of_database(Code::TryAgain, format!("the database failed: {error}"))
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::File(..) | OpenError::Database(_) => {
                Self::of_database(Code::Unavailable, error.to_string())
            }
            _ => Self::new(Code::Unavailable, error.to_string()),
        }
    }
}

impl From<MigrateError> for Failure {
    fn from(error: MigrateError) -> Self {
        match &error {
            MigrateError::InUse(_) => Self::new(Code::TryAgain, error.to_string()),
            _ => Self::of_database(Code::Unavailable, error.to_string()),
        }
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Store(error) => error.into(),
            DeskError::Ticket(TicketError::Unknown(id)) => {
                Self::new(Code::NoInput, format!("there is no ticket {id}"))
            }
            DeskError::Ticket(_) | DeskError::Forbidden(_) | DeskError::Refused(_) => {
                Self::data(error.to_string())
            }
            DeskError::Compose(_) => Self::new(Code::Software, error.to_string()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::system(error.to_string())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let sentence = format!("{error:#}");
        if error.downcast_ref::<ConfigError>().is_some() {
            Self::new(Code::Config, sentence)
        } else if matches!(error.downcast_ref(), Some(MigrateError::InUse(_))) {
            Self::new(Code::TryAgain, sentence)
        } else if error.downcast_ref::<Lost>().is_some() {
            Self::new(Code::Io, sentence)
        } else if is_of_database(&error) {
            Self::of_database(Code::Unavailable, sentence)
        } else {
            Self::new(Code::Unavailable, sentence)
        }
    }
}

fn is_of_database(error: &anyhow::Error) -> bool {
    error.is::<OpenError>() || error.is::<MigrateError>() || error.is::<sqlx::Error>()
}
