//! The real daemon as a child process, and what it costs.

use std::fs;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

/// A daemon that runs until it is dropped.
pub struct Daemon {
    child: Child,
    http_port: u16,
    dir: PathBuf,
}

/// What a process has used so far.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub cpu: Duration,
    pub peak_rss_mb: f64,
}

/// What differs between the runs.
pub struct Setup<'a> {
    pub database: &'a str,
    pub imap_port: u16,
    pub mailbox: &'a str,
    /// A directory, or nothing to leave delivery paused.
    pub smtp: Option<&'a str>,
}

/// `/proc` counts processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

impl Daemon {
    pub fn start(setup: &Setup<'_>, dir: &Path) -> Self {
        let http_port = free_port();
        fs::create_dir_all(dir).expect("the directory can be made");
        let paused = setup.smtp.is_none();
        let smtp = setup.smtp.unwrap_or("directory = \"outgoing\"");
        let config = format!(
            "[database]\nurl = \"{}\"\n[http]\nlisten = \"127.0.0.1:{http_port}\"\n[log]\nfilter = \"warn\"\n\
             [delivery]\npaused = {paused}\n[intake]\nname_servers = [\"127.0.0.1:1\"]\n[[smtp]]\nname = \"default\"\n{smtp}\n\
             [[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@example.com\"\nsmtp = \"default\"\n\
             [queues.imap]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nusername = \"{}\"\npassword = \"secret\"\n\
             from = \"all\"\nafter = \"seen\"\n",
            setup.database, setup.imap_port, setup.mailbox,
        );
        let path = dir.join("config.toml");
        fs::write(&path, config).expect("the configuration can be written");
        let child = Command::new(env!("CARGO_BIN_EXE_helpdeskd"))
            .arg("--config")
            .arg(&path)
            .arg("serve")
            .stdout(Stdio::null())
            .spawn()
            .expect("the daemon starts");
        Self { child, http_port, dir: dir.to_owned() }
    }

    /// Waits until a counter of `/metrics` has reached `wanted`; returns how long that took.
    pub fn wait_for(&mut self, counter: &str, wanted: f64) -> Duration {
        let begun = Instant::now();
        while self.counter(counter) < wanted {
            assert!(begun.elapsed() < Duration::from_mins(10), "{counter} does not reach {wanted}");
            assert!(self.child.try_wait().expect("the child can be asked").is_none(), "the daemon ended");
            std::thread::sleep(Duration::from_millis(5));
        }
        begun.elapsed()
    }

    pub fn wait_until_it_serves(&mut self) {
        while self.get("/healthz").is_none() {
            assert!(self.child.try_wait().expect("the child can be asked").is_none(), "the daemon ended");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn counter(&self, name: &str) -> f64 {
        let Some(text) = self.get("/metrics") else { return 0.0 };
        let lines = text.lines().filter(|line| line.starts_with(name));
        lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum()
    }

    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.http_port))
    }

    pub fn get(&self, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.http_port)).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        Some(text)
    }

    pub fn cost(&self) -> Cost {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks: u32 = [11, 12].iter().filter_map(|&n| fields.get(n)?.parse::<u32>().ok()).sum();
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb: f64 =
            peak.and_then(|text| text.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default();
        Cost { cpu: TICK * ticks, peak_rss_mb: kb / 1024.0 }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}
