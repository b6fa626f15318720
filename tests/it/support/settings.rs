//! A configuration file for a real daemon, put together from what a test needs.
//!
//! Values are those that make a test quick: short leases, pauses and time-outs.

use std::net::SocketAddr;
use std::path::Path;

use toml::Table;
use toml::Value;

use crate::support::servers;

/// The whole file.
#[derive(Clone, Debug)]
pub struct Settings(Table);

/// `[queues.imap]` of one queue.
#[derive(Clone, Debug)]
pub struct Mailbox(Table);

impl Settings {
    pub fn new() -> Self {
        let settings = Self(Table::new());
        settings
            .set("http", "listen", "127.0.0.1:0")
            .set("intake", "poll_seconds", 1)
            .set("intake", "lease_seconds", 2)
            .set("intake", "timeout_seconds", 10)
            .set("intake", "max_backoff_seconds", 1)
            // Nobody listens there, so that every question ends at once, and on this machine.
            .set("intake", "name_servers", vec!["127.0.0.1:1"])
            .set("delivery", "attempt_seconds", 30)
            .set("delivery", "rest_seconds", 1)
    }

    /// One key of a section.
    pub fn set(mut self, section: &str, key: &str, value: impl Into<Value>) -> Self {
        let section = self.0.entry(section).or_insert_with(|| Value::Table(Table::new()));
        section.as_table_mut().expect("a section is a table").insert(key.to_owned(), value.into());
        self
    }

    /// Mail leaves by this server, in clear text.
    pub fn smtp(self, server: SocketAddr) -> Self {
        let mut account = Table::new();
        account.insert("host".to_owned(), server.ip().to_string().into());
        account.insert("port".to_owned(), i64::from(server.port()).into());
        account.insert("tls".to_owned(), "none".into());
        self.account(account)
    }

    /// Mail is written to files.
    pub fn directory(self, directory: &Path) -> Self {
        let mut account = Table::new();
        account.insert("directory".to_owned(), directory.display().to_string().into());
        self.account(account)
    }

    /// Other keys of the account that was named last.
    pub fn account_key(mut self, key: &str, value: impl Into<Value>) -> Self {
        let accounts = self.0.get_mut("smtp").and_then(Value::as_array_mut).expect("there is an account");
        let account = accounts.last_mut().and_then(Value::as_table_mut).expect("there is an account");
        account.insert(key.to_owned(), value.into());
        self
    }

    /// A queue whose address is the mailbox's user.
    pub fn queue(self, slug: &str, mailbox: &Mailbox) -> Self {
        let mut queue = Table::new();
        queue.insert("slug".to_owned(), slug.into());
        queue.insert("title".to_owned(), slug.into());
        queue.insert("address".to_owned(), mailbox.0["username"].clone());
        queue.insert("imap".to_owned(), mailbox.0.clone().into());
        self.push("queues", queue)
    }

    /// Other keys of the queue that was named last.
    pub fn queue_key(mut self, key: &str, value: impl Into<Value>) -> Self {
        let queues = self.0.get_mut("queues").and_then(Value::as_array_mut).expect("there is a queue");
        let queue = queues.last_mut().and_then(Value::as_table_mut).expect("there is a queue");
        queue.insert(key.to_owned(), value.into());
        self
    }

    /// The text of the file.
    pub fn text(&self, database_url: &str) -> String {
        let whole = self.clone().set("database", "url", database_url);
        toml::to_string(&whole.0).expect("a table is TOML")
    }

    fn account(self, mut account: Table) -> Self {
        account.insert("name".to_owned(), "default".into());
        self.push("smtp", account)
    }

    fn push(mut self, list: &str, entry: Table) -> Self {
        let list = self.0.entry(list).or_insert_with(|| Value::Array(Vec::new()));
        list.as_array_mut().expect("these are lists").push(entry.into());
        self
    }
}

impl Mailbox {
    /// A mailbox of the test server, of which every message is taken.
    pub fn of(user: &str) -> Self {
        Self::at(user, servers::imap())
    }

    /// The same by way of another address, such as a proxy's.
    pub fn at(user: &str, server: SocketAddr) -> Self {
        Self(Table::new())
            .set("host", server.ip().to_string())
            .set("port", i64::from(server.port()))
            .set("tls", "none")
            .set("username", user)
            .set("password", servers::PASSWORD)
            .set("from", "all")
            .set("after", "leave")
    }

    pub fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }
}
