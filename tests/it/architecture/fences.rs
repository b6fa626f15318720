//! Each library has one module that may name it, and SQL is literal text in the store. One file joins statements
//! from literal fragments, in one function that formats nothing.
//!
//! Looks at paths in the code; what a module re-exports from a library is not followed.

use super::source::Source;
use super::source::Word;

/// A library and the places that may name it, as starts of paths below `src/`.
const FENCES: &[(&str, &[&str])] = &[
    ("ammonia", &["mail.rs", "mail/"]),
    ("async_imap", &["imap.rs", "imap/"]),
    ("axum", &["http.rs", "http/"]),
    ("clap", &["cli.rs", "cli/"]),
    ("hickory_resolver", &["net.rs", "net/"]),
    ("html2text", &["mail.rs", "mail/"]),
    ("hyper", &["http.rs", "http/"]),
    ("hyper_util", &["http.rs", "http/"]),
    ("lettre", &["smtp.rs", "smtp/", "mail/compose"]),
    ("mail_auth", &["auth.rs", "auth/"]),
    ("mail_parser", &["mail.rs", "mail/"]),
    ("minijinja", &["template.rs", "template/"]),
    ("psl", &["auth.rs", "auth/"]),
    ("regex", &["config/rule"]),
    ("reqwest", &["net.rs", "net/"]),
    ("rustls", &["tls.rs", "tls/"]),
    ("serde_ignored", &["http/desk_api/read"]),
    ("serde_path_to_error", &["http/desk_api/read"]),
    ("tar", &["cli/user/export"]),
    ("unicode_normalization", &["ticket/words"]),
    ("x509_parser", &["tls.rs", "tls/"]),
    ("zxcvbn", &["password.rs"]),
];

/// The libraries that a file names without being their wrapper.
pub fn library_breaches(source: &Source) -> Vec<String> {
    let path = source.path.trim_start_matches("src/");
    let forbidden: Vec<&str> = FENCES
        .iter()
        .filter(|(_, places)| !places.iter().any(|place| path.starts_with(place)))
        .map(|(library, _)| *library)
        .collect();
    let named = |at: &usize| source.name(*at).is_some_and(|name| forbidden.contains(&name));
    (0..source.tokens.len())
        .filter(named)
        .filter(|at| is_in_path(source, *at))
        .map(|at| format!("{}: `{}` is fenced in", source.place(at), source.name(at).unwrap_or_default()))
        .collect()
}

/// The file that joins statements from literals, and the function that does.
const JOINER: (&str, &str) = ("src/store/filters.rs", "join");

/// The file whose macro makes the statements of tables of work, from literals and before anything runs.
const MAKER: &str = "src/store/lease.rs";

/// Statements outside the store, and statements that are put together anywhere but by the joiner.
pub fn sql_breaches(source: &Source) -> Vec<String> {
    let joins = source.path == JOINER.0;
    let in_store = source.path == "src/store.rs" || source.path.starts_with("src/store/");
    let complaint = |at: usize| {
        let name = source.name(at)?;
        if !in_store && name == "sqlx" && names_statements(source, at) {
            return Some("statements belong in `store`");
        }
        if joins && formats(name) && source.is_mark(at + 1, '!') {
            return Some("nothing is formatted where statements are joined");
        }
        if joins && name == "push_str" && function_at(source, at) != Some(JOINER.1) {
            return Some("statements are joined in one function");
        }
        if (!joins && name == "AssertSqlSafe") || (in_store && name == "leak") {
            return Some("a statement is a literal");
        }
        if source.path == MAKER && name == "concat" {
            return None;
        }
        (formats(name) && source.is_mark(at + 1, '!') && first_text(source, at + 2).is_some_and(is_sql))
            .then_some("a statement is a literal, not put together")
    };
    let limited = |at: usize| match &source.tokens[at].word {
        Word::Text(text) if in_store && text.contains("limit $") => {
            Some("`limit 0 + $n`: SQLite prepares a statement with a bare `limit $n` again for each run")
        }
        _ => None,
    };
    (0..source.tokens.len())
        .filter_map(|at| {
            complaint(at).or_else(|| limited(at)).map(|words| format!("{}: {words}", source.place(at)))
        })
        .collect()
}

fn is_in_path(source: &Source, at: usize) -> bool {
    let after_separator = at >= 2 && source.is_path_separator(at - 2);
    let imported = at >= 1 && matches!(source.name(at - 1), Some("use" | "crate"));
    source.is_path_separator(at + 1) || after_separator || imported
}

/// Whether `sqlx::` at this position leads to what makes a statement, also inside a group.
fn names_statements(source: &Source, at: usize) -> bool {
    let makes =
        |name: &str| name.starts_with("query") || ["raw_sql", "QueryBuilder", "Executor"].contains(&name);
    if !source.is_path_separator(at + 1) {
        return false;
    }
    if !source.is_mark(at + 3, '{') {
        return source.name(at + 3).is_some_and(makes);
    }
    let end = (at..source.tokens.len()).find(|end| source.is_mark(*end, ';')).unwrap_or(source.tokens.len());
    (at..end).any(|inside| source.name(inside).is_some_and(makes))
}

/// The function that a position is in.
fn function_at(source: &Source, at: usize) -> Option<&str> {
    (1..at).rev().find(|&at| source.name(at - 1) == Some("fn")).and_then(|at| source.name(at))
}

fn formats(name: &str) -> bool {
    ["format", "format_args", "write", "writeln", "concat"].contains(&name)
}

/// The first string between the brackets that open at a position.
fn first_text(source: &Source, at: usize) -> Option<&str> {
    let mut depth = 0;
    for token in &source.tokens[at.min(source.tokens.len())..] {
        match &token.word {
            Word::Text(text) => return Some(text),
            Word::Mark('(' | '[' | '{') => depth += 1,
            Word::Mark(')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    None
}

/// Told by how statements begin; an error message such as "update the cursor" is none.
fn is_sql(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["select" | "with", rest @ ..] => rest.contains(&"from") || rest.contains(&"as"),
        ["update", _, "set", ..]
        | ["insert" | "replace" | "vacuum", "into", ..]
        | ["delete", "from", ..]
        | ["order" | "group", "by", ..]
        | ["create" | "drop" | "alter", "table" | "index" | "unique" | "database" | "view", ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn libraries(path: &str, text: &str) -> usize {
        library_breaches(&Source::new(path, text)).len()
    }

    fn statements(path: &str, text: &str) -> usize {
        sql_breaches(&Source::new(path, text)).len()
    }

    #[test]
    fn a_library_may_be_named_by_its_wrapper_only() {
        assert_eq!(libraries("src/http/jutda.rs", "use axum::Router;"), 0);
        assert_eq!(libraries("src/desk.rs", "use axum::Router;"), 1);
        assert_eq!(libraries("src/mail/compose/html.rs", "use lettre::Message;"), 0);
        assert_eq!(libraries("src/mail/parse.rs", "use lettre::Message;"), 1);
        assert_eq!(libraries("src/https.rs", "use axum::Router;"), 1);
    }

    #[test]
    fn a_library_is_found_however_it_is_named() {
        assert_eq!(libraries("src/imap.rs", "fn f(c: tokio_rustls::rustls::ClientConfig) {}"), 1);
        assert_eq!(libraries("src/desk.rs", "use clap;"), 1);
        assert_eq!(libraries("src/desk.rs", "#[derive(clap::Parser)] struct A;"), 1);
        assert_eq!(libraries("src/desk.rs", "let reqwest = 1; // reqwest::get\n"), 0);
    }

    #[test]
    fn statements_outside_the_store_are_a_breach() {
        assert_eq!(statements("src/store/tickets.rs", "sqlx::query(\"select 1\")"), 0);
        assert_eq!(statements("src/desk.rs", "sqlx::query(\"select 1\")"), 1);
        assert_eq!(statements("src/desk.rs", "use sqlx::{Row, query_as};"), 1);
        assert_eq!(statements("src/desk.rs", "fn f() -> Result<(), sqlx::Error>"), 0);
    }

    #[test]
    fn statements_that_are_put_together_are_a_breach() {
        assert_eq!(statements("src/store/x.rs", "format!(\"select {column} from tickets\")"), 1);
        assert_eq!(statements("src/store/x.rs", "write!(sql, \"update {table} set a = 1\")"), 1);
        assert_eq!(statements("src/store/x.rs", "sqlx::query(AssertSqlSafe(sql))"), 1);
        assert_eq!(statements("src/store/x.rs", "sqlx::query(sql.leak())"), 1);
        assert_eq!(
            statements("src/desk.rs", "format!(\"update ticket {id}\"); format!(\"create {path}\")"),
            0
        );
    }

    #[test]
    fn one_macro_makes_statements_and_formats_nothing() {
        let made = "concat!(\"update \", $table, \" set a = 1\")";
        assert_eq!(statements("src/store/lease.rs", made), 0);
        assert_eq!(statements("src/store/lease.rs", "format!(\"update {table} set a = 1\")"), 1);
        assert_eq!(statements("src/store/x.rs", "concat!(\"select a from \", $table)"), 1);
    }

    #[test]
    fn one_file_joins_statements_in_one_function_and_formats_nothing() {
        let joiner = "src/store/filters.rs";
        assert_eq!(statements(joiner, "use sqlx::AssertSqlSafe; fn join() { text.push_str(literal); }"), 0);
        assert_eq!(statements(joiner, "fn join() {} fn other() { text.push_str(name); }"), 1);
        assert_eq!(statements(joiner, "fn join() { text.push_str(&format!(\"{name} = 1\")); }"), 1);
        assert_eq!(statements(joiner, "fn list() { sqlx::query(text.leak()) }"), 1);
        assert_eq!(statements("src/store/filters/text.rs", "use sqlx::AssertSqlSafe;"), 1);
    }
}
