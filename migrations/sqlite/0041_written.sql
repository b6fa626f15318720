-- What was written about a ticket is counted in rows of its own: another version of the ticket for each of its mails
-- costs more than the mail.

create table written_mails (
    ticket_id integer not null references tickets (id) on delete cascade,
    mails integer not null
) strict;
create index written_mails_ticket on written_mails (ticket_id);
insert into written_mails (ticket_id, mails) select id, mails from tickets where mails <> 0;
drop trigger outbox_counted;
alter table tickets drop column mails;
create trigger outbox_counted after insert on outbox when new.ticket_id is not null begin
    insert into written_mails (ticket_id, mails) values (new.ticket_id, 1);
end;
