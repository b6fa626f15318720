//! The store on both databases: the same statements, the same schema, the same answers, and an index for each
//! statement that runs often.
//!
//! What the statements are for is said by the stories.

mod filled;
mod following;
mod functions;
mod opening;
mod plans;
mod schema;
mod statements;
mod upgrade;
mod words;
