package demo

import (
	"strings"
	"time"

	"hebdo/internal/digest"
)

// publicHost is where the made-up newsletter would live.
const publicHost = "news.semaine-ia.example"

// privacyPath is the page of the public host that the local site answers.
const privacyPath = "/confidentialite"

// goneAddress is refused by the local mail server with 550 5.1.1.
const goneAddress = "gontran.maillefer@boite-fermee.example"

// slug of the made-up newsletter.
const slug = "semaine-ia"

// PublicURL is the made-up address of the reader's pages, without a final slash.
func (w *World) PublicURL() string { return "https://" + publicHost }

// Newsletter describes the letter that is made of the week: every outlet is a
// source, under its public address (see Transport).
func (w *World) Newsletter() digest.Newsletter {
	n := digest.Newsletter{
		Slug:          slug,
		Name:          "La Semaine IA",
		Description:   "L’actualité de l’intelligence artificielle, chaque lundi matin, en huit minutes.",
		Publisher:     "Les Éditions du Gradient (maison inventée)",
		PostalAddress: "12, quai des Perceptrons, 00000 Valmorne, France",
		PrivacyURL:    w.PublicURL() + privacyPath,
		Sender:        `"La Semaine IA" <lettre@` + publicHost + `>`,
		ReplyTo:       `"La rédaction" <redaction@` + publicHost + `>`,
		Editor:        "redaction@" + publicHost,
		Languages:     []digest.Language{digest.French, digest.English},
		Zone:          newsroomZone,
		DraftAt:       "0 16 * * 5",
		SendAt:        "0 7 * * 1",
		Window:        7 * 24 * time.Hour,
		Budget:        digest.DefaultBudget,
		Review:        digest.Review{Mode: digest.ReviewRequired},
		MinStories:    5,
	}
	for _, o := range w.week.outlets {
		n.Sources = append(n.Sources, o.source(slug))
	}
	return n
}

// Subscribers are five readers of the newsletter: two of French, one of
// English, one whose mailbox is gone, and one who has unsubscribed. They have
// no IDs yet.
func (w *World) Subscribers() []digest.Subscription {
	people := []struct {
		name, address string
		language      digest.Language
		state         digest.SubscriptionState
	}{
		{"Lucie Amblard", "lucie.amblard@courrier.example", digest.French, digest.Active},
		{"Émile Rochebois", "emile@rochebois.example", digest.French, digest.Active},
		{"Nora Whitcombe", "nora.whitcombe@mailhouse.example", digest.English, digest.Active},
		{"Gontran Maillefer", goneAddress, digest.French, digest.Active},
		{"Paule Vigneron", "paule.vigneron@courrier.example", digest.French, digest.Unsubscribed},
	}
	joined := w.now.AddDate(0, -2, 0).UTC().Truncate(time.Second)
	var all []digest.Subscription
	for _, p := range people {
		s := digest.Subscription{
			Newsletter: slug,
			Subscriber: digest.Subscriber{Address: p.address, Match: strings.ToLower(p.address), Created: joined},
			State:      p.state,
			Name:       p.name,
			Language:   p.language,
			Length:     digest.Full,
			Consent:    digest.Consent{At: joined, Source: w.PublicURL() + "/" + slug, Text: "demo"},
			Confirmed:  joined,
			Created:    joined,
		}
		if p.state == digest.Unsubscribed {
			s.Ended = joined.AddDate(0, 1, 0)
		}
		all = append(all, s)
	}
	return all
}

// Received is a mail that the local server accepted.
type Received struct {
	From string // of the envelope
	To   string
	At   time.Time
	Data []byte // the whole message, lines ending in CRLF: an .eml file
}

// Mail gives what has come in so far, oldest first.
func (w *World) Mail() []Received {
	var all []Received
	for _, m := range w.mail.Messages() {
		all = append(all, Received{From: m.From, To: m.To, At: m.At, Data: m.Data})
	}
	return all
}
