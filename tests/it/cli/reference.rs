//! The page of commands is what the program says of itself.

use crate::support::program::Program;

#[test]
fn the_page_of_commands_is_what_help_prints() {
    let page = include_str!("../../../docs/commands.md");
    let made = Program::new().run(&["reference"]).out;
    assert!(page == made, "make it anew: cargo run -- reference > docs/commands.md");
}
