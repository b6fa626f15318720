-- The words of every entry, to be searched: those of its text, and those above it (who wrote it, its files, the subject
-- of a ticket that it opened). Both are folded already, so that both databases compare the same.

create table entry_words (
    id integer primary key references followups (id) on delete cascade,
    words any not null,
    head any not null
) strict;
create virtual table word_index using fts5 (words, head, content = 'entry_words', content_rowid = 'id', tokenize = 'ascii', columnsize = 0);
insert into word_index (word_index, rank) values ('secure-delete', 1);
create trigger entry_words_added after insert on entry_words begin insert into word_index (rowid, words, head) values (new.id, new.words, new.head); end;
create trigger entry_words_gone after delete on entry_words begin insert into word_index (word_index, rowid, words, head) values ('delete', old.id, old.words, old.head); end;
create trigger entry_words_changed after update on entry_words begin insert into word_index (word_index, rowid, words, head) values ('delete', old.id, old.words, old.head); insert into word_index (rowid, words, head) values (new.id, new.words, new.head); end;

-- Entries that were there before have their words taken by and by, the newest first: this one is next, 0 when all have.
create table word_backfill (
    id integer primary key,
    next integer not null
) strict;
insert into word_backfill (id, next) select 1, coalesce(max(id), 0) from followups;
