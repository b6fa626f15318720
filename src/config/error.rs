//! What is wrong with a configuration, as one sentence that names file, line and key.
//!
//! Never repeats the value of a secret.

use std::fmt;
use std::path::PathBuf;

/// Why there is no usable configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("no configuration found; looked for {}", .0.join(", "))]
    Missing(Vec<String>),
    #[error("cannot read the configuration {path}: {error}", path = .path.display())]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{0}")]
    Wrong(Mistake),
    #[error("database.url: {0}")]
    Secret(#[from] crate::secret::SecretError),
}

/// One mistake in the text of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub file: String,
    /// From 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// As it would be written with dots: `queues.imap.host`.
    pub key: String,
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if !self.key.is_empty() {
            write!(f, ", `{}`", self.key)?;
        }
        write!(f, ": {}", self.problem)
    }
}
