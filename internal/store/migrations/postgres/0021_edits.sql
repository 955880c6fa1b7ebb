-- +goose Up
-- What an editor did to an issue last, and what stood there before.
ALTER TABLE issues ADD COLUMN last_edit TEXT NOT NULL DEFAULT '';
