//! `reference`: every command with its options, as the page `docs/commands.md`.
//!
//! Made from what `--help` prints, so that it cannot say something else.

use clap::Command;

use crate::cli::out;

const HEAD: &str = "\
# Commands

Made by `helpdeskd reference`. Every command also takes `--config FILE`; without it, the configuration is
`$HELPDESKD_CONFIG`, `./config.toml` or `/etc/helpdeskd/config.toml`, the first that there is. Exit codes are those
of sysexits(3): 0 for success, 1 where `verify` found something to look at, 64 for a mistake in the call, 65 for a
refusal, 66 for something that is not there, 69 and 75 for something that may work later, 70 for a fault of the
program, 71 for the machine's own refusals, 74 for a daemon whose database file is gone or another's, 78 for the
configuration and for what `check` finds bad.
";

/// Columns of the page, whatever the terminal has.
const WIDTH: usize = 100;

/// Prints the page of all that `root` can do.
pub fn run(root: Command) {
    out::line(text(root).trim_end());
}

fn text(root: Command) -> String {
    let mut root = root.term_width(WIDTH).disable_help_subcommand(true);
    root.build();
    let mut text = HEAD.to_owned();
    for command in visible(&root) {
        describe(command, &mut text);
    }
    text
}

fn visible(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|command| !command.is_hide_set())
}

/// One command, or each of the commands that it stands for.
fn describe(command: &Command, text: &mut String) {
    if command.has_subcommands() {
        visible(command).for_each(|inner| describe(inner, text));
        return;
    }
    let mut shown = command.clone().mut_args(|arg| {
        let everywhere = ["config", "help"].contains(&arg.get_id().as_str());
        if everywhere { arg.hide(true) } else { arg }
    });
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    text.push_str(
        &["\n## ", &name, "\n\n```text\n", shown.render_help().to_string().trim_end(), "\n```\n"].concat(),
    );
}
