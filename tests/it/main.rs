//! (temporary) Binds the integration tests into one binary.

mod mail_corpus;
