-- +goose Up
-- The body of an edition's mails as it goes out, but for what differs from reader to reader.
ALTER TABLE editions ADD COLUMN encoded TEXT NOT NULL DEFAULT '';
