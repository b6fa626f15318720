-- Refresh tokens that a token server gave in place of the configured ones. They stand here as they are: whoever
-- can read the database can read the mail as well, so its file is for its owner only.
create table oauth_tokens (
    account text not null,
    origin text not null,
    refresh_token text not null,
    holder text not null,
    held_until integer not null,
    changed_at integer not null,
    primary key (account, origin)
) strict;
