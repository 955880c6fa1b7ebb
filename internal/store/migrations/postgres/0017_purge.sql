-- +goose Up
-- What is kept for a while only is looked for every few minutes, with everybody
-- else who writes waiting: without these, all rows were read each time.
CREATE INDEX deliveries_replied ON deliveries (updated) WHERE reply <> '';
CREATE INDEX subscribers_told ON subscribers (suppressed) WHERE suppression_text <> '';
CREATE INDEX subscriptions_from ON subscriptions (consent_at) WHERE consent_ip <> '';
