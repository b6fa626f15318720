-- The last message that was in the mailbox at first contact; 0 where that is not known.
alter table mailboxes add column contact_uid bigint not null default 0;
