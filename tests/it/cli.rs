//! The commands that set a desk up and ask it, as they print and as they end.

mod addresses;
mod check;
mod check_servers;
mod day;
mod facts;
mod gone_queue;
mod init;
mod init_dialog;
mod outbox;
mod passwords;
mod people;
mod probe;
mod reference;
mod search;
mod show;
mod simulate;
mod template;
mod ticket_list;
