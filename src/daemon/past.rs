//! What `serve` is told of the time before it.

/// Whether the database is the one that the last process left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    AsItWas,
    /// From a backup: what happened since is not in it.
    Restored,
}
