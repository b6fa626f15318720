//! Logs and metrics: set up once at the start.
//!
//! What is logged and counted is said where it happens. Libraries that would print commands with passwords,
//! statements or mail are held at levels where they do not, whatever filter is asked for.

use std::io::IsTerminal;

use metrics_exporter_prometheus::PrometheusBuilder;
use metrics_exporter_prometheus::PrometheusHandle;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// Appended to every filter; a later directive for the same target wins.
///
/// What libraries think of foreign HTML and mail is of no use to whoever runs the desk.
const CAPS: &str = "async_imap=info,imap_proto=info,lettre=info,sqlx=warn,html5ever=off,markup5ever=off,html2text=off,\
                    ammonia=off,mail_parser=off";

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Json,
}

/// Why logs or metrics could not be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TelemetryError {
    #[error("`log.filter` cannot be understood: {0}")]
    Filter(#[from] ParseError),
    #[error("logs or metrics are set up already")]
    Twice,
}

/// The counters of this process, for printing.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

/// Sends log lines to standard error from now on.
pub(crate) fn start_logs(format: Format, filter: &str) -> Result<(), TelemetryError> {
    // Colours are for people at a terminal; a journal or a file would keep the codes.
    let coloured = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(capped(filter)?)
        .with_ansi(coloured)
        .with_writer(std::io::stderr);
    let started = match format {
        Format::Human => builder.try_init(),
        Format::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|_| TelemetryError::Twice)
}

/// Collects what the process counts from now on.
pub(crate) fn start_metrics() -> Result<Metrics, TelemetryError> {
    let handle = PrometheusBuilder::new().install_recorder().map_err(|_| TelemetryError::Twice)?;
    Ok(Metrics(handle))
}

impl Metrics {
    /// The counters in Prometheus' text format. Tidies up what was collected, so it is called now and then
    /// even when nobody asks.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

fn capped(filter: &str) -> Result<EnvFilter, ParseError> {
    let own: Vec<&str> =
        filter.split(',').map(str::trim).filter(|part| !part.is_empty() && !is_capped(part)).collect();
    EnvFilter::builder().parse(format!("{},{CAPS}", own.join(",")))
}

/// Whether a directive is about a library that is held; a longer target of it would win over the cap.
fn is_capped(directive: &str) -> bool {
    CAPS.split(',').filter_map(|cap| cap.split('=').next()).any(|target| directive.starts_with(target))
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::io::Write;
    use std::sync::Arc;
    use std::sync::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_filter_lets_a_library_print_what_it_sends() {
        for filter in [
            "trace",
            "info,async_imap=trace",
            "async_imap::client=trace,trace",
            "lettre::transport[x]=trace,info",
        ] {
            let lines = Lines::default();
            let writer = lines.clone();
            let subscriber = tracing_subscriber::fmt()
                .with_env_filter(capped(filter).unwrap())
                .with_writer(move || writer.clone())
                .finish();
            tracing::subscriber::with_default(subscriber, || {
                tracing::trace!(target: "async_imap::client", "LOGIN secret");
                tracing::debug!(target: "lettre::transport", "AUTH secret");
                tracing::debug!(target: "sqlx::query", "select secret");
                tracing::warn!(target: "html5ever::tree_builder", "a tag of a secret mail");
                tracing::error!(target: "html2text", "a width of a secret mail");
                tracing::info!(target: "helpdeskd", "ready");
            });
            let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
            assert!(!text.contains("secret"), "{filter}: {text}");
            assert!(text.contains("ready"), "{filter}: {text}");
        }
    }

    #[test]
    fn a_filter_that_means_nothing_is_an_error() {
        assert!(capped("helpdeskd=loud").is_err());
        assert!(capped("").is_ok());
    }
}
