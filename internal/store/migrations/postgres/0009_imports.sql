-- +goose Up
-- A file of readers on its way into a list, until all of it is there.
CREATE TABLE imports (
    id         TEXT    NOT NULL PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE, -- of the file and how it is to be read
    newsletter TEXT    NOT NULL REFERENCES newsletters (slug),
    dry        BOOLEAN NOT NULL,
    staged     BIGINT  NOT NULL, -- lines up to this one are in import_lines
    merged     BIGINT  NOT NULL, -- lines up to this one are in the list
    counts     TEXT    NOT NULL, -- JSON: lines by outcome
    created    BIGINT  NOT NULL
);

CREATE TABLE import_lines (
    import_id       TEXT    NOT NULL REFERENCES imports (id),
    line            BIGINT  NOT NULL,
    repeats         BIGINT  NOT NULL, -- an earlier line with the same address; 0: none
    outcome         TEXT    NOT NULL, -- what the line means for an address not known yet
    subscription_id TEXT    NOT NULL,
    subscriber_id   TEXT    NOT NULL,
    address         TEXT    NOT NULL,
    match           TEXT    NOT NULL,
    state           TEXT    NOT NULL, -- that follows from the outcome
    stated          TEXT    NOT NULL, -- that the file names
    name            TEXT    NOT NULL,
    language        TEXT    NOT NULL,
    length          TEXT    NOT NULL,
    consent_at      BIGINT  NOT NULL,
    consent_source  TEXT    NOT NULL,
    consent_text    TEXT    NOT NULL,
    consent_ip      TEXT    NOT NULL,
    PRIMARY KEY (import_id, line)
);
