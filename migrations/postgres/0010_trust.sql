-- What is believed of people, and who gets the words of customers.

-- Since when somebody is known: by a mail that was shown to be theirs, or because an agent, an operator or a
-- program named them. None: unproven mails only.
alter table users add column proven_at bigint;
-- Since when an agent wants this person to get customers' words too. None: a mail brought them.
alter table ticket_ccs add column accepted_at bigint;
-- What was found out about the mail that an entry came from; none where it came by no mail.
alter table followups add column authentication text;

update ticket_ccs set accepted_at = created_at
where exists (select 1 from changes
    join users on users.id = ticket_ccs.user_id and users.email_key = lower(trim(changes.new))
    where changes.field = 'cc'
        and (changes.ticket_id = ticket_ccs.ticket_id
            or changes.ticket_id in (select id from tickets where merged_into = ticket_ccs.ticket_id))
        and (changes.door = 'cli'
            or changes.actor_id in (select id from users where role <> 'customer')));

update users set proven_at = created_at
where role <> 'customer'
    or id in (select user_id from ticket_ccs where accepted_at is not null)
    or id in (select submitter_id from tickets where authentication = 'pass' or door <> 'mail');
