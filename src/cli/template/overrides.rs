//! Which templates a command looks at: those built in, with the operator's own in their place.
//!
//! Opens no database.

use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use crate::cli::failure::Failure;
use crate::config::Config;
use crate::config::error::ConfigError;
use crate::template::Templates;
use crate::template::problem::Problem;

#[derive(Debug, Args)]
pub(crate) struct Overrides {
    /// Directory with templates of your own [default: `desk.templates` of the configuration]
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
}

impl Overrides {
    /// What is built in, with the overrides in place, and what was wrong with those.
    pub fn load(&self, file: Option<&Path>) -> Result<(Templates, Vec<Problem>), Failure> {
        if let Some(dir) = &self.templates {
            return Ok(Templates::load(Some(dir)));
        }
        match Config::load(file) {
            Ok(config) => Ok(Templates::load(config.desk.templates.as_deref())),
            Err(ConfigError::Missing(_)) => Ok(Templates::load(None)),
            Err(error) => Err(error.into()),
        }
    }
}
