//! Paths below the sharing base, as forgiving as partners are careless: slashes may be doubled or trail.

/// Where a request leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Resource(Resource, String),
    /// An attachment, by its token.
    File(String),
    Nowhere,
}

/// One of the two kinds of things that partners talk about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Agreement,
    Ticket,
}

/// The place of a path, if it is below `base`; an empty base has nothing below it.
pub(crate) fn place(path: &str, base: &str) -> Option<Place> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let mut wanted = base.split('/').filter(|segment| !segment.is_empty()).peekable();
    wanted.peek()?;
    for segment in wanted {
        if segments.next() != Some(segment) {
            return None;
        }
    }
    let rest: Vec<&str> = segments.collect();
    Some(match rest.as_slice() {
        ["agreements", id] => Place::Resource(Resource::Agreement, (*id).to_owned()),
        ["tickets", id] => Place::Resource(Resource::Ticket, (*id).to_owned()),
        // What follows the token is the name under which a browser saves it.
        ["files", token] | ["files", token, _] => Place::File((*token).to_owned()),
        _ => Place::Nowhere,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_may_be_doubled_or_trail() {
        let ticket = Some(Place::Resource(Resource::Ticket, "t1".to_owned()));
        for path in ["/sharing/tickets/t1", "//sharing//tickets///t1//", "/sharing/tickets/t1/"] {
            assert_eq!(place(path, "/sharing"), ticket, "{path}");
        }
        let deep = place("/x/y/agreements/a", "/x/y");
        assert_eq!(deep, Some(Place::Resource(Resource::Agreement, "a".to_owned())));
    }

    #[test]
    fn what_is_not_below_the_base_is_for_others() {
        for path in ["/", "", "/sharingx/tickets/t1", "/api/sharing/tickets/t1", "/sharin/tickets/t1"] {
            assert_eq!(place(path, "/sharing"), None, "{path}");
        }
        assert_eq!(place("/sharing/tickets/t1", ""), None, "sharing is off");
        for path in [
            "/sharing",
            "/sharing/",
            "/sharing/tickets",
            "/sharing/tickets/a/b",
            "/sharing/../x",
            "/sharing/users/1",
        ] {
            assert_eq!(place(path, "/sharing"), Some(Place::Nowhere), "{path}");
        }
    }
}
