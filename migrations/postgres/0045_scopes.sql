-- Tokens of the Desk API: what each may do, for whom it acts, until when, and when it was used last.
-- Without scopes it is half of a pair for the Jaze Tickets API.

alter table api_tokens add column scopes text;
alter table api_tokens add column user_id bigint references users (id) on delete cascade;
alter table api_tokens add column expires_at bigint;
alter table api_tokens add column used_at bigint;
alter table api_tokens add column disabled_at bigint;
create index api_tokens_user on api_tokens (user_id) where user_id is not null;
