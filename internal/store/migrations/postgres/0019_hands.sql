-- +goose Up
-- What a node has in its hands of an issue: identifiers of deliveries, a space
-- between two, those it has claimed and those it is sending. In the ledger they
-- are queued until it is known what became of them, which is the only time that
-- their rows are written.
CREATE TABLE hands (
    issue_id TEXT    NOT NULL,
    node     TEXT    NOT NULL,
    lease    BIGINT  NOT NULL,
    updated  BIGINT  NOT NULL,
    claimed  TEXT    NOT NULL,
    begun    TEXT    NOT NULL,
    PRIMARY KEY (issue_id, node)
);
-- Whoever held them cannot go on with this schema, nor settle them any more.
UPDATE deliveries SET state = CASE state WHEN 'claimed' THEN 'queued' ELSE 'unsure' END,
    code = CASE state WHEN 'claimed' THEN code ELSE 0 END,
    enhanced = CASE state WHEN 'claimed' THEN enhanced ELSE '' END,
    reply = CASE state WHEN 'claimed' THEN reply ELSE '' END
    WHERE lease > 0;
DROP INDEX deliveries_held;
ALTER TABLE deliveries DROP COLUMN lease;
