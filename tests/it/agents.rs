//! Agents who work by mail, told as stories. What attackers make of it is in `security`.

mod commands;
mod day;
mod forwards;
mod replies;
