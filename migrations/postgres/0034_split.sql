-- Entries can go to another ticket, and the mails about them with them.

-- The UUID of the ticket for which the mail's tokens were signed, where that is another one now.
alter table outbox add column written_for text;
