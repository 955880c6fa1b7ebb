-- +goose Up
-- Times are microseconds since 1970 UTC, 0 for never; JSON is text.
CREATE TABLE newsletters (
    slug             TEXT    NOT NULL PRIMARY KEY,
    name             TEXT    NOT NULL,
    description      TEXT    NOT NULL,
    topic            TEXT    NOT NULL,
    publisher        TEXT    NOT NULL,
    postal_address   TEXT    NOT NULL,
    privacy_url      TEXT    NOT NULL,
    sender           TEXT    NOT NULL,
    reply_to         TEXT    NOT NULL,
    editor           TEXT    NOT NULL,
    languages        TEXT    NOT NULL, -- JSON
    zone             TEXT    NOT NULL,
    draft_at         TEXT    NOT NULL,
    send_at          TEXT    NOT NULL,
    first_window     BIGINT  NOT NULL, -- microseconds
    themes           TEXT    NOT NULL, -- JSON
    budget_themes    BIGINT  NOT NULL,
    budget_stories   BIGINT  NOT NULL,
    budget_words     BIGINT  NOT NULL,
    budget_quote     BIGINT  NOT NULL,
    review_mode      TEXT    NOT NULL,
    review_after     BIGINT  NOT NULL, -- microseconds
    min_stories      BIGINT  NOT NULL
);

CREATE TABLE sources (
    id         TEXT    NOT NULL PRIMARY KEY,
    newsletter TEXT    NOT NULL REFERENCES newsletters (slug),
    kind       TEXT    NOT NULL,
    url        TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    language   TEXT    NOT NULL,
    weight     DOUBLE PRECISION NOT NULL,
    images     BOOLEAN NOT NULL,
    position   BIGINT  NOT NULL, -- in the newsletter's file
    removed    BIGINT  NOT NULL, -- when its newsletter stopped naming it
    UNIQUE (newsletter, kind, url)
);

CREATE TABLE source_states (
    source_id     TEXT    NOT NULL PRIMARY KEY REFERENCES sources (id),
    title         TEXT    NOT NULL,
    etag          TEXT    NOT NULL,
    last_modified TEXT    NOT NULL,
    checked       BIGINT  NOT NULL,
    changed       BIGINT  NOT NULL,
    failures      BIGINT  NOT NULL,
    trouble       TEXT    NOT NULL
);
