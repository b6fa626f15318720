-- What a customer wrote below their rating is an entry.

alter table ratings add column followup_id bigint references followups (id) on delete set null;
create index ratings_followup on ratings (followup_id);
create index ratings_changed on ratings (changed_at);
