-- +goose Up
ALTER TABLE articles ADD COLUMN looked INTEGER NOT NULL DEFAULT 0; -- when it was last read
ALTER TABLE source_states ADD COLUMN asked INTEGER NOT NULL DEFAULT 0; -- microseconds between visits that the site asks for
