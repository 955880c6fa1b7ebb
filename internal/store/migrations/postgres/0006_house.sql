-- +goose Up
CREATE TABLE editors (
    id       TEXT    NOT NULL PRIMARY KEY,
    address  TEXT    NOT NULL UNIQUE,
    password TEXT    NOT NULL, -- argon2id, PHC form
    language TEXT    NOT NULL,
    created  BIGINT  NOT NULL
);

CREATE TABLE sessions (
    token  TEXT    NOT NULL PRIMARY KEY, -- SHA-256 of the cookie's token
    data   BYTEA   NOT NULL,
    expiry BIGINT  NOT NULL
);

CREATE INDEX sessions_expiry ON sessions (expiry);

CREATE TABLE secrets (
    id      BIGINT  NOT NULL PRIMARY KEY, -- 1 to 255
    key     BYTEA   NOT NULL,
    created BIGINT  NOT NULL
);

CREATE TABLE slots (
    job     TEXT    NOT NULL,
    slot    BIGINT  NOT NULL,
    node    TEXT    NOT NULL,
    begun   BIGINT  NOT NULL,
    lease   BIGINT  NOT NULL,
    ended   BIGINT  NOT NULL, -- 0: not yet
    trouble TEXT    NOT NULL,
    PRIMARY KEY (job, slot)
);
