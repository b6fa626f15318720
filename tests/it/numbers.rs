//! How long things take: targets, ratings, and the numbers of a desk.

mod ratings;
mod report;
mod targets;
