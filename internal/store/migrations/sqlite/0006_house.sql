-- +goose Up
CREATE TABLE editors (
    id       TEXT    NOT NULL PRIMARY KEY,
    address  TEXT    NOT NULL UNIQUE,
    password TEXT    NOT NULL, -- argon2id, PHC form
    language TEXT    NOT NULL,
    created  INTEGER NOT NULL
);

CREATE TABLE sessions (
    token  TEXT    NOT NULL PRIMARY KEY, -- SHA-256 of the cookie's token
    data   BLOB    NOT NULL,
    expiry INTEGER NOT NULL
);

CREATE INDEX sessions_expiry ON sessions (expiry);

CREATE TABLE secrets (
    id      INTEGER NOT NULL PRIMARY KEY, -- 1 to 255
    key     BLOB    NOT NULL,
    created INTEGER NOT NULL
);

CREATE TABLE slots (
    job     TEXT    NOT NULL,
    slot    INTEGER NOT NULL,
    node    TEXT    NOT NULL,
    begun   INTEGER NOT NULL,
    lease   INTEGER NOT NULL,
    ended   INTEGER NOT NULL, -- 0: not yet
    trouble TEXT    NOT NULL,
    PRIMARY KEY (job, slot)
);
