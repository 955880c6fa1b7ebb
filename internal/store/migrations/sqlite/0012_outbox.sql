-- +goose Up
-- One index for each thing that is asked of the ledger while it is sent. A row
-- is in one of them at most, and to begin a delivery changes none.
DROP INDEX deliveries_open;
DROP INDEX deliveries_held;
CREATE INDEX deliveries_queued ON deliveries (issue_id, id) WHERE state = 'queued';
CREATE INDEX deliveries_deferred ON deliveries (issue_id, not_before) WHERE state = 'deferred';
-- What a node has in its hands, claimed or sending, by when it has to be done.
CREATE INDEX deliveries_held ON deliveries (issue_id, lease) WHERE lease > 0;
