package audience

import (
	"context"

	"hebdo/internal/digest"
)

// Purge drops the IP addresses of consents given more than twelve months ago
// and says how many. It may be repeated at any time.
func (b *Book) Purge(ctx context.Context, newsletter string) (int, error) {
	before := b.clock().AddDate(-1, 0, 0)
	old := func(s *digest.Subscription) bool { return s.Consent.IP != "" && s.Consent.At.Before(before) }
	dropped := 0
	err := b.each(ctx, newsletter, func(s digest.Subscription) error {
		if !old(&s) {
			return nil
		}
		_, err := b.change(ctx, s.ID, func(s *digest.Subscription) bool {
			if !old(s) {
				return false
			}
			s.Consent.IP = ""
			dropped++
			return true
		})
		return err
	})
	return dropped, err
}
