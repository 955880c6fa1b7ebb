package deliver

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// nobody is the identifier that no subscription and no delivery has. The links
// of a test letter are made for it: they look like a reader's and do nothing.
const nobody = "00000000-0000-0000-0000-000000000000"

// frame is what all mails of an issue have in common.
type frame struct {
	nl     digest.Newsletter
	issue  digest.Issue
	domain string // of the sender, ASCII
	zone   *time.Location
	number string // names the issue in headers: "la-semaine-ia-47"
	// what stands before the token in a reader's own links
	unsubscribe, preferences string
}

// frame checks what the newsletter says of its mails.
func (c *Courier) frame(issue digest.Issue, nl digest.Newsletter) (frame, error) {
	fault := func(field string) error {
		return fmt.Errorf("newsletter %s: %s is not a mailbox such as \"Name\" <name@example.org>: %w", nl.Slug, field, digest.ErrUnsendable)
	}
	from, err := mail.ParseAddress(nl.Sender)
	if err != nil {
		return frame{}, fault("sender")
	}
	if nl.ReplyTo != "" {
		if _, err := mail.ParseAddress(nl.ReplyTo); err != nil {
			return frame{}, fault("reply_to")
		}
	}
	domain, err := idna.Lookup.ToASCII(from.Address[strings.LastIndexByte(from.Address, '@')+1:])
	if err != nil {
		return frame{}, fault("sender")
	}
	zone, err := time.LoadLocation(nl.Zone)
	if err != nil {
		return frame{}, fmt.Errorf("newsletter %s: zone %q is not known: %w", nl.Slug, nl.Zone, err)
	}
	return frame{nl: nl, issue: issue, domain: domain, zone: zone, number: fmt.Sprintf("%s-%d", nl.Slug, issue.Number),
		unsubscribe: c.before(track.Unsubscribe), preferences: c.before(track.Preferences)}, nil
}

// before is what stands before the token in a link.
func (c *Courier) before(p track.Purpose) string {
	return strings.TrimSuffix(c.links.URL(p, nobody), c.links.Token(p, nobody))
}

// Compose makes the mail of one delivery: the letter with the reader's own
// links, and the headers that mailbox providers want of a mailing list
// (RFC 2369, 2919, 8058, 3834). Its date is d.FirstTried, or now: a second try
// is the same mail, and one that waited for its domain is as old as its wait. All else depends on the arguments and the links' keys only.
func (c *Courier) Compose(issue digest.Issue, nl digest.Newsletter, letter digest.Letter, d digest.Delivery) (digest.Mail, error) {
	f, err := c.frame(issue, nl)
	if err != nil {
		return digest.Mail{}, err
	}
	return c.common(f, letter).For(c.own(f, d, c.opt.Now()), marks[:]), nil
}

// markToken stands in a header for the token of a reader's link to unsubscribe.
const markToken = "token.unsubscribe.invalid"

// marks stand for what differs from copy to copy, beside the fields of a digest.Copy.
var marks = [...]string{digest.MarkUnsubscribe, digest.MarkPreferences, markToken}

// own is what a reader's copy has of its own.
func (c *Courier) own(f frame, d digest.Delivery, now time.Time) digest.Copy {
	date := d.FirstTried
	if date.IsZero() {
		date = now
	}
	token := c.links.Token(track.Unsubscribe, d.SubscriptionID)
	return digest.Copy{
		Name:         plain(d.Name),
		Address:      d.Address,
		EnvelopeFrom: c.links.VERP(d.ID, f.domain),
		MessageID:    messageID(f, d),
		Date:         date.In(f.zone),
		Without:      strings.Fields(d.Without),
		Values:       []string{f.unsubscribe + token, f.preferences + c.links.Token(track.Preferences, d.SubscriptionID), token},
	}
}

// common is what all copies of a letter share.
func (c *Courier) common(f frame, letter digest.Letter) digest.Mail {
	list := f.nl.Slug + "-" + string(letter.Variant.Language)
	return digest.Mail{
		From:     f.nl.Sender,
		ReplyTo:  f.nl.ReplyTo,
		Subject:  letter.Subject,
		Text:     letter.Text,
		HTML:     letter.HTML,
		Parts:    letter.Parts,
		Language: letter.Variant.Language,
		Headers: []digest.Header{
			{Name: "List-Id", Value: plain(f.nl.Name) + " <" + list + "." + f.domain + ">"},
			{Name: "List-Unsubscribe", Value: fmt.Sprintf("<%s>, <mailto:unsub+%s@%s?subject=unsubscribe>",
				digest.MarkUnsubscribe, markToken, f.domain)},
			{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"},
			{Name: "List-Archive", Value: "<" + c.links.Public().JoinPath(f.nl.Slug).String() + ">"},
			{Name: "List-Post", Value: "NO"},
			{Name: "Feedback-ID", Value: f.number + ":" + list + ":news:" + senderID(f.domain)},
			{Name: "Auto-Submitted", Value: "auto-generated"},
		},
	}
}

// Test sends a letter to one address. There is no delivery of it: nothing is
// stored, the subject says that it is a test, and its links for unsubscribing
// and preferences are signed for nobody, so that they show the page for a link
// that is not known and change nothing.
func (c *Courier) Test(ctx context.Context, issue digest.Issue, nl digest.Newsletter, letter digest.Letter, to string) error {
	m, err := c.Compose(issue, nl, letter, digest.Delivery{ID: nobody, SubscriptionID: nobody})
	if err != nil {
		return err
	}
	m.To = to
	m.Subject = "[Test] " + m.Subject
	m.MessageID = "" // every test is a mail of its own
	if err := c.sender.Send(ctx, m); err != nil {
		return fmt.Errorf("send the test: %w", err)
	}
	return nil
}

// messageID is a function of issue and subscriber, who have one delivery
// between them, so that a mail that came twice all the same can be told, and
// its bounce matched. Who did not get the mail cannot guess it: 48 bits of a
// delivery's ID are random. A second try has that of the first.
func messageID(f frame, d digest.Delivery) string {
	if d.MessageID != "" {
		return d.MessageID
	}
	return f.number + "." + d.ID + "@" + f.domain
}

// senderID is the last part of a Feedback-ID: 5 to 15 characters, the same on
// all mail of a sending domain.
func senderID(domain string) string {
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(domain))
	if len(id) < 5 {
		id += "hebdo"
	}
	return id[:min(15, len(id))]
}

// plain puts a name on one line and takes out what could end a phrase.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '<' || r == '>' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
