//! Why a command failed: one sentence for people, one sysexits(3) code for programs.

use std::io::Write;
use std::process::ExitCode;

use crate::config::error::ConfigError;
use crate::desk::DeskError;
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
    TryAgain = 75,
    Config = 78,
}

/// A failed command.
#[derive(Debug)]
pub struct Failure {
    pub code: Code,
    pub sentence: String,
}

impl Failure {
    pub fn new(code: Code, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
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
        Self::new(Code::TryAgain, format!("the database failed: {error}"))
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::new(Code::Unavailable, error.to_string())
    }
}

impl From<MigrateError> for Failure {
    fn from(error: MigrateError) -> Self {
        let code = match &error {
            MigrateError::InUse(_) => Code::TryAgain,
            _ => Code::Unavailable,
        };
        Self::new(code, error.to_string())
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
        let code = if error.downcast_ref::<ConfigError>().is_some() {
            Code::Config
        } else if matches!(error.downcast_ref(), Some(MigrateError::InUse(_))) {
            Code::TryAgain
        } else {
            Code::Unavailable
        };
        Self::new(code, format!("{error:#}"))
    }
}
