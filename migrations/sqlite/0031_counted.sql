-- Every row of the outbox counts at its ticket as it is written, so that one that is gone can be seen.

create trigger outbox_counted after insert on outbox when new.ticket_id is not null begin
    update tickets set mails = mails + 1 where id = new.ticket_id;
end;
