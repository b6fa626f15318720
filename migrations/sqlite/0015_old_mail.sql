-- When the ticket was taken in with old mail that nobody is written to about; none once its customer wrote anew.
alter table tickets add column old_since integer;
