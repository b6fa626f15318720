-- When the ticket was taken in with old mail that nobody is written to about; none once its customer wrote anew.
alter table tickets add column old_since bigint;

-- A mail that comes again after a restore makes the ticket that it made before, unless that is there.
create index tickets_uuid on tickets (uuid);
