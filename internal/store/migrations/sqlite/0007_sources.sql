-- +goose Up
ALTER TABLE sources ADD COLUMN links TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN was TEXT NOT NULL DEFAULT ''; -- the address its newsletter's file may still name

ALTER TABLE source_states ADD COLUMN next_visit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_states ADD COLUMN held_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_states ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_states ADD COLUMN took INTEGER NOT NULL DEFAULT 0; -- microseconds
ALTER TABLE source_states ADD COLUMN rhythm INTEGER NOT NULL DEFAULT 0; -- microseconds
ALTER TABLE source_states ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_states ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_states ADD COLUMN undated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_states ADD COLUMN moved TEXT NOT NULL DEFAULT '';
ALTER TABLE source_states ADD COLUMN moved_times INTEGER NOT NULL DEFAULT 0;

ALTER TABLE articles ADD COLUMN mark TEXT NOT NULL DEFAULT ''; -- changes when the source changes the article

CREATE TABLE visits (
    source_id TEXT    NOT NULL REFERENCES sources (id),
    at        INTEGER NOT NULL,
    took      INTEGER NOT NULL, -- microseconds
    entries   INTEGER NOT NULL,
    fresh     INTEGER NOT NULL, -- articles not seen before, or edited
    trouble   TEXT    NOT NULL,
    PRIMARY KEY (source_id, at)
);

CREATE TABLE revisions (
    article_id TEXT    NOT NULL REFERENCES articles (id),
    until      INTEGER NOT NULL,
    title      TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    PRIMARY KEY (article_id, until)
);
