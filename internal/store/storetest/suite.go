package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"hebdo/internal/digest"
	"hebdo/internal/store"
)

// NewID makes UUIDv7 text, as the program does.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Run checks that a store does what its methods promise. open gives a fresh
// database, migrated, that works with the given options.
func Run(t *testing.T, open func(t *testing.T, o store.Options) *store.Store) {
	for _, part := range []map[string]func(*world){
		newsletterTests, sourceTests, articleTests, claimTests, materialTests, issueTests, audienceTests, importTests, outboxTests, fillingTests, leaseTests, handTests, returnedTests, houseTests,
	} {
		for name, test := range part {
			t.Run(name, func(t *testing.T) {
				clock := &clock{now: start}
				test(&world{T: t, Store: open(t, store.Options{Now: clock.Now, NewID: NewID}), ctx: t.Context(), clock: clock})
			})
		}
	}
}

// start is when every test begins; it has nanoseconds, which are not kept.
var start = time.Date(2026, 11, 23, 6, 0, 0, 123456789, time.UTC)

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// world is a test with a store and the ways to fill it.
type world struct {
	*testing.T
	*store.Store
	ctx   context.Context
	clock *clock
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// is checks which of the house's errors it is.
func (w *world) is(err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Fatalf("error is %v, want %v", err, want)
	}
}

// same compares what was kept with what was given: to the microsecond, and
// empty being as good as nil.
func (w *world) same(got, want any) {
	w.Helper()
	micros := cmp.Comparer(func(a, b time.Time) bool { return a.Truncate(time.Microsecond).Equal(b.Truncate(time.Microsecond)) })
	if diff := cmp.Diff(want, got, micros, cmpopts.EquateEmpty()); diff != "" {
		w.Fatalf("(-want +got):\n%s", diff)
	}
}

// value unwraps a result that has to be there.
func value[A any](w *world) func(a A, err error) A {
	return func(a A, err error) A {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return a
	}
}

// letter is a newsletter with all fields set.
func letter(slug string) digest.Newsletter {
	return digest.Newsletter{
		Slug: slug, Name: "La Semaine IA", Description: "L'essentiel, le lundi.", Publisher: "Éditions du Phare",
		PostalAddress: "1 quai du Port\n29200 Brest", PrivacyURL: "https://letter.example/privacy",
		Sender: `"La Semaine IA" <lettre@letter.example>`, ReplyTo: "bonjour@letter.example", Editor: "desk@letter.example",
		Languages: []digest.Language{digest.French, digest.English}, Zone: "Europe/Paris",
		DraftAt: "0 6 * * 1", SendAt: "0 9 * * 1", Window: 168 * time.Hour,
		Themes: []digest.Theme{{ID: "models", Words: map[digest.Language]digest.ThemeWords{
			digest.French:  {Label: "Modèles", Description: "Les modèles", Keywords: []string{"modèle", "open source"}},
			digest.English: {Label: "Models"},
		}}, {ID: "other"}},
		Sources: []digest.Source{
			{Kind: digest.SourceFeed, URL: "https://phare.example/feed", Name: "Le Phare", Language: digest.French, Weight: 1.5, Images: true},
			{Kind: digest.SourcePage, URL: "https://phare.example/feed"},
			{Kind: digest.SourceFolder, URL: "/srv/articles", Language: digest.English},
		},
		Budget: digest.Budget{Themes: 4, StoriesPerTheme: 3, WordsPerStory: 55, QuoteWords: 40},
		Rank:   digest.Weights{Sources: 4, Freshness: 3, Prominence: .5, Novelty: 1, Length: .25, Weight: 2},
		Review: digest.Review{Mode: digest.ReviewAuto, After: 4 * time.Hour}, MinStories: 3,
	}
}

// publish keeps a newsletter and gives it as it is then.
func (w *world) publish(slug string) digest.Newsletter {
	w.Helper()
	w.must(w.SaveNewsletter(w.ctx, letter(slug)))
	return value[digest.Newsletter](w)(w.Newsletter(w.ctx, slug))
}

// draft keeps a new issue in review.
func (w *world) draft(newsletter, slot string) digest.Issue {
	w.Helper()
	return value[digest.Issue](w)(w.SaveIssue(w.ctx, digest.Issue{Newsletter: newsletter, Slot: slot, State: digest.InReview}))
}

// approve gives an issue an edition in each of the variants, French and full if none is named.
func (w *world) approve(issue digest.Issue, variants ...digest.Variant) digest.Issue {
	w.Helper()
	return value[digest.Issue](w)(w.ApproveIssue(w.ctx, issue, editions(variants...)))
}

func editions(variants ...digest.Variant) func(digest.Issue) ([]digest.Edition, error) {
	if len(variants) == 0 {
		variants = []digest.Variant{{Language: digest.French, Length: digest.Full}}
	}
	return func(issue digest.Issue) ([]digest.Edition, error) {
		var all []digest.Edition
		for _, v := range variants {
			all = append(all, digest.Edition{IssueID: issue.ID, Hash: "hash of " + v.String(), Letter: digest.Letter{
				Variant: v, Subject: fmt.Sprintf("N° %d", issue.Number), Preheader: "…", HTML: "<p>…</p>\n", Text: "…\n",
				Parts: []digest.Part{{Theme: "models", HTML: true, From: 0, To: 11}},
			}})
		}
		return all, nil
	}
}

// reader is a subscription of an address.
func reader(newsletter, address string) digest.Subscription {
	return digest.Subscription{
		Newsletter: newsletter, State: digest.Active, Language: digest.French, Length: digest.Full,
		Subscriber: digest.Subscriber{Address: address, Match: address},
	}
}

// subscribe keeps n readers: reader0000@example.org and so on.
func (w *world) subscribe(newsletter string, n int) {
	w.Helper()
	var all []digest.Subscription
	for i := range n {
		all = append(all, reader(newsletter, fmt.Sprintf("reader%04d@example.org", i)))
	}
	w.must(w.SaveSubscriptions(w.ctx, all))
}

// sending is an issue on its way to n readers.
func (w *world) sending(n int) digest.Issue {
	w.Helper()
	w.publish("week")
	w.subscribe("week", n)
	issue := w.approve(w.draft("week", "2026-11-23#1"))
	if got := value[int](w)(w.Enqueue(w.ctx, issue.ID, w.clock.Now())); got != n {
		w.Fatalf("%d queued, want %d", got, n)
	}
	return value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sending, w.clock.Now()))
}

// contextEnded is a context that is over.
func contextEnded(w *world) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(w.ctx)
	stop()
	return ctx, stop
}
