-- +goose Up
-- Readers may leave themes out: their IDs, and where an edition tells of them.
ALTER TABLE subscriptions ADD COLUMN without TEXT NOT NULL DEFAULT '';
ALTER TABLE editions ADD COLUMN parts TEXT NOT NULL DEFAULT '';
