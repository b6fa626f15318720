//! Every dependency has a line in CONTRIBUTING.md that says why, and every such line a dependency.
//!
//! Whether the reason is a good one is for the reader.

use std::collections::BTreeSet;

/// What is only in the manifest, and what is only in the table.
pub fn breaches(manifest: &str, contributing: &str) -> Vec<String> {
    let (used, explained) = (used(manifest), explained(contributing));
    let silent = used.difference(&explained).map(|name| format!("CONTRIBUTING.md: no reason for `{name}`"));
    let stale = explained.difference(&used).map(|name| format!("CONTRIBUTING.md: `{name}` is no dependency"));
    silent.chain(stale).collect()
}

fn used(manifest: &str) -> BTreeSet<String> {
    let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let tables = tables.iter().filter_map(|name| manifest.get(*name)?.as_table());
    tables.flat_map(|table| table.keys().cloned()).collect()
}

/// The first cells of the last table, up to the next heading.
fn explained(contributing: &str) -> BTreeSet<String> {
    let (_, section) = contributing.split_once("\n## Dependencies\n").unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    rows.filter(|(_, reason)| reason.len() > 5).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_reason_is_a_breach() {
        let manifest = "[dependencies]\na = \"1\"\n[dev-dependencies]\nb = \"1\"\n";
        let reasons = "\n## Dependencies\n| `a` | does a well |\n";
        assert_eq!(breaches(manifest, reasons), ["CONTRIBUTING.md: no reason for `b`"]);
        assert_eq!(breaches(manifest, "").len(), 2);
    }

    #[test]
    fn a_reason_without_a_dependency_is_a_breach() {
        let reasons = "\n## Dependencies\n| `a` | does a well |\n";
        assert_eq!(breaches("[dependencies]\n", reasons), ["CONTRIBUTING.md: `a` is no dependency"]);
    }
}
