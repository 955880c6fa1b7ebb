-- +goose Up
CREATE TABLE articles (
    id          TEXT    NOT NULL PRIMARY KEY,
    newsletter  TEXT    NOT NULL REFERENCES newsletters (slug),
    source_id   TEXT    NOT NULL REFERENCES sources (id),
    source_name TEXT    NOT NULL,
    seen        TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    aliases     TEXT    NOT NULL, -- JSON
    alias_of    TEXT    NOT NULL, -- ID of the article this one turned out to be; then it is nothing by itself
    url         TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    authors     TEXT    NOT NULL, -- JSON
    language    TEXT    NOT NULL,
    published   INTEGER NOT NULL,
    modified    INTEGER NOT NULL,
    found       INTEGER NOT NULL,
    excerpt     TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    faq         TEXT    NOT NULL,
    image       TEXT    NOT NULL,
    weight      REAL    NOT NULL,
    state       TEXT    NOT NULL,
    raw_type    TEXT    NOT NULL,
    raw_body    BLOB    NOT NULL,
    UNIQUE (source_id, seen)
);

CREATE UNIQUE INDEX articles_key ON articles (newsletter, key) WHERE key <> '' AND alias_of = '';
CREATE INDEX articles_published ON articles (newsletter, published) WHERE alias_of = '';
CREATE INDEX articles_found ON articles (newsletter, found) WHERE alias_of = '';

CREATE TABLE story_constraints (
    newsletter TEXT NOT NULL REFERENCES newsletters (slug),
    a          TEXT NOT NULL, -- article keys, a < b
    b          TEXT NOT NULL,
    kind       TEXT NOT NULL,
    PRIMARY KEY (newsletter, a, b)
);
