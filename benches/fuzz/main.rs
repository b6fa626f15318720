//! Throws mutated mails at everything that reads mail and random texts at what writes it, and keeps what breaks it.
//!
//! `make fuzz ARGS="--minutes 60 tests/mail OTHER-FOLDER"`. Every input is read as the daemon reads it, on a thread
//! with as much stack, and its time and memory are measured. What panics, takes too long or too much, or breaks a
//! promise is written to `target/fuzz`, where the next run tries it again. It needs no instrumented build: what an
//! input is worth as a parent of others is told from what was read of it.

mod chance;
mod corpus;
mod measure;
mod mutate;
mod nest;
mod outgoing;
mod promise;
mod watch;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::outgoing::Outgoing;
use crate::watch::Finds;

/// One text is written for so many mails that are read.
const TURNS: usize = 8;
/// As much as a thread of the daemon's blocking pool has.
const STACK: usize = 2 * 1024 * 1024;

struct Arguments {
    minutes: u64,
    seed: u64,
    paths: Vec<PathBuf>,
}

fn main() {
    let arguments = arguments();
    let run = std::thread::Builder::new().stack_size(STACK).spawn(move || run(&arguments));
    let broken = run.expect("a thread can be made").join().expect("the run ends by itself");
    if broken > 0 {
        std::process::exit(1);
    }
}

/// Numbers behind `--minutes` and `--seed`; the rest names files and folders to begin with.
fn arguments() -> Arguments {
    let mut read = Arguments { minutes: 1, seed: 1, paths: Vec::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|n| n.parse().ok()).expect("a number behind the option");
        match word.as_str() {
            "--minutes" => read.minutes = number(),
            "--seed" => read.seed = number(),
            "--bench" => {}
            _ => read.paths.push(word.into()),
        }
    }
    if read.paths.is_empty() {
        read.paths.push(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mail"));
    }
    read
}

/// Gives how many inputs broke something.
fn run(arguments: &Arguments) -> usize {
    let mut finds = Finds::open();
    let mut corpus = Corpus::default();
    for raw in finds.left_over().into_iter().chain(corpus::files(&arguments.paths)) {
        let seen = finds.try_one(&raw);
        corpus.add(raw, seen.as_ref());
    }
    line(&format!("{} mails to begin with, seed {}", corpus.len(), arguments.seed));
    let mut chance = Chance::new(arguments.seed);
    let mut outgoing = Outgoing::default();
    let (begun, mut told) = (Instant::now(), Instant::now());
    while begun.elapsed() < Duration::from_mins(arguments.minutes) {
        let raw = mutate::mutate(&corpus, &mut chance);
        if let Some(seen) = finds.try_one(&raw) {
            corpus.offer(raw, &seen);
        }
        if chance.one_in(TURNS) {
            outgoing.try_one(&mut chance);
        }
        if told.elapsed() > Duration::from_mins(1) {
            told = Instant::now();
            line(&format!(
                "{} min: {}, {} parents; {}",
                begun.elapsed().as_secs() / 60,
                finds.told(),
                corpus.len(),
                outgoing.told()
            ));
        }
    }
    line(&format!("end: {}; {}", finds.told(), outgoing.told()));
    finds.broken() + outgoing.broken
}

fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
