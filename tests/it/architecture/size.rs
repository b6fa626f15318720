//! Files and functions stay small, files say what they are, and no file is called `mod.rs`.
//!
//! Every line counts, blank ones and comments too; attributes and docs above a function do not.

use super::source::Source;

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

pub fn breaches(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let lines = source.text.lines().count();
    if lines > FILE_LINES {
        found.push(format!("{}: {lines} lines, {FILE_LINES} are allowed", source.path));
    }
    if !source.text.starts_with("//! ") {
        found.push(format!("{}: the first line does not say what the file is", source.path));
    }
    if source.path.ends_with("/mod.rs") {
        found.push(format!("{}: name the file after its module", source.path));
    }
    found.extend(long_functions(source));
    found
}

fn long_functions(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for at in 0..source.tokens.len() {
        let (Some("fn"), Some(name)) = (source.name(at), source.name(at + 1)) else { continue };
        let Some(end) = end_of_function(source, at) else { continue };
        let lines = source.tokens[end].line - source.tokens[at].line + 1;
        if lines > FUNCTION_LINES {
            found.push(format!(
                "{}: `{name}` has {lines} lines, {FUNCTION_LINES} are allowed",
                source.place(at)
            ));
        }
    }
    found
}

/// The position of the brace that closes the body; nothing for a function without one.
fn end_of_function(source: &Source, start: usize) -> Option<usize> {
    let body = body_of_function(source, start)?;
    let mut depth = 0;
    for at in body..source.tokens.len() {
        if source.is_mark(at, '{') {
            depth += 1;
        } else if source.is_mark(at, '}') {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

fn body_of_function(source: &Source, start: usize) -> Option<usize> {
    let mut depth = 0;
    for at in start..source.tokens.len() {
        if source.is_mark(at, '(') || source.is_mark(at, '[') {
            depth += 1;
        } else if source.is_mark(at, ')') || source.is_mark(at, ']') {
            depth -= 1;
        } else if depth == 0 && source.is_mark(at, ';') {
            return None;
        } else if depth == 0 && source.is_mark(at, '{') {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        breaches(&Source::new(path, text)).len()
    }

    fn function(lines: usize) -> String {
        format!("//! x\nfn f(a: [u8; 2]) -> [u8; 2] {{\n{}}}\n", "    \"}\";\n".repeat(lines - 2))
    }

    #[test]
    fn a_long_function_is_a_breach() {
        assert_eq!(count("src/a.rs", &function(FUNCTION_LINES)), 0);
        assert_eq!(count("src/a.rs", &function(FUNCTION_LINES + 1)), 1);
    }

    #[test]
    fn a_function_without_a_body_has_no_length() {
        let declared = format!("//! x\ntrait T {{ fn f(); {} }}\n", "\n".repeat(FUNCTION_LINES));
        assert_eq!(count("src/a.rs", &declared), 0);
    }

    #[test]
    fn a_long_file_is_a_breach() {
        let text = |lines: usize| format!("//! x\n{}", "\n".repeat(lines - 1));
        assert_eq!(count("src/a.rs", &text(FILE_LINES)), 0);
        assert_eq!(count("src/a.rs", &text(FILE_LINES + 1)), 1);
    }

    #[test]
    fn a_file_that_does_not_say_what_it_is_is_a_breach() {
        assert_eq!(count("src/a.rs", "use std::fmt;\n"), 1);
        assert_eq!(count("tests/it/a.rs", "// x\n"), 1);
    }

    #[test]
    fn a_file_called_mod_is_a_breach() {
        assert_eq!(count("src/mail/mod.rs", "//! x\n"), 1);
    }
}
