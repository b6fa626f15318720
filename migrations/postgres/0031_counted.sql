-- Every row of the outbox counts at its ticket as it is written, so that one that is gone can be seen.

create function count_mail() returns trigger language plpgsql as $$ begin
    update tickets set mails = mails + 1 where id = new.ticket_id;
return null; end $$; create trigger outbox_counted after insert on outbox for each row when (new.ticket_id is not null) execute function count_mail();
