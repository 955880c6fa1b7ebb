-- +goose Up
CREATE TABLE deliveries (
    id              TEXT    NOT NULL PRIMARY KEY,
    issue_id        TEXT    NOT NULL REFERENCES issues (id),
    subscription_id TEXT    NOT NULL REFERENCES subscriptions (id),
    subscriber_id   TEXT    NOT NULL REFERENCES subscribers (id),
    language        TEXT    NOT NULL,
    length          TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    node            TEXT    NOT NULL,
    lease           BIGINT  NOT NULL,
    not_before      BIGINT  NOT NULL,
    attempts        BIGINT  NOT NULL,
    first_tried     BIGINT  NOT NULL,
    code            BIGINT  NOT NULL,
    enhanced        TEXT    NOT NULL,
    reply           TEXT    NOT NULL, -- for ninety days
    message_id      TEXT    NOT NULL,
    updated         BIGINT  NOT NULL,
    UNIQUE (issue_id, subscriber_id)
);

-- What is still to do. A claim repeats this condition word for word, or the index is not used.
CREATE INDEX deliveries_open ON deliveries (issue_id, id)
    WHERE state IN ('queued', 'deferred', 'claimed', 'sending');
-- What a node has in its hands, by when it has to be done.
CREATE INDEX deliveries_held ON deliveries (issue_id, lease)
    WHERE state IN ('claimed', 'sending');
CREATE INDEX deliveries_subscriber ON deliveries (subscriber_id);
