-- A server's final word is believed once it takes other mail, or has said it twice.

-- When it refused the mail first, and when it took another mail of the account since.
alter table refusals add column first_at bigint not null default 0;
alter table refusals add column others_at bigint;
update refusals set first_at = at;

-- What was given up lately, and what nobody knows of.
create index outbox_lost on outbox (settled_at) where state in ('rejected', 'unknown');
