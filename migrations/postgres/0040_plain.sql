-- An address without what stands behind its plus, under which acknowledgements are counted.

alter table outbox add column recipient_plain text not null default '';
update outbox set recipient_plain = recipient_key where event in ('acknowledgement', 'opened');
drop index outbox_opened_domain;
drop index outbox_acknowledged;
create index outbox_acknowledged on outbox (recipient_plain, created_at) where event = 'acknowledgement';
create index outbox_opened on outbox (recipient_plain, created_at)
    where template = 'newticket_submitter' and event = 'opened';
