-- +goose Up
CREATE TABLE issues (
    id          TEXT    NOT NULL PRIMARY KEY,
    newsletter  TEXT    NOT NULL REFERENCES newsletters (slug),
    slot        TEXT    NOT NULL,
    number      INTEGER NOT NULL, -- 0: none yet
    state       TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    date        INTEGER NOT NULL,
    from_at     INTEGER NOT NULL,
    to_at       INTEGER NOT NULL,
    fronts      TEXT    NOT NULL, -- JSON
    sections    TEXT    NOT NULL, -- JSON
    left_out    TEXT    NOT NULL, -- JSON
    notes       TEXT    NOT NULL, -- JSON
    created     INTEGER NOT NULL,
    told        INTEGER NOT NULL,
    waited      INTEGER NOT NULL, -- microseconds
    counted     INTEGER NOT NULL, -- when waited was last added to
    approved    INTEGER NOT NULL,
    approved_by TEXT    NOT NULL,
    sent        INTEGER NOT NULL,
    remark      TEXT    NOT NULL,
    UNIQUE (newsletter, slot)
);

CREATE UNIQUE INDEX issues_number ON issues (newsletter, number) WHERE number > 0;
CREATE INDEX issues_created ON issues (newsletter, created, id);

CREATE TABLE editions (
    issue_id  TEXT NOT NULL REFERENCES issues (id),
    language  TEXT NOT NULL,
    length    TEXT NOT NULL,
    subject   TEXT NOT NULL,
    preheader TEXT NOT NULL,
    html      TEXT NOT NULL,
    text      TEXT NOT NULL,
    hash      TEXT NOT NULL,
    PRIMARY KEY (issue_id, language, length)
);

CREATE TABLE corrections (
    id       TEXT    NOT NULL PRIMARY KEY,
    issue_id TEXT    NOT NULL REFERENCES issues (id),
    editor   TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    what     TEXT    NOT NULL,
    remark   TEXT    NOT NULL
);

CREATE INDEX corrections_issue ON corrections (issue_id, at);
