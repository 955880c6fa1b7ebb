-- +goose Up
ALTER TABLE articles ADD COLUMN site TEXT NOT NULL DEFAULT ''; -- as the page names itself
ALTER TABLE articles ADD COLUMN image_alt TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN image_width BIGINT NOT NULL DEFAULT 0; -- pixels; 0: not said
ALTER TABLE articles ADD COLUMN image_height BIGINT NOT NULL DEFAULT 0;
