-- What was changed of people, and the further addresses that they have.

-- Of whom it is where it is of no ticket, which is ticket 0 then.
alter table events add column user_id integer;
create index events_user on events (user_id, id) where user_id is not null;

-- Addresses beside the one in `users`; each is one person's.
create table user_addresses (
    -- Case-folded.
    address_key text not null primary key,
    user_id integer not null references users (id) on delete restrict,
    address text not null,
    created_at integer not null
) strict;
create index user_addresses_user on user_addresses (user_id);

-- All addresses of somebody who has several, case-folded, one a line: whoever is read brings them along.
alter table users add column addresses text not null default '';
-- Who they were found to be; all that was theirs is there now.
alter table users add column merged_into integer references users (id) on delete set null;
create index users_merged on users (merged_into) where merged_into is not null;
-- At which of their addresses somebody hears of a ticket; none: the first one.
alter table ticket_ccs add column address text;
