-- +goose Up
-- A file of readers may say which themes they leave out.
ALTER TABLE import_lines ADD COLUMN without TEXT NOT NULL DEFAULT '';
