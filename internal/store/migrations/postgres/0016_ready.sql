-- +goose Up
-- From when on an issue may tell of an article: since it was read, or from its
-- date where that lies ahead. When those already kept were read is not known, so
-- that they count from when they were found; the issues already drafted took
-- nothing older than their window.
ALTER TABLE articles ADD COLUMN ready BIGINT NOT NULL DEFAULT 0; -- 0: not read
UPDATE articles SET ready = GREATEST(found, CASE WHEN url = '' THEN 0 ELSE published END) WHERE state <> 'found' AND alias_of = '';
DROP INDEX articles_published;
CREATE INDEX articles_ready ON articles (newsletter, ready) WHERE alias_of = '';
ALTER TABLE issues ADD COLUMN oldest BIGINT NOT NULL DEFAULT 0; -- what was published until then is no news to it
UPDATE issues SET oldest = from_at;
