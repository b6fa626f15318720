//! The shape of the code, held to by reading it: layers, circles, fences, sizes.
//!
//! There is no list of exceptions. A rule that is wrong is changed here, for everybody.

mod circles;
mod dependencies;
mod fences;
mod layers;
mod size;
pub mod source;
mod tables;

use source::Source;

/// Fails with every breach that `rule` finds, one a line.
fn assert_no_breach(sources: &[Source], rule: impl Fn(&Source) -> Vec<String>) {
    let breaches: Vec<String> = sources.iter().flat_map(rule).collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn modules_name_only_modules_of_rows_above_their_own() {
    assert_no_breach(&source::all(&["src"]), layers::breaches);
}

#[test]
fn files_of_one_module_form_no_circle() {
    let breaches = circles::breaches(&source::all(&["src"]));
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn each_library_is_named_only_where_it_is_wrapped() {
    assert_no_breach(&source::all(&["src"]), fences::library_breaches);
}

#[test]
fn statements_are_literals_in_the_store() {
    assert_no_breach(&source::all(&["src"]), fences::sql_breaches);
}

#[test]
fn each_table_is_written_in_one_place() {
    let breaches = tables::breaches(&source::all(&["src"]));
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn files_and_functions_stay_small_and_say_what_they_are() {
    assert_no_breach(&source::all(&["src", "tests"]), size::breaches);
}

#[test]
fn each_dependency_has_its_reason_in_contributing() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read =
        |name: &str| std::fs::read_to_string(root.join(name)).expect("the file is part of the project");
    let breaches = dependencies::breaches(&read("Cargo.toml"), &read("CONTRIBUTING.md"));
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}
