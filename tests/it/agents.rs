//! Agents who work by mail, told as stories. What attackers make of it is in `security`.

mod by_mail_alone;
mod collisions;
mod commands;
mod day;
mod drafts;
mod editing;
mod formatting;
mod forwards;
mod mornings;
mod passing_on;
mod questions;
mod replies;
mod saved;
mod splitting;
