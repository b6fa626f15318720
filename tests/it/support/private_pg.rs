//! A PostgreSQL server of a test's own, which it may stop and start again.

use std::fs;
use std::net::Ipv4Addr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use tempfile::TempDir;

use crate::support::until::until;

/// A server with one empty database, `postgres`.
#[derive(Debug)]
pub struct PrivatePg {
    files: TempDir,
    port: u16,
    running: Option<Child>,
}

impl PrivatePg {
    pub fn start() -> Self {
        let files = tempfile::tempdir().expect("a directory is made");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        drop(listener);
        let mut server = Self { files, port, running: None };
        give_to_server_user(server.files.path().to_str().expect("it is UTF-8"));
        let made = server
            .command("initdb")
            .args([
                "--username",
                "postgres",
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--locale",
                "C.UTF-8",
                "--no-sync",
            ])
            .output()
            .expect("initdb starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        server.come_up();
        server
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it and waits until it takes connections.
    pub fn come_up(&mut self) {
        let log = fs::File::create(self.files.path().join("log")).expect("the file is made");
        let port = self.port.to_string();
        let socket = format!("unix_socket_directories={}", self.files.path().display());
        let server = self
            .command("postgres")
            .args(["-c", "listen_addresses=127.0.0.1", "-c", &socket, "-c", "fsync=off", "-p", &port])
            .stderr(log)
            .spawn()
            .expect("postgres starts");
        self.running = Some(server);
        until("PostgreSQL", || TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok(), |up| *up);
    }

    /// Stops it as an administrator does, without waiting for its clients.
    pub fn go_down(&mut self) {
        if let Some(mut server) = self.running.take() {
            let id = server.id().to_string();
            let _ = Command::new("kill").args(["-INT", &id]).status();
            let _ = server.wait();
        }
    }

    /// One of its programs, as a user that it accepts.
    fn command(&self, program: &str) -> Command {
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"])
                .arg(programs().join(program));
            command
        } else {
            Command::new(programs().join(program))
        };
        command.arg("-D").arg(self.files.path().join("data")).stdin(Stdio::null()).stdout(Stdio::null());
        command
    }
}

impl Drop for PrivatePg {
    fn drop(&mut self) {
        self.go_down();
    }
}

/// The programs of the newest installed version, where Debian puts them.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = versions.map(|entry| entry.expect("it is listed").path()).max_by_key(version);
    newest.expect("PostgreSQL is installed").join("bin")
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("id exists");
    output.stdout == b"0\n"
}

/// PostgreSQL refuses to work as root.
fn give_to_server_user(directory: &str) {
    if is_root() {
        let status =
            Command::new("chown").args(["nobody:nogroup", directory]).status().expect("chown exists");
        assert!(status.success());
    }
}
