package store

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// How long what is personal or of no more use is kept.
const (
	replyKept = 90 * 24 * time.Hour  // the words of mail servers
	ipKept    = 365 * 24 * time.Hour // the IP address of a consent
	slotKept  = 365 * 24 * time.Hour // that a scheduled job ran, and how it ended
	roundKept = 7 * 24 * time.Hour   // that sources were visited, every few minutes
	visitKept = 90 * 24 * time.Hour  // what the visits of a source brought
)

// Each has an index of its own, whose condition it repeats.
const (
	forgetReplies = `UPDATE deliveries SET reply = '' WHERE reply <> '' AND updated < ?`
	forgetReasons = `UPDATE subscribers SET suppression_text = '' WHERE suppression_text <> '' AND suppressed < ?`
	forgetIPs     = `UPDATE subscriptions SET consent_ip = '' WHERE consent_ip <> '' AND consent_at < ?`
)

// Purge removes what has been kept long enough: replies of mail servers and
// the words of a bounce after 90 days, IP addresses of consents after twelve
// months, slots that ended a year ago (rounds of visits: a week ago; but the last
// of every job), visits after 90 days, and sessions that expired. Repeated, it
// finds nothing, and reads little of the tables that grow.
func (s *Store) Purge(ctx context.Context, now time.Time) error {
	err := s.change(ctx, func(tx *gorm.DB) error {
		replies, ips, slots := micros(now.Add(-replyKept)), micros(now.Add(-ipKept)), micros(now.Add(-slotKept))
		for _, step := range []*gorm.DB{
			tx.Exec(forgetReplies, replies),
			tx.Exec(forgetReasons, replies),
			tx.Exec(forgetIPs, ips),
			tx.Exec(`DELETE FROM slots WHERE ended > 0 AND ended < ?
				AND slot < (SELECT MAX(l.slot) FROM slots l WHERE l.job = slots.job)`, slots),
			tx.Exec(`DELETE FROM slots WHERE job LIKE 'visit/%' AND ended > 0 AND ended < ?
				AND slot < (SELECT MAX(l.slot) FROM slots l WHERE l.job = slots.job)`, micros(now.Add(-roundKept))),
			tx.Exec(`DELETE FROM visits WHERE at < ?`, micros(now.Add(-visitKept))),
			tx.Exec(`DELETE FROM sessions WHERE expiry <= ?`, micros(now)),
		} {
			if step.Error != nil {
				return step.Error
			}
		}
		return nil
	})
	if err == nil {
		err = s.emptyLog(ctx)
	}
	return failed(err, "purge what was kept long enough")
}
