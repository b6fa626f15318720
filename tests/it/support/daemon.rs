//! The real daemon as a process of its own, with its log, and the ways in which it can end.
//!
//! A daemon that is dropped is killed.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::os::unix::process::ExitStatusExt;
use std::process::Child;
use std::process::ChildStderr;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::thread;

use crate::support::until::note;
use crate::support::watched::Watched;

/// A running daemon.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    log: Watched<Log>,
}

/// What it said so far.
#[derive(Debug, Default)]
struct Log {
    text: String,
    over: bool,
}

impl Daemon {
    pub fn launch(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let log = Watched::default();
        let (errors, shared) = (child.stderr.take().expect("it was piped"), log.clone());
        thread::spawn(move || keep(errors, &shared));
        Self { child, log }
    }

    /// Waits until a line of the log holds this text.
    pub fn until_logged(&self, words: &str) {
        self.until_logged_times(words, 1);
    }

    /// Waits until this text was logged so many times since the start.
    pub fn until_logged_times(&self, words: &str, count: usize) {
        self.log.block_until(words, |log| log.text.matches(words).count() >= count || log.over);
        assert!(self.logged(words) >= count, "`{words}` was not logged {count} times:\n{}", self.log());
    }

    /// How often this text was logged.
    pub fn logged(&self, words: &str) -> usize {
        self.log.with(|log| log.text.matches(words).count())
    }

    pub fn log(&self) -> String {
        self.log.with(|log| log.text.clone())
    }

    /// The lines of the log that hold this text, without their time.
    pub fn lines(&self, words: &str) -> Vec<String> {
        let log = self.log();
        let found = log.lines().filter(|line| line.contains(words));
        found.map(|line| line.split_once("Z ").map_or(line, |(_, rest)| rest).trim().to_owned()).collect()
    }

    /// Waits for the end, and gives how it ended.
    pub fn until_ended(&mut self, why: &str) -> ExitStatus {
        let log = self.log.clone();
        log.block_until(why, |log| log.over);
        self.child.wait().expect("it was not waited for before")
    }

    /// Waits until it was killed at the moment that it was started for.
    pub fn until_killed(&mut self, moment: &str) {
        let status = self.until_ended(moment);
        assert_eq!(status.signal(), Some(9), "{moment}: {status}\n{}", self.log());
    }

    /// Asks it to end, and waits until it has; it must end well.
    pub fn stop(mut self) -> String {
        self.signal("TERM");
        let status = self.until_ended("the end after SIGTERM");
        assert!(status.success(), "{status}\n{}", self.log());
        self.log()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it can be waited for");
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([&format!("-{name}"), &id]).status().expect("kill exists");
        assert!(status.success(), "the daemon is gone:\n{}", self.log());
    }

    /// The most memory that it had so far, in MB.
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells it");
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("it is a number");
        kilobytes / 1024
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if thread::panicking() {
            note(&self.log());
        }
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keep(errors: ChildStderr, log: &Watched<Log>) {
    for line in BufReader::new(errors).split(b'\n') {
        let Ok(line) = line else { break };
        log.with(|log| {
            log.text.push_str(&String::from_utf8_lossy(&line));
            log.text.push('\n');
        });
    }
    log.with(|log| log.over = true);
}
