//! `backup`: a complete copy of an embedded database, also while it is served.
//!
//! It has its name once it is whole, and only its owner can ever read it.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use crate::cli::context;
use crate::cli::failure::Code;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::crash;
use crate::private::Beside;
use crate::private::Existing;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The file to write; it must not exist
    file: PathBuf,
}

pub async fn run(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    let app = context::open(file).await?;
    if app.db.is_shared() {
        return Err(Failure::new(Code::Usage, "a PostgreSQL database is backed up with pg_dump"));
    }
    let shown = arguments.file.display();
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::data(format!("{shown} {error}")),
        _ => Failure::system(format!("cannot write {shown}: {error}")),
    };
    let beside = Beside::begin(&arguments.file, Existing::Refused).map_err(failed)?;
    let path = beside.path().to_str().ok_or_else(|| Failure::data("the file's name is not UTF-8"))?;
    app.db.backup(path).await?;
    crash::point("backup.before_name");
    beside.finish().map_err(failed)?;
    out::line(&format!("Written to {shown}."));
    Ok(())
}
