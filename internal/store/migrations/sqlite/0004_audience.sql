-- +goose Up
CREATE TABLE subscribers (
    id               TEXT    NOT NULL PRIMARY KEY,
    address          TEXT    NOT NULL, -- empty once erased
    match            TEXT    NOT NULL UNIQUE,
    suppression      TEXT    NOT NULL,
    suppressed       INTEGER NOT NULL,
    suppression_text TEXT    NOT NULL,
    created          INTEGER NOT NULL
);

CREATE INDEX subscribers_suppressed ON subscribers (id) WHERE suppression <> '';

CREATE TABLE subscriptions (
    id             TEXT    NOT NULL PRIMARY KEY,
    newsletter     TEXT    NOT NULL REFERENCES newsletters (slug),
    subscriber_id  TEXT    NOT NULL REFERENCES subscribers (id),
    state          TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    language       TEXT    NOT NULL,
    length         TEXT    NOT NULL,
    consent_at     INTEGER NOT NULL,
    consent_source TEXT    NOT NULL,
    consent_text   TEXT    NOT NULL,
    consent_ip     TEXT    NOT NULL, -- for twelve months
    asked          INTEGER NOT NULL,
    asked_times    INTEGER NOT NULL,
    confirmed      INTEGER NOT NULL,
    ended          INTEGER NOT NULL,
    created        INTEGER NOT NULL,
    UNIQUE (newsletter, subscriber_id)
);

CREATE INDEX subscriptions_list ON subscriptions (newsletter, id);
CREATE INDEX subscriptions_subscriber ON subscriptions (subscriber_id);
