package audience

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// exported are the columns of an export; Import reads them all back but for
// "confirmed", "created" and "ended", which are for people.
var exported = []string{
	"email", "name", "state", "language", "length", "without_themes",
	"consent", "consent_source", "consent_text", "consent_ip",
	"confirmed", "created", "ended", "suppressed",
}

// Export writes a newsletter's list as CSV (RFC 4180, UTF-8, comma), in the
// order in which readers came; erased ones, who have no address, are left out.
// A cell that a spreadsheet would compute gets an apostrophe in front, which
// Import takes away again. Of the themes that a reader leaves out those of
// n.Themes are written: Import would refuse one that is no more.
func (b *Book) Export(ctx context.Context, n digest.Newsletter, w io.Writer) error {
	themes := n.Optional()
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(exported); err != nil {
		return fmt.Errorf("writing the list: %w", err)
	}
	err := b.each(ctx, n.Slug, func(s digest.Subscription) error {
		if s.Subscriber.Suppression.Kind == digest.Erased {
			return nil
		}
		without := slices.DeleteFunc(strings.Fields(s.Without), func(id string) bool { return !slices.Contains(themes, id) })
		cells := []string{
			s.Subscriber.Address, s.Name, string(s.State), string(s.Language), string(s.Length), strings.Join(without, " "),
			stamp(s.Consent.At), s.Consent.Source, s.Consent.Text, s.Consent.IP,
			stamp(s.Confirmed), stamp(s.Created), stamp(s.Ended), string(s.Subscriber.Suppression.Kind),
		}
		for i := range cells {
			cells[i] = guard(cells[i])
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("writing the list: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing the list: %w", err)
	}
	return nil
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
