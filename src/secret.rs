//! Secrets: where one comes from, and the keys that sign what must come back to us unchanged.
//!
//! Nothing here prints a secret, stores one, or decides what a signature means.

use std::fmt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use secrecy::SecretString;
use serde::Deserialize;
use serde::Deserializer;
use serde::de;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

/// The fewest bytes of a signature that [`Keyring::verify`] takes: 80 bits.
pub(crate) const SHORTEST_MAC: usize = 10;

/// Longest secret that a file or a command may give; OAuth tokens stay far below.
const LONGEST_SECRET: u64 = 64 * 1024;

/// A command that asks a token server may be slow, but must not stop a mailbox for ever.
const COMMAND_LIMIT: Duration = Duration::from_secs(30);

/// Where a secret comes from.
///
/// Written as plain text, `env:NAME`, `file:PATH`, `command:SHELL TEXT`, or `literal:TEXT` for a
/// secret that itself begins with one of these words.
#[derive(Clone)]
pub enum Secret {
    Literal(SecretString),
    Env(String),
    File(PathBuf),
    Command(String),
}

/// Why a secret could not be had. Never holds the secret or what a command printed.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("the environment variable {0} is not set")]
    Env(String),
    #[error("cannot read the secret file {path}: {error}")]
    File { path: String, error: std::io::Error },
    #[error("cannot run the command for the secret: {0}")]
    Command(std::io::Error),
    #[error("the command for the secret ended with {0}")]
    Failed(std::process::ExitStatus),
    #[error("the command for the secret did not end within {} seconds", COMMAND_LIMIT.as_secs())]
    Slow,
    #[error("the secret from {0} is empty, too long or not UTF-8 text")]
    Unusable(&'static str),
}

impl Secret {
    pub fn parse(text: &str) -> Self {
        match text.split_once(':') {
            Some(("env", name)) => Self::Env(name.trim().to_owned()),
            Some(("file", path)) => Self::File(PathBuf::from(path.trim())),
            Some(("command", line)) => Self::Command(line.trim().to_owned()),
            Some(("literal", rest)) => Self::Literal(rest.into()),
            _ => Self::Literal(text.into()),
        }
    }

    /// Fetches the secret anew each time, so that a changed file or a fresh token is seen.
    ///
    /// A line end after it is not part of it.
    pub async fn resolve(&self) -> Result<SecretString, SecretError> {
        match self {
            Self::Literal(text) => Ok(text.clone()),
            Self::Env(name) => from_env(name),
            Self::File(path) => from_file(path).await,
            Self::Command(line) => from_command(line).await,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Secret {
    /// The source; for a literal one, and for a command (which may name one), that there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(_) => f.write_str("[redacted]"),
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Command(_) => f.write_str("command:[redacted]"),
        }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretVisitor)
    }
}

/// Keys that sign, newest last by id; older ones still verify.
#[derive(Clone)]
pub struct Keyring {
    newest: SigningKey,
    older: Vec<SigningKey>,
}

/// One signing key as the database keeps it.
#[derive(Clone)]
pub struct SigningKey {
    pub id: i64,
    pub bytes: Vec<u8>,
}

impl Keyring {
    /// Nothing when there is no key at all.
    pub fn new(mut keys: Vec<SigningKey>) -> Option<Self> {
        keys.sort_by_key(|key| key.id);
        let newest = keys.pop()?;
        Some(Self { newest, older: keys })
    }

    /// A ring of one key.
    pub fn of(key: SigningKey) -> Self {
        Self { newest: key, older: Vec::new() }
    }

    /// The id of the key that [`Keyring::sign`] uses.
    pub(crate) fn newest_id(&self) -> i64 {
        self.newest.id
    }

    /// HMAC-SHA-256 over the parts with the newest key.
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.newest.mac(parts)
    }

    /// Whether `mac`, or what is kept of it, is what the named key signs; in constant time.
    ///
    /// Fewer than `SHORTEST_MAC` bytes never verify.
    pub fn verify(&self, key_id: i64, parts: &[&[u8]], mac: &[u8]) -> bool {
        let Some(key) = self.older.iter().chain([&self.newest]).find(|key| key.id == key_id) else {
            return false;
        };
        let expected = key.mac(parts);
        (SHORTEST_MAC..=expected.len()).contains(&mac.len()) && expected[..mac.len()].ct_eq(mac).into()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} keys)", self.older.len() + 1)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}

impl SigningKey {
    /// Each part goes in with its length, so that no two lists of parts look alike.
    fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.bytes).expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

fn from_env(name: &str) -> Result<SecretString, SecretError> {
    #[expect(clippy::disallowed_methods, reason = "the configuration names the variable")]
    let value = std::env::var(name).map_err(|_| SecretError::Env(name.to_owned()))?;
    cleaned(value.into_bytes(), "the environment")
}

async fn from_file(path: &std::path::Path) -> Result<SecretString, SecretError> {
    let failed = |error| SecretError::File { path: path.display().to_string(), error };
    let file = tokio::fs::File::open(path).await.map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LONGEST_SECRET + 1).read_to_end(&mut bytes).await.map_err(failed)?;
    cleaned(bytes, "a file")
}

async fn from_command(line: &str) -> Result<SecretString, SecretError> {
    tokio::time::timeout(COMMAND_LIMIT, run(line)).await.unwrap_or(Err(SecretError::Slow))
}

async fn run(line: &str) -> Result<SecretString, SecretError> {
    let mut child = Command::new("sh")
        .args(["-c", line])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(SecretError::Command)?;
    let mut bytes = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let mut limited = stdout.take(LONGEST_SECRET + 1);
        limited.read_to_end(&mut bytes).await.map_err(SecretError::Command)?;
    }
    let status = child.wait().await.map_err(SecretError::Command)?;
    if status.success() { cleaned(bytes, "a command") } else { Err(SecretError::Failed(status)) }
}

fn cleaned(bytes: Vec<u8>, source: &'static str) -> Result<SecretString, SecretError> {
    let too_long = bytes.len() as u64 > LONGEST_SECRET;
    let text = String::from_utf8(bytes).map_err(|_| SecretError::Unusable(source))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() || too_long {
        return Err(SecretError::Unusable(source));
    }
    Ok(text.into())
}

/// Takes text only, and says so without repeating what stood there instead.
struct SecretVisitor;

impl de::Visitor<'_> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret in quotes")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret::parse(text))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Secret, E> {
        Err(E::custom("a secret must be text in quotes"))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Secret, E> {
        Err(E::custom("a secret must be text in quotes"))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[tokio::test]
    async fn a_secret_comes_from_the_place_that_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pw");
        std::fs::write(&path, "from file\n").unwrap();
        let cases = [
            ("p:ss".to_owned(), "p:ss"),
            ("literal:env:X".to_owned(), "env:X"),
            (format!("file:{}", path.display()), "from file"),
            ("command:printf 'a b'; echo".to_owned(), "a b"),
        ];
        for (text, expected) in cases {
            let secret = Secret::parse(&text).resolve().await.unwrap();
            assert_eq!(secret.expose_secret(), expected, "{text}");
        }
        assert!(Secret::parse("env:PATH").resolve().await.is_ok());
    }

    #[tokio::test]
    async fn a_missing_secret_is_an_error_that_tells_nothing_of_it() {
        let missing = Secret::parse("env:HELPDESKD_NO_SUCH_VARIABLE").resolve().await.unwrap_err();
        assert_eq!(missing.to_string(), "the environment variable HELPDESKD_NO_SUCH_VARIABLE is not set");
        for text in ["file:/nonexistent", "command:exit 3", "command:true", "command:head -c 70000 /dev/zero"]
        {
            assert!(Secret::parse(text).resolve().await.is_err(), "{text}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_hangs_is_ended() {
        let error = Secret::parse("command:sleep 1000").resolve().await.unwrap_err();
        assert!(matches!(error, SecretError::Slow), "{error}");
    }

    #[test]
    fn a_secret_is_never_printed() {
        for text in ["hunter2", "literal:hunter2", "command:echo hunter2"] {
            let secret = Secret::parse(text);
            assert!(!format!("{secret:?} {secret}").contains("hunter2"));
        }
        let key = SigningKey { id: 1, bytes: b"hunter2".to_vec() };
        assert_eq!(format!("{key:?}"), "SigningKey(1)");
    }

    #[test]
    fn an_old_key_still_verifies_and_a_forgotten_one_does_not() {
        let key = |id| SigningKey { id, bytes: vec![u8::try_from(id).unwrap(); 32] };
        let old = Keyring::new(vec![key(1)]).unwrap();
        let both = Keyring::new(vec![key(2), key(1)]).unwrap();
        let mac = old.sign(&[b"ticket", b"a@b"]);
        assert_eq!(both.newest_id(), 2);
        assert!(both.verify(1, &[b"ticket", b"a@b"], &mac));
        assert!(both.verify(1, &[b"ticket", b"a@b"], &mac[..SHORTEST_MAC]));
        assert!(!both.verify(1, &[b"ticket", b"a@b"], &mac[..SHORTEST_MAC - 1]), "too short a piece");
        assert!(!both.verify(2, &[b"ticket", b"a@b"], &mac), "another key");
        assert!(!both.verify(3, &[b"ticket", b"a@b"], &mac), "no such key");
        assert!(!both.verify(1, &[b"ticketa", b"@b"], &mac), "parts moved across their border");
        assert!(Keyring::new(Vec::new()).is_none());
    }
}
