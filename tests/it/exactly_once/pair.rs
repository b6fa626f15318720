//! Two daemons on one database and one mailbox, killed in turn.
