package digest

import (
	"strings"
	"testing"
	"time"
)

func sound() Newsletter {
	return Newsletter{
		Slug: "semaine-ia", Name: "La Semaine IA", Publisher: "Association Exemple", PostalAddress: "1 rue du Port, 44000 Nantes",
		PrivacyURL: "https://example.org/privacy", Sender: "La Semaine IA <lettre@example.org>", ReplyTo: "redaction@example.org",
		Editor: "redaction@example.org", Languages: []Language{French, English}, Zone: "Europe/Paris",
		Review: Review{Mode: ReviewRequired}, Sources: []Source{{Kind: SourceFeed, URL: "https://example.org/feed"}},
	}
}

func TestSoundNewsletterHasNoFaults(t *testing.T) {
	if faults := sound().Faults(); len(faults) > 0 {
		t.Errorf("got %v", faults)
	}
}

func TestEveryFaultNamesItsField(t *testing.T) {
	for field, spoil := range map[string]func(*Newsletter){
		"slug":           func(n *Newsletter) { n.Slug = "Semaine IA" },
		"name":           func(n *Newsletter) { n.Name = "a\r\nBcc: x@y" },
		"publisher":      func(n *Newsletter) { n.Publisher = "" },
		"postal_address": func(n *Newsletter) { n.PostalAddress = " " },
		"privacy_url":    func(n *Newsletter) { n.PrivacyURL = "http://x" },
		"sender":         func(n *Newsletter) { n.Sender = "lettre@example.org" },
		"reply_to":       func(n *Newsletter) { n.ReplyTo = "nobody" },
		"editor":         func(n *Newsletter) { n.Editor = ""; n.DraftAt = "0 9 * * 5" },
		"languages":      func(n *Newsletter) { n.Languages = nil },
		"languages[1]":   func(n *Newsletter) { n.Languages[1] = "xx" },
		"zone":           func(n *Newsletter) { n.Zone = "Europe/Parys" },
		"window":         func(n *Newsletter) { n.Window = -time.Hour },
		"budget.themes":  func(n *Newsletter) { n.Budget.Themes = 99 },
		"min_stories":    func(n *Newsletter) { n.MinStories = -1 },
		"review":         func(n *Newsletter) { n.Review = Review{Mode: ReviewAuto} },
		"themes[0].id": func(n *Newsletter) {
			n.Themes = []Theme{{ID: "other", Words: map[Language]ThemeWords{"fr": {Label: "x"}}}}
		},
		"themes[0].en.label": func(n *Newsletter) {
			n.Themes = []Theme{{ID: "a", Words: map[Language]ThemeWords{"fr": {Label: "x"}, "en": {Description: "no label"}}}}
		},
		"themes[0].fr.keywords[1]": func(n *Newsletter) {
			n.Themes = []Theme{{ID: "a", Words: map[Language]ThemeWords{"fr": {Label: "x", Keywords: []string{"mer", " "}}}}}
		},
		"themes[0].fr.examples[0]": func(n *Newsletter) {
			n.Themes = []Theme{{ID: "a", Words: map[Language]ThemeWords{"fr": {Label: "x", Examples: []string{strings.Repeat("mer ", 1001)}}}}}
		},
		"sources[0].url":    func(n *Newsletter) { n.Sources[0].URL = "example.org" },
		"sources[0].kind":   func(n *Newsletter) { n.Sources[0].Kind = "twitter" },
		"sources[0].weight": func(n *Newsletter) { n.Sources[0].Weight = 11 },
	} {
		n := sound()
		spoil(&n)
		faults := n.Faults()
		if len(faults) != 1 || faults[0].Field != field {
			t.Errorf("%s: got %v", field, faults)
		}
	}
}

func TestAllFaultsAreReportedTogether(t *testing.T) {
	faults := Newsletter{Slug: "-"}.Faults()
	var fields []string
	for _, f := range faults {
		fields = append(fields, f.Field)
	}
	for _, want := range []string{"slug", "name", "publisher", "sender", "reply_to", "languages", "zone", "review"} {
		if !strings.Contains(strings.Join(fields, " "), want) {
			t.Errorf("%s is not among %v", want, fields)
		}
	}
}
