//! The program itself, run as an operator runs it, in a directory of its own.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::thread;

use tempfile::TempDir;

use crate::support::servers;

/// A directory to run in; gone with it.
#[derive(Debug)]
pub struct Program {
    directory: TempDir,
}

/// How one run ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Program {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a directory is made") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is below the directory")).expect("a directory is made");
        fs::write(&path, text).expect("the file is written");
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("the file is read")
    }

    /// Names in the directory, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory.path()).expect("the directory is listed");
        let name = |entry: Result<fs::DirEntry, _>| entry.expect("it is listed").file_name();
        let mut names: Vec<String> =
            entries.map(name).map(|name: OsString| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The program in this directory, for what [`Program::run`] cannot do with it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_helpdeskd"));
        command.args(arguments).current_dir(self.directory.path()).env_remove("HELPDESKD_CONFIG");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, b"")
    }

    pub fn run_with(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_helpdeskd"));
        command.args(arguments);
        run(&mut command, self.directory.path(), input)
    }

    /// Runs at a terminal, with one line typed for each answer.
    pub fn at_terminal(&self, arguments: &str, answers: &[&str]) -> Ran {
        let mut command = Command::new("script");
        let call = format!("{} {arguments}", env!("CARGO_BIN_EXE_helpdeskd"));
        command.args(["--quiet", "--return", "--echo", "never", "--command", &call, "/dev/null"]);
        let typed: String = answers.iter().flat_map(|answer| [answer, "\n"]).collect();
        let ran = run(&mut command, self.directory.path(), typed.as_bytes());
        Ran { out: ran.out.replace('\r', ""), ..ran }
    }
}

fn run(command: &mut Command, directory: &Path, input: &[u8]) -> Ran {
    let mut child = command
        .current_dir(directory)
        .env_remove("HELPDESKD_CONFIG")
        .env("TZ", "UTC")
        .env("MAIL_PASSWORD", servers::PASSWORD)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it has an input");
    let input = input.to_owned();
    // A program that does not read to the end is no failure of the test.
    let writer = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("the program ends");
    let _ = writer.join();
    Ran {
        code: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("it prints text"),
        err: String::from_utf8(output.stderr).expect("it prints text"),
    }
}
