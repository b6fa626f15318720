//! From the file to the configuration: found, laid over the defaults, checked.
//!
//! A secret is not resolved here, except the one in the database's address, when it is asked for.

use std::path::Path;
use std::path::PathBuf;

use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde::Deserialize;

use crate::config::Config;
use crate::config::EXAMPLE;
use crate::config::check;
use crate::config::error::ConfigError;
use crate::config::error::Mistake;
use crate::config::merge;
use crate::config::mistake;
use crate::config::mistakes;
use crate::config::paths;

impl Config {
    /// Reads `file`, or the first that there is of `HELPDESKD_CONFIG`, `./config.toml` and
    /// `/etc/helpdeskd/config.toml`. A file that is named but missing is an error.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let path = Self::locate(file)?;
        Self::parse(&text(&path)?, &path)
    }

    /// The file that [`Config::load`] reads; one that is named need not exist.
    pub(crate) fn locate(file: Option<&Path>) -> Result<PathBuf, ConfigError> {
        match file {
            Some(path) => Ok(path.to_path_buf()),
            None => find(),
        }
    }

    /// Where a new file belongs: as named, else into the working directory.
    pub(crate) fn destination(file: Option<&Path>) -> PathBuf {
        file.map(Path::to_path_buf).or_else(named).unwrap_or_else(|| PathBuf::from("config.toml"))
    }

    /// Every mistake in the file, as far as they can be told apart; empty for one that [`Config::load`] takes.
    pub fn mistakes(path: &Path) -> Result<Vec<Mistake>, ConfigError> {
        Ok(mistakes::all(&text(path)?, |text| read(text, EXAMPLE, &path.display().to_string()).err()))
    }

    /// Reads the text of a configuration; `path` names it in messages and tells where relative paths begin.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let mut config = read(text, EXAMPLE, &path.display().to_string()).map_err(ConfigError::Wrong)?;
        config.base = path.parent().unwrap_or(Path::new("")).to_path_buf();
        paths::rebase(&mut config);
        Ok(config)
    }

    /// The defaults alone: no queue and no account.
    pub(crate) fn defaults() -> Self {
        valid(Self::parse("", Path::new("")))
    }

    /// The database's address; a relative SQLite file counts from the configuration's directory.
    pub async fn database_url(&self) -> Result<SecretString, ConfigError> {
        let url = self.database.url.resolve().await?;
        Ok(paths::sqlite_url(url.expose_secret(), &self.base).into())
    }
}

fn text(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |error| ConfigError::Unreadable { path: path.to_path_buf(), error };
    std::fs::read_to_string(path).map_err(unreadable)
}

fn read(text: &str, defaults: &str, file: &str) -> Result<Config, Mistake> {
    let mut root = merge::parse(text).map_err(|error| mistake::from_toml(&error, text, file))?;
    let defaults = merge::parse(defaults).expect("the compiled-in defaults are TOML");
    merge::merge(root.get_mut(), defaults.get_ref());
    let config = Config::deserialize(toml::Deserializer::from(root));
    let config = config.map_err(|error| mistake::from_toml(&error, text, file))?;
    check::check(&config).map_err(|problem| mistake::from_check(problem, text, file))?;
    Ok(config)
}

fn valid(defaults: Result<Config, ConfigError>) -> Config {
    defaults.expect("the compiled-in defaults are valid")
}

#[expect(clippy::disallowed_methods, reason = "this is the door that everything else uses")]
fn named() -> Option<PathBuf> {
    std::env::var_os("HELPDESKD_CONFIG").map(PathBuf::from)
}

fn find() -> Result<PathBuf, ConfigError> {
    if let Some(named) = named() {
        return Ok(named);
    }
    let usual = ["config.toml", "/etc/helpdeskd/config.toml"];
    let found = usual.iter().map(PathBuf::from).find(|path| path.exists());
    found.ok_or_else(|| {
        let mut looked = vec!["--config".to_owned(), "HELPDESKD_CONFIG".to_owned()];
        looked.extend(usual.map(str::to_owned));
        ConfigError::Missing(looked)
    })
}

#[cfg(test)]
mod tests;
