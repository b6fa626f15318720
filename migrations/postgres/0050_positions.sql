-- Where an event stands for those who follow events. PostgreSQL shows transactions in another order than that in which
-- they took their numbers, so that who reads by number would miss some: what is committed is given a place here, one
-- after another. In SQLite, with its one writer, the number is the place, and this stays empty.

alter table events add column position bigint;
create unique index events_position on events (position) where position is not null;
create index events_unplaced on events (id) where position is null;

create table event_positions (
    id bigint primary key,
    last bigint not null
);
insert into event_positions (id, last) values (1, 0);
