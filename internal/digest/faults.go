package digest

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Fault is one thing wrong with a description, with the way out.
type Fault struct {
	Field string // as the newsletter's file calls it: "budget.themes"
	Text  string
}

func (f Fault) Error() string { return f.Field + ": " + f.Text }

var slugForm = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$`)

// Faults lists everything wrong with the newsletter but its cron specs, which
// the schedule checks. None: it can be used.
func (n Newsletter) Faults() []Fault {
	c := &check{}
	n.checkNames(c)
	n.checkMailboxes(c)
	n.checkPlan(c)
	n.checkThemes(c)
	n.checkSources(c)
	return c.faults
}

type check struct{ faults []Fault }

func (c *check) add(field, text string, args ...any) {
	c.faults = append(c.faults, Fault{field, fmt.Sprintf(text, args...)})
}

// line refuses an empty text, or one that would break a header or a page.
func (c *check) line(field, value string, required bool) {
	switch {
	case value == "" && required:
		c.add(field, "is missing")
	case strings.ContainsAny(value, "\r\n\x00"):
		c.add(field, "must be one line")
	case len(value) > 300:
		c.add(field, "is longer than 300 bytes")
	}
}

func (n Newsletter) checkNames(c *check) {
	switch {
	case n.Slug == "":
		c.add("slug", "is missing: lower-case letters, digits and hyphens, as it shall stand in addresses")
	case !slugForm.MatchString(n.Slug):
		c.add("slug", "%q: use 1 to 40 lower-case letters, digits and hyphens", n.Slug)
	}
	c.line("name", n.Name, true)
	c.line("description", n.Description, false)
	if n.Topic != "" && n.Topic != AITopic && n.Topic != AnyTopic {
		c.add("topic", "%q: use ai, or any to leave nothing out", n.Topic)
	}
	c.line("publisher", n.Publisher, true)
	if strings.TrimSpace(n.PostalAddress) == "" {
		c.add("postal_address", "is missing: the law wants it in every letter")
	}
	if u, err := url.Parse(n.PrivacyURL); err != nil || u.Scheme != "https" || u.Host == "" {
		c.add("privacy_url", "%q: give the https address of the page that says what is kept of readers", n.PrivacyURL)
	}
}

func (n Newsletter) checkMailboxes(c *check) {
	if a, err := mail.ParseAddress(n.Sender); err != nil {
		c.add("sender", "%q: write it as Name <address@domain>", n.Sender)
	} else if a.Name == "" {
		c.add("sender", "%q has no name: write it as Name <%s>", n.Sender, a.Address)
	}
	if n.ReplyTo == "" {
		c.add("reply_to", "is missing: give a mailbox that somebody reads")
	} else if _, err := mail.ParseAddress(n.ReplyTo); err != nil {
		c.add("reply_to", "%q is no address", n.ReplyTo)
	}
	if n.Editor != "" {
		if _, err := mail.ParseAddress(n.Editor); err != nil {
			c.add("editor", "%q is no address", n.Editor)
		}
	} else if n.Review.Mode == ReviewAuto || n.DraftAt != "" {
		c.add("editor", "is missing: somebody must be told when a draft is ready")
	}
}

func (n Newsletter) checkPlan(c *check) {
	if len(n.Languages) == 0 {
		c.add("languages", "is empty: name at least one, such as fr")
	}
	for i, l := range n.Languages {
		if l != French && l != English {
			c.add(fmt.Sprintf("languages[%d]", i), "%q: the letter exists in fr and en", l)
		}
	}
	if n.Zone == "Local" {
		c.add("zone", "Local differs from machine to machine: name a zone such as Europe/Paris")
	} else if _, err := time.LoadLocation(n.Zone); err != nil || n.Zone == "" {
		c.add("zone", "%q is no zone: use a name such as Europe/Paris", n.Zone)
	}
	if n.Window < 0 || n.Window > 92*24*time.Hour {
		c.add("window", "%s: use between 1h and 92 days", n.Window)
	}
	for _, b := range []struct {
		field    string
		value    int
		min, max int
	}{
		{"budget.themes", n.Budget.Themes, 0, 20}, {"budget.stories_per_theme", n.Budget.StoriesPerTheme, 0, 20},
		{"budget.words_per_story", n.Budget.WordsPerStory, 0, 400}, {"budget.quote_words", n.Budget.QuoteWords, 0, 400},
		{"min_stories", n.MinStories, 0, 100},
	} {
		if b.value < b.min || b.value > b.max {
			c.add(b.field, "%d: use %d to %d", b.value, b.min, b.max)
		}
	}
	for _, w := range []struct {
		field string
		value float64
	}{
		{"rank.sources", n.Rank.Sources}, {"rank.freshness", n.Rank.Freshness}, {"rank.prominence", n.Rank.Prominence},
		{"rank.novelty", n.Rank.Novelty}, {"rank.length", n.Rank.Length}, {"rank.weight", n.Rank.Weight},
	} {
		if !(w.value >= 0 && w.value <= 1000) { // nor not-a-number
			c.add(w.field, "%g: use 0 to 1000", w.value)
		}
	}
	switch n.Review.Mode {
	case ReviewRequired:
	case ReviewAuto:
		if n.Review.After < 10*time.Minute || n.Review.After > 7*24*time.Hour {
			c.add("review", "auto-after %s: use between 10m and 168h", n.Review.After)
		}
	default:
		c.add("review", "%q: write required, or auto-after and a time such as 4h", n.Review.Mode)
	}
}

func (n Newsletter) checkThemes(c *check) {
	seen := map[string]bool{}
	for i, t := range n.Themes {
		field := fmt.Sprintf("themes[%d]", i)
		switch {
		case !slugForm.MatchString(t.ID):
			c.add(field+".id", "%q: use lower-case letters, digits and hyphens", t.ID)
		case t.ID == OtherTheme:
			c.add(field+".id", "%q is where stories go that fit no theme: choose another", t.ID)
		case seen[t.ID]:
			c.add(field+".id", "%q stands twice", t.ID)
		}
		seen[t.ID] = true
		if len(t.Words) == 0 {
			c.add(field, "has no label in any language: give fr: {label: …} or en: {label: …}")
		}
		for _, lang := range []Language{French, English} {
			w, ok := t.Words[lang]
			if !ok {
				continue
			}
			at := field + "." + string(lang)
			if strings.TrimSpace(w.Label) == "" {
				c.add(at+".label", "is missing: readers see it above the stories")
			}
			checkTexts(c, at+".keywords", w.Keywords, 120)
			checkTexts(c, at+".examples", w.Examples, 4000)
		}
	}
}

// checkTexts refuses empty entries and such as are longer than most bytes.
func checkTexts(c *check, field string, texts []string, most int) {
	for i, s := range texts {
		switch {
		case strings.TrimSpace(s) == "":
			c.add(fmt.Sprintf("%s[%d]", field, i), "is empty: leave it out")
		case len(s) > most:
			c.add(fmt.Sprintf("%s[%d]", field, i), "has %d bytes: at most %d tell what a theme is about", len(s), most)
		}
	}
}

func (n Newsletter) checkSources(c *check) {
	seen := map[string]bool{}
	for i, s := range n.Sources {
		field := fmt.Sprintf("sources[%d]", i)
		switch s.Kind {
		case SourceFeed, SourcePage, SourceSitemap:
			if u, err := url.Parse(s.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
				c.add(field+".url", "%q: give the whole address, from https:// on", s.URL)
			}
		case SourceFolder:
			if s.URL == "" {
				c.add(field+".url", "is missing: give the folder's path")
			}
		case SourceMailbox:
			s.checkMailbox(c, field)
		default:
			c.add(field+".kind", "%q: use feed, page, sitemap, folder or mailbox", s.Kind)
		}
		if seen[s.URL] {
			c.add(field+".url", "%q stands twice", s.URL)
		}
		seen[s.URL] = true
		if s.Weight < 0 || s.Weight > 10 {
			c.add(field+".weight", "%g: use 0 to 10 (1 is usual)", s.Weight)
		}
		c.line(field+".name", s.Name, false)
	}
}

// checkMailbox wants an address without the password: what is stored is also
// exported and shown.
func (s Source) checkMailbox(c *check, field string) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "imaps" && u.Scheme != "imap" || u.Host == "" || u.User.Username() == "" || u.RawQuery != "" || u.Fragment != "" {
		c.add(field+".url", "give the mailbox as imaps://user@host/INBOX (imap:// with STARTTLS); an @ in the user is written %%40")
		return
	}
	if _, secret := u.User.Password(); secret {
		c.add(field+".url", "must not hold the password: that goes into the setting sources.mailboxes, or HEBDO_SOURCES_MAILBOXES")
	}
}
