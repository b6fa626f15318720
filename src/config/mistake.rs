//! From what the TOML reader says to one sentence in the words of the configuration.

use crate::config::check::Problem;
use crate::config::error::Mistake;
use crate::config::merge;

/// A mistake that was found while reading.
pub(crate) fn from_toml(error: &toml::de::Error, text: &str, file: &str) -> Mistake {
    let line = error.span().map_or(0, |span| merge::line_at(text, span.start.min(text.len())));
    let shown = error.to_string();
    // The reader keeps the path to itself, except in what it prints.
    let path = shown.lines().find_map(|l| l.strip_prefix("in `")?.strip_suffix('`')).unwrap_or_default();
    let mut path: Vec<String> = path.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect();
    let message = error.message().replace('\n', ", ");
    let problem = match message.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
        Some((name, known)) => {
            path.push(name.to_owned());
            unknown(name, known)
        }
        None => in_words(message),
    };
    Mistake { file: file.to_owned(), line, key: key(&path), problem }
}

/// A mistake that was found by comparing values.
pub(crate) fn from_check((path, problem): Problem, text: &str, file: &str) -> Mistake {
    Mistake { file: file.to_owned(), line: merge::line_of(text, &path), key: key(&path), problem }
}

/// Which entry of a list is meant, the line says.
fn key(path: &[String]) -> String {
    let words = path.iter().filter(|step| step.parse::<usize>().is_err());
    words.map(String::as_str).collect::<Vec<_>>().join(".")
}

fn in_words(message: String) -> String {
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        return rest.replacen(", expected ", ": must be ", 1);
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("the key {name} is missing");
    }
    unquoted(&message).unwrap_or(message)
}

/// What is written in quotes and must stand without them.
fn unquoted(message: &str) -> Option<String> {
    let (text, expected) = message.strip_prefix("invalid type: string \"")?.split_once("\", expected ")?;
    let is_number = ["u8", "u16", "u32", "u64", "i64", "usize"].contains(&expected);
    if is_number && text.parse::<i64>().is_ok() {
        Some(format!("must be a number: write {text} without quotes"))
    } else if expected == "a boolean" && text.parse::<bool>().is_ok() {
        Some(format!("must be true or false: write {text} without quotes"))
    } else {
        is_number.then(|| "must be a whole number".to_owned())
    }
}

fn unknown(name: &str, known: &str) -> String {
    let candidates = known.split('`').skip(1).step_by(2);
    let nearest = candidates.map(|other| (distance(name, other), other)).min();
    match nearest {
        Some((away, other)) if away <= 3 && away < other.len() => {
            format!("there is no such key; did you mean `{other}`?")
        }
        _ => "there is no such key".to_owned(),
    }
}

/// How many letters must change to turn one word into the other.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().take(64).enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in right.bytes().enumerate() {
            let swap = corner + usize::from(a != b);
            corner = row[j + 1];
            row[j + 1] = swap.min(row[j] + 1).min(corner + 1);
        }
    }
    row[right.len()]
}
