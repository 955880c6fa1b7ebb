-- +goose Up
-- Stories that an editor moved to another theme: examples to learn from.
CREATE TABLE placements (
    issue_id   TEXT    NOT NULL REFERENCES issues (id),
    story      TEXT    NOT NULL,
    newsletter TEXT    NOT NULL REFERENCES newsletters (slug),
    theme      TEXT    NOT NULL,
    was        TEXT    NOT NULL, -- the theme before anybody moved it
    title      TEXT    NOT NULL,
    text       TEXT    NOT NULL, -- the beginning of the leading article
    language   TEXT    NOT NULL,
    editor     TEXT    NOT NULL,
    at         BIGINT  NOT NULL,
    PRIMARY KEY (issue_id, story)
);
CREATE INDEX placements_newsletter ON placements (newsletter, at);
