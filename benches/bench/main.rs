//! What the daemon does in a second, beside what the same machine can do at most in the same run.
//!
//! Run by `make bench`, which starts the mail and database servers. Names as arguments choose sections.

mod baseline;
mod daemon;
mod escalation;
mod filled;
mod http;
mod intake;
mod load;
mod mails;
mod out;
mod reading;
#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/it/support"]
mod support {
    pub mod imap_client;
    pub mod pg;
    pub mod servers;
}

type Section = (&'static str, fn());

const SECTIONS: &[Section] =
    &[("intake", intake::run), ("mail", reading::run), ("escalation", escalation::run), ("http", http::run)];

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    for (name, run) in SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            out::heading(name);
            run();
        }
    }
}
