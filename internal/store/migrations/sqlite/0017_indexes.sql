-- +goose Up
-- What is kept for a while only is looked for every few minutes, with everybody
-- else who writes waiting: without these, all rows were read each time.
CREATE INDEX deliveries_replied ON deliveries (updated) WHERE reply <> '';
CREATE INDEX subscribers_told ON subscribers (suppressed) WHERE suppression_text <> '';
CREATE INDEX subscriptions_from ON subscriptions (consent_at) WHERE consent_ip <> '';
-- How sources do is asked of other spellings of an article too.
DROP INDEX articles_found;
CREATE INDEX articles_found ON articles (newsletter, found);
