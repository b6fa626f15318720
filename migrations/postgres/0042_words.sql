-- The words of every entry, to be searched: those of its text, and those above it (who wrote it, its files, the subject
-- of a ticket that it opened). Both are folded already, so that both databases compare the same.

create table entry_words (
    id bigint primary key references followups (id) on delete cascade,
    words tsvector not null,
    head tsvector not null
);
create index word_index on entry_words using gin ((words || head)) with (gin_pending_list_limit = 1024);

-- Entries that were there before have their words taken by and by, the newest first: this one is next, 0 when all have.
create table word_backfill (
    id bigint primary key,
    next bigint not null
);
insert into word_backfill (id, next) select 1, coalesce(max(id), 0) from followups;
