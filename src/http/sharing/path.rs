//! Paths below the sharing base, as forgiving as partners are careless: slashes may be doubled or trail.

/// What follows the base in a path that is below it, written in the one right way; an empty base has nothing
/// below it.
pub(crate) fn below(path: &str, base: &str) -> Option<String> {
    let mut steps = path.split('/').filter(|step| !step.is_empty());
    let mut wanted = base.split('/').filter(|step| !step.is_empty()).peekable();
    wanted.peek()?;
    for step in wanted {
        if steps.next() != Some(step) {
            return None;
        }
    }
    let below: String = steps.flat_map(|step| ["/", step]).collect();
    Some(if below.is_empty() { "/".to_owned() } else { below })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_may_be_doubled_or_trail() {
        for path in ["/sharing/tickets/t1", "//sharing//tickets///t1//", "/sharing/tickets/t1/"] {
            assert_eq!(below(path, "/sharing").as_deref(), Some("/tickets/t1"), "{path}");
        }
        assert_eq!(below("/x/y/agreements/a", "/x/y").as_deref(), Some("/agreements/a"));
        assert_eq!(below("/sharing/", "/sharing").as_deref(), Some("/"));
    }

    #[test]
    fn what_is_not_below_the_base_is_for_others() {
        for path in ["/", "", "/sharingx/tickets/t1", "/api/sharing/tickets/t1", "/sharin/tickets/t1"] {
            assert_eq!(below(path, "/sharing"), None, "{path}");
        }
        assert_eq!(below("/sharing/tickets/t1", ""), None, "sharing is off");
    }
}
