package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
	"hebdo/internal/render"
	"hebdo/internal/track"
)

// house is an installation in memory. It keeps the contracts of the interfaces
// and counts what was changed, so that a test can tell that nothing was.
type house struct {
	mu       sync.Mutex
	letters  []digest.Newsletter
	issues   map[string]digest.Issue
	subs     map[string]digest.Subscription
	editors  map[string]digest.Editor
	tallies  map[string]digest.Tally
	renderer *render.Renderer
	rendered map[string]digest.Letter
	asked    []audience.Request
	tests    []string // edition, address
	testFail error
	writes   int
	readers  int // of every newsletter
}

var (
	monday   = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	public   = &url.URL{Scheme: "https", Host: "news.example.org"}
	reader   = "019abc00-0000-7000-8000-00000000000a"
	password = "correct horse battery"
)

func (h *house) Newsletters(context.Context) ([]digest.Newsletter, error) { return h.letters, nil }

func (h *house) Newsletter(_ context.Context, slug string) (digest.Newsletter, error) {
	for _, n := range h.letters {
		if n.Slug == slug {
			return n, nil
		}
	}
	return digest.Newsletter{}, fmt.Errorf("newsletter %q: %w", slug, digest.ErrNotFound)
}

func (h *house) Issue(_ context.Context, id string) (digest.Issue, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i, ok := h.issues[id]
	if !ok {
		return i, fmt.Errorf("issue: %w", digest.ErrNotFound)
	}
	return i, nil
}

func (h *house) IssueNumbered(ctx context.Context, newsletter string, number int) (digest.Issue, error) {
	all, _ := h.Issues(ctx, newsletter, "", 1000, digest.Sent, digest.Sending, digest.Paused, digest.Cancelled)
	for _, i := range all {
		if i.Number == number {
			return i, nil
		}
	}
	return digest.Issue{}, fmt.Errorf("issue %d: %w", number, digest.ErrNotFound)
}

func (h *house) Issues(_ context.Context, newsletter, before string, limit int, states ...digest.State) ([]digest.Issue, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []digest.Issue
	for _, i := range h.issues {
		if i.Newsletter == newsletter && (len(states) == 0 || slices.Contains(states, i.State)) && (before == "" || i.Created.Before(h.issues[before].Created)) {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b digest.Issue) int { return b.Created.Compare(a.Created) })
	return list[:min(limit, len(list))], nil
}

func (h *house) Preview(ctx context.Context, id string, v digest.Variant) (digest.Letter, error) {
	i, err := h.Issue(ctx, id)
	if err != nil {
		return digest.Letter{}, err
	}
	n, err := h.Newsletter(ctx, i.Newsletter)
	if err != nil {
		return digest.Letter{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	edition := fmt.Sprint(id, i.Version, v)
	if l, ok := h.rendered[edition]; ok {
		return l, nil
	}
	l, err := h.renderer.Email(i, n, v)
	h.rendered[edition] = l.Whole()
	return h.rendered[edition], err
}

// change moves an issue whose version is the one given; version -1 is any.
func (h *house) change(id string, version int, to digest.State, edit func(*digest.Issue)) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	i, ok := h.issues[id]
	switch {
	case !ok:
		return digest.ErrNotFound
	case version >= 0 && i.Version != version:
		return fmt.Errorf("issue %s: %w", id, digest.ErrConflict)
	}
	if err := i.State.Move(to); err != nil {
		return err
	}
	i.State = to
	i.Version++
	edit(&i)
	h.issues[id] = i
	h.writes++
	return nil
}

func (h *house) Approve(_ context.Context, id string, version int, editor, remark string) error {
	return h.change(id, version, digest.Approved, func(i *digest.Issue) { i.ApprovedBy, i.Remark, i.Approved = editor, remark, monday })
}

func (h *house) Reject(ctx context.Context, id string, version int, editor, remark string) error {
	if i, err := h.Issue(ctx, id); err == nil && i.State == digest.Approved && i.Version == version { // an objection in time
		if err := h.change(id, version, digest.InReview, func(i *digest.Issue) { i.Version-- }); err != nil {
			return err
		}
	}
	return h.change(id, version, digest.Rejected, func(i *digest.Issue) { i.ApprovedBy, i.Remark = editor, remark })
}

func (h *house) Move(_ context.Context, id string, to digest.State, _ string) error {
	return h.change(id, -1, to, func(*digest.Issue) {})
}

func (h *house) Readers(context.Context, string) (int, error) { return h.readers, nil }

func (h *house) Test(_ context.Context, _ string, v digest.Variant, to string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.writes++
	h.tests = append(h.tests, v.String()+" "+to)
	return h.testFail
}

func (h *house) Progress(_ context.Context, id string) (digest.Tally, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tallies[id], nil
}

func (h *house) Editor(_ context.Context, address string) (digest.Editor, error) {
	e, ok := h.editors[address]
	if !ok {
		return e, digest.ErrNotFound
	}
	return e, nil
}

func (h *house) Subscribe(_ context.Context, r audience.Request) error {
	if _, err := audience.ParseAddress(r.Address); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.writes++
	h.asked = append(h.asked, r)
	return nil
}

func (h *house) Subscription(_ context.Context, id string) (digest.Subscription, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.subs[id]
	if !ok {
		return s, digest.ErrNotFound
	}
	return s, nil
}

func (h *house) alter(id string, edit func(*digest.Subscription)) (digest.Subscription, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.subs[id]
	if !ok {
		return s, digest.ErrNotFound
	}
	before := s
	edit(&s)
	if s != before {
		h.subs[id] = s
		h.writes++
	}
	return s, nil
}

func (h *house) Confirm(_ context.Context, id string) (digest.Subscription, error) {
	return h.alter(id, func(s *digest.Subscription) {
		if (s.State == digest.Pending || s.State == digest.Resting) && s.Subscriber.Suppression.Kind == "" {
			s.State = digest.Active
		}
	})
}

func (h *house) Unsubscribe(_ context.Context, id string) (digest.Subscription, error) {
	return h.alter(id, func(s *digest.Subscription) { s.State = digest.Unsubscribed })
}

func (h *house) Prefer(_ context.Context, id string, p audience.Preferences) (digest.Subscription, error) {
	return h.alter(id, func(s *digest.Subscription) {
		s.Language, s.Length = cmp.Or(p.Language, s.Language), cmp.Or(p.Length, s.Length)
		if p.Without != nil {
			s.Without = strings.Join(p.Without, " ")
		}
		if p.Paused && s.State == digest.Active {
			s.State = digest.Resting
		} else if !p.Paused && s.State == digest.Resting {
			s.State = digest.Active
		}
	})
}

func links(t *testing.T) *track.Links {
	t.Helper()
	l, err := track.New(public, []track.Key{{ID: 1, Secret: bytes.Repeat([]byte("s"), 32)}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// furnished is a house with a newsletter in two languages, an issue in every
// state, a reader who has not confirmed yet, and an editor.
func furnished(t *testing.T) *house {
	t.Helper()
	renderer, err := render.New(render.Options{PublicURL: public})
	if err != nil {
		t.Fatal(err)
	}
	// A cheap hash: what it costs is tested beside the password.
	phc, err := hash(password, strings.NewReader(strings.Repeat("salt", 4)), cost{memory: 8, passes: 1, threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{renderer: renderer, rendered: map[string]digest.Letter{}, issues: map[string]digest.Issue{}, tallies: map[string]digest.Tally{}}
	h.letters = []digest.Newsletter{{
		Slug: "semaine-ia", Name: "La Semaine IA", Description: "L’essentiel de l’intelligence artificielle, chaque lundi.",
		Publisher: "Éditions du Canal", PostalAddress: "12 quai des Brumes, 44000 Nantes", PrivacyURL: "https://example.org/vie-privee",
		Sender: `"La Semaine IA" <lettre@news.example.org>`, ReplyTo: "bonjour@example.org", Zone: "Europe/Paris",
		Languages: []digest.Language{digest.French, digest.English},
	}}
	h.editors = map[string]digest.Editor{"ada@example.org": {ID: "e1", Address: "ada@example.org", Password: phc, Language: digest.French}}
	h.subs = map[string]digest.Subscription{reader: {
		ID: reader, Newsletter: "semaine-ia", State: digest.Pending, Language: digest.French, Length: digest.Full,
		Subscriber: digest.Subscriber{Address: "rosa@example.net"},
	}}
	for n, state := range digest.States() {
		i := madeIssue(fmt.Sprintf("019abc00-0000-7000-8000-0000000001%02d", n), state, monday.AddDate(0, 0, -7*n))
		if slices.Contains([]digest.State{digest.Approved, digest.Sending, digest.Paused, digest.Sent, digest.Cancelled}, state) {
			i.Number = 48 - n
		}
		h.issues[i.ID] = i
	}
	h.tallies[h.in(digest.Sending).ID] = digest.Tally{Queued: 640, Claimed: 20, Begun: 4, Delivered: 1290, Deferred: 31, Refused: 12, Unsure: 1}
	h.tallies[h.in(digest.Sent).ID] = digest.Tally{Delivered: 1967, Refused: 30, Unsure: 1}
	return h
}

// in is the issue in a state.
func (h *house) in(state digest.State) digest.Issue {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, i := range h.issues {
		if i.State == state {
			return i
		}
	}
	panic("no issue is " + state)
}

func madeIssue(id string, state digest.State, day time.Time) digest.Issue {
	say := func(article string, lang digest.Language, texts ...string) []digest.Sentence {
		var all []digest.Sentence
		for _, s := range texts {
			all = append(all, digest.Sentence{Text: s, Article: article, Language: lang})
		}
		return all
	}
	both := func(headline string, lang digest.Language, s []digest.Sentence) map[digest.Language]digest.Wording {
		w := digest.Wording{Headline: headline, HeadlineLanguage: lang, Sentences: s}
		return map[digest.Language]digest.Wording{digest.French: w, digest.English: w}
	}
	shown := func(c digest.Citation) digest.Citation {
		c.Site, c.Authors, c.Image, c.ImageAlt = "Le Labo", []string{"Nolwenn Le Bris"}, "https://ouest-sciences.example/breton.jpg", "Une page de dictionnaire"
		return c
	}
	cite := func(article, title, source string, lang digest.Language, minutes int) digest.Citation {
		return digest.Citation{Article: article, Title: title, URL: "https://" + strings.ToLower(strings.ReplaceAll(source, " ", "-")) + ".example/" + article, Source: source, Language: lang, Minutes: minutes, Published: day.AddDate(0, 0, -2)}
	}
	theme := func(id, fr, en string) digest.Theme {
		return digest.Theme{ID: id, Words: map[digest.Language]digest.ThemeWords{digest.French: {Label: fr}, digest.English: {Label: en}}}
	}
	lead := say("a1", digest.French,
		"Le laboratoire nantais Ondine publie Marée 2, un modèle de 24 milliards de paramètres sous licence libre.",
		"Il tient sur une seule carte graphique et bat, sur douze épreuves en français, des modèles trois fois plus grands.",
		"Les poids et les données d’entraînement sont publiés ensemble, ce qui reste rare.")
	law := say("b1", digest.French,
		"Le Conseil a précisé mardi ce qu’il entend par une relecture humaine réelle des textes produits par une machine.",
		"Un simple survol ne dispensera plus d’avertir les lecteurs.")
	chips := say("c1", digest.English,
		"Corvus Semiconductor says its inference chip draws 40 watts, a quarter of what comparable parts need.",
		"First systems ship to universities in January.")
	return digest.Issue{
		ID: id, Newsletter: "semaine-ia", Slot: day.Format(time.RFC3339), State: state, Version: 3, Date: day, From: day.AddDate(0, 0, -7), To: day, Created: day,
		Fronts: map[digest.Language]digest.Front{
			digest.French:  {Subject: "Marée 2 ouvre ses poids, le Conseil précise la relecture humaine", Preheader: "Et aussi : une puce à 40 watts, douze hôpitaux et un traducteur du breton.", Essentials: []digest.Sentence{lead[0], law[0], chips[0]}, Minutes: 7},
			digest.English: {Subject: "Marée 2 opens its weights, the Council defines human review", Preheader: "Also: a 40-watt chip, twelve hospitals and a translator for Breton.", Essentials: []digest.Sentence{lead[0], law[0], chips[0]}, Minutes: 7},
		},
		Sections: []digest.Section{
			{Theme: theme("models", "Modèles et logiciels libres", "Models & open source"), Items: []digest.Item{{
				Story: "s1", Lead: true, Score: .91, Wordings: both("Ondine publie Marée 2, un modèle libre qui tient sur une carte graphique", digest.French, lead),
				Citations: []digest.Citation{cite("a1", "Ondine publie Marée 2", "Le Fil Numérique", digest.French, 4), cite("a2", "Nantes lab Ondine releases open-weight Marée 2", "Tech Harbour", digest.English, 3)},
				Why:       []digest.Reason{{A: "a1", B: "a2", Shared: []string{"Ondine", "Marée 2", "24"}, Score: .62}},
				Evidence:  []digest.Evidence{{Name: "sources", Value: .5}, {Name: "freshness", Value: .8}},
			}, {
				Story: "s4", Wordings: both("Un traducteur du breton entraîné sur des archives de radio", digest.French, say("d1", digest.French, "L’université de Brest a transcrit quatre mille heures d’émissions pour apprendre le breton à un petit modèle.")),
				Citations: []digest.Citation{shown(cite("d1", "Un traducteur du breton", "Ouest Sciences", digest.French, 2))},
			}}},
			{Theme: theme("regulation", "Règles, éthique et société", "Regulation, ethics & society"), Items: []digest.Item{{
				Story: "s2", Lead: true, Wordings: both("Relecture humaine : le Conseil précise ce qui dispense d’avertir", digest.French, law),
				Citations: []digest.Citation{cite("b1", "Relecture humaine : le Conseil précise", "La Gazette du Droit", digest.French, 5)},
			}}},
			{Theme: theme("hardware", "Matériel et calcul", "Hardware & compute"), Items: []digest.Item{{
				Story: "s3", Lead: true, Wordings: both("Corvus shows a 40-watt inference chip", digest.English, chips),
				Citations: []digest.Citation{cite("c1", "Corvus shows a 40-watt inference chip", "Tech Harbour", digest.English, 3)},
			}}},
		},
		LeftOut: []digest.LeftOut{
			{Title: "Dix recettes pour l’automne", URL: "https://le-fil.example/recettes", Source: "Le Fil Numérique", Reason: "offtopic"},
			{Title: "Acceptez nos cookies", URL: "https://ouest.example/mur", Source: "Ouest Sciences", Reason: "wall"},
		},
		Notes: []digest.Note{
			{Level: digest.Warning, Stage: "collect", Code: "source.unreachable", Where: "https://le-phare.example/flux.xml", Detail: "HTTP 404"},
			{Level: digest.Info, Stage: "extract", Code: "page.encoding", Where: "https://ouest.example/breton", Detail: "ISO-8859-1"},
		},
	}
}

// spoilt is a desk whose letters cannot be rendered.
type spoilt struct{ *house }

func (spoilt) Preview(context.Context, string, digest.Variant) (digest.Letter, error) {
	return digest.Letter{}, errTemplate
}
