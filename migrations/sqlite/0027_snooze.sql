-- A hold may end by itself.

alter table tickets add column held_until integer;
create index tickets_held_until on tickets (held_until) where held_until is not null;
