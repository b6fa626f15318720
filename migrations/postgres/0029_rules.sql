-- Rules that give tickets out in turn: whose turn it was.

create table rule_turns (
    rule text primary key,
    turn bigint not null
);
