-- How many acknowledgements of tickets that programs opened went to an address.

create index outbox_opened_domain on outbox (recipient_domain, created_at)
    where template = 'newticket_submitter' and event = 'opened';
