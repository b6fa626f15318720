//! How long things take: targets, ratings, and the numbers of a desk.

mod csv;
mod ratings;
mod report;
mod targets;
