-- Whether a password is one that others guess. Those of before were taken at four characters.

alter table users add column weak_password integer not null default 0;
update users set weak_password = 1 where password_hash is not null;
