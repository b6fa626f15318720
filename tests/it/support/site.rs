//! A place where the real program is installed: configuration, database, and its commands.
//!
//! Looks at the desk only as an operator can: through the command line.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::daemon::Daemon;
use crate::support::pg::PgDatabase;
use crate::support::settings::Settings;

const PROGRAM: &str = env!("CARGO_BIN_EXE_helpdeskd");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Configuration and database of one desk.
#[derive(Debug)]
pub struct Site {
    files: TempDir,
    pub url: String,
    postgres: Option<PgDatabase>,
}

/// A database as it was.
#[derive(Debug)]
pub enum Backup {
    File(PathBuf),
    Copy(PgDatabase),
}

impl Site {
    pub async fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::sqlite(),
            Engine::Postgres => {
                let database = PgDatabase::migrated().await;
                let url = database.url.clone();
                Self { postgres: Some(database), ..Self::at(&url) }
            }
        }
    }

    pub fn sqlite() -> Self {
        let mut site = Self::at("");
        site.url = format!("sqlite:{}", site.path("desk.db").display());
        site
    }

    /// With a database that somebody else looks after.
    pub fn at(url: &str) -> Self {
        let files = tempfile::tempdir().expect("a directory is made");
        Self { files, url: url.to_owned(), postgres: None }
    }

    /// Keeps the database as it is now. No daemon may serve it.
    pub async fn backup(&self) -> Backup {
        if let Some(postgres) = &self.postgres {
            return Backup::Copy(postgres.copy().await);
        }
        let file = self.path("backup.db");
        self.run(&["backup", file.to_str().expect("our paths are UTF-8")]);
        Backup::File(file)
    }

    /// Puts a backup in the place of the database. Afterwards the desk is to be configured anew.
    pub fn restore(&mut self, backup: Backup) {
        match backup {
            Backup::File(file) => {
                for ending in ["-wal", "-shm"] {
                    // They are there only after a crash.
                    let _ = fs::remove_file(self.path(&format!("desk.db{ending}")));
                }
                fs::copy(file, self.path("desk.db")).expect("the backup is copied");
            }
            Backup::Copy(database) => {
                self.url.clone_from(&database.url);
                self.postgres = Some(database);
            }
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    /// Writes the configuration, for all that is started from now on.
    pub fn configure(&self, settings: &Settings) {
        self.configure_as_text(&settings.text(&self.url));
    }

    pub fn configure_as_text(&self, text: &str) {
        fs::write(self.path("config.toml"), text).expect("the file is written");
    }

    /// The program with these arguments and this configuration.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("--config").arg(self.path("config.toml")).args(arguments).stdin(Stdio::null());
        command
    }

    /// Starts the daemon and waits until it serves.
    pub fn start(&self) -> Daemon {
        let daemon = Daemon::launch(&mut self.command(&["serve"]));
        daemon.until_logged("serving on");
        daemon
    }

    /// As [`Site::start`], with further arguments.
    pub fn start_with(&self, arguments: &[&str]) -> Daemon {
        let daemon = Daemon::launch(&mut self.command(&[&["serve"], arguments].concat()));
        daemon.until_logged("serving on");
        daemon
    }

    /// Starts the daemon to be killed at a moment, `name` or `name:n`.
    pub fn start_until(&self, moment: &str) -> Daemon {
        Daemon::launch(self.command(&["serve"]).env("HELPDESKD_CRASH", moment))
    }

    pub fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// What a command prints; it must succeed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).expect("the program prints UTF-8")
    }

    /// What a command prints with `--json`.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let printed = self.run(&[arguments, &["--json"]].concat());
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {printed}"))
    }

    /// What `verify` says of each mailbox, whatever is to be looked at.
    pub fn accounts(&self) -> Vec<Value> {
        let printed = self.output(&["verify", "--json"]).stdout;
        let report: Value = serde_json::from_slice(&printed).expect("it prints JSON");
        report["mailboxes"].as_array().expect("it lists the mailboxes").clone()
    }

    /// A listing, as a list of objects.
    pub fn list(&self, arguments: &[&str]) -> Vec<Value> {
        match self.json(arguments) {
            Value::Array(rows) => rows,
            other => panic!("{arguments:?} is no list: {other}"),
        }
    }

    /// One text of each row of a listing, sorted.
    pub fn column(&self, arguments: &[&str], key: &str) -> Vec<String> {
        let text = |row: &Value| row[key].as_str().map_or_else(|| row[key].to_string(), str::to_owned);
        let mut found: Vec<String> = self.list(arguments).iter().map(text).collect();
        found.sort();
        found
    }
}
