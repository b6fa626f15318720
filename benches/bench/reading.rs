//! Mails into what is understood of them: parsed, classified, quotes trimmed. No server, no database, one thread.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use helpdeskd::mail::classify::Own;
use helpdeskd::mail::classify::judge;
use helpdeskd::mail::parse;
use helpdeskd::mail::parse::Limits;

use crate::mails;
use crate::out;

/// How long each row is measured.
const SPAN: Duration = Duration::from_secs(3);

/// One mail with its name.
type Named = (String, Vec<u8>);

pub fn run() {
    let synthetic = corpus();
    all("the synthetic mails of tests/mail", &synthetic);
    let small: Vec<Named> = (0..100).map(|n| (format!("small {n}"), mails::small(n))).collect();
    all("small plain requests of 1.7 KB", &small);
    let threads: Vec<Named> = (0..20).map(|n| (format!("thread {n}"), mails::long_thread(n))).collect();
    all("answers of 60 KB with HTML, twelve deep", &threads);
    let mixed: Vec<Named> = synthetic
        .into_iter()
        .chain(small.into_iter().take(60))
        .chain(threads)
        .chain([("1 MB file".to_owned(), mails::large(1))])
        .collect();
    all("all of these and a file of 1 MB, mixed", &mixed);
    all("one mail with a file of 25 MB", &[("25 MB file".to_owned(), mails::large(25))]);
}

fn corpus() -> Vec<Named> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mail");
    let entries = fs::read_dir(folder).expect("the folder of mails");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.map(|path| (name(&path), fs::read(&path).expect("a mail"))).collect()
}

fn name(path: &std::path::Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are small")]
fn all(what: &str, mails: &[Named]) {
    let own = Own {
        addresses: vec!["support@example.com".to_owned()],
        lists: vec!["support.example.com".to_owned()],
        spam_headers: Vec::new(),
    };
    let (mut count, mut bytes) = (0_usize, 0_usize);
    // The best of the rounds: a worst mail of one round may only have lost the processor.
    let mut best = vec![Duration::MAX; mails.len()];
    let begun = Instant::now();
    while begun.elapsed() < SPAN {
        for ((_, raw), best) in mails.iter().zip(&mut best) {
            let one = Instant::now();
            let mail = parse::parse(raw, &Limits::default());
            let verdict = judge::judge(&mail, &own);
            std::hint::black_box((mail, verdict));
            *best = (*best).min(one.elapsed());
            count += 1;
            bytes += raw.len();
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let worst = best.iter().zip(mails).max_by_key(|(time, _)| **time);
    let worst = worst.map(|(time, (name, _))| format!("worst {:.2} ms: {name}", time.as_secs_f64() * 1000.0));
    let speed = bytes as f64 / 1_000_000.0 / seconds;
    out::row(
        what,
        count as f64 / seconds,
        "mails/s",
        &format!("{speed:.1} MB/s, {}", worst.unwrap_or_default()),
    );
}
