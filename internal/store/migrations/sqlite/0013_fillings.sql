-- +goose Up
-- How far the ledger of an issue is filled.
CREATE TABLE fillings (
    issue_id TEXT    NOT NULL PRIMARY KEY REFERENCES issues (id),
    frozen   INTEGER NOT NULL, -- who joined later is not meant
    seen     TEXT    NOT NULL, -- the last subscription looked at
    queued   INTEGER NOT NULL,
    done     INTEGER NOT NULL  -- 1: nobody is missing
);
