//! `serve` and `migrate`.

use std::path::Path;
use std::sync::Arc;

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::out;
use crate::config::Config;
use crate::config::sections::LogFormat;
use crate::daemon;
use crate::daemon::past::Past;
use crate::telemetry;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The database was restored from a backup: mail that was received since is taken again, and nobody gets an
    /// acknowledgement of it; tickets are numbered on above all numbers that mails name
    #[arg(long)]
    after_restore: bool,
}

/// Serves until a signal ends it.
pub async fn serve(file: Option<&Path>, arguments: Arguments) -> Result<(), Failure> {
    let config = Arc::new(Config::load(file)?);
    let format = match config.log.format {
        LogFormat::Human => telemetry::Format::Human,
        LogFormat::Json => telemetry::Format::Json,
    };
    let past = if arguments.after_restore { Past::Restored } else { Past::AsItWas };
    let telemetry_failed = |error: telemetry::TelemetryError| Failure::system(error.to_string());
    telemetry::start_logs(format, &config.log.filter).map_err(telemetry_failed)?;
    let metrics = telemetry::start_metrics().map_err(telemetry_failed)?;
    Ok(daemon::serve(file.map(Path::to_path_buf), config, metrics, past).await?)
}

/// Brings the database up to date.
pub async fn migrate(file: Option<&Path>) -> Result<(), Failure> {
    let config = Config::load(file)?;
    let opened = daemon::open::open(&config).await?;
    opened.db.close().await;
    out::line("The database has this version's schema.");
    Ok(())
}
