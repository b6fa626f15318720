-- What was written about a ticket is counted in rows of its own: another version of the ticket for each of its mails
-- costs more than the mail.

create table written_mails (
    ticket_id bigint not null references tickets (id) on delete cascade,
    mails bigint not null
);
create index written_mails_ticket on written_mails (ticket_id);
insert into written_mails (ticket_id, mails) select id, mails from tickets where mails <> 0;
drop trigger outbox_counted on outbox; drop function count_mail();
alter table tickets drop column mails;
create function count_mail() returns trigger language plpgsql as $$ begin
    insert into written_mails (ticket_id, mails) values (new.ticket_id, 1);
return null; end $$; create trigger outbox_counted after insert on outbox for each row when (new.ticket_id is not null) execute function count_mail();
