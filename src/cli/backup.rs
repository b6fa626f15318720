//! `backup`: a complete copy of an embedded database, also while it is served.

use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The file to write; it must not exist
    file: PathBuf,
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    let app = context::open(file).await?;
    if arguments.file.exists() {
        return Err(Failure::data(format!("{} exists", arguments.file.display())));
    }
    let path = arguments.file.to_str().ok_or_else(|| Failure::data("the file's name is not UTF-8"))?;
    if !app.db.backup(path).await? {
        return Err(Failure::new(Code::Usage, "a PostgreSQL database is backed up with pg_dump"));
    }
    out::line(&format!("Written to {path}."));
    Ok(())
}
