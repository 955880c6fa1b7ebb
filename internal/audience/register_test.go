package audience

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// shelf is a Register in memory, true to its interface's comments.
type shelf struct {
	mu     sync.Mutex
	people map[string]digest.Subscriber   // by match
	subs   map[string]digest.Subscription // by newsletter + match
	saves  int
	broken error
}

func newShelf() *shelf {
	return &shelf{people: map[string]digest.Subscriber{}, subs: map[string]digest.Subscription{}}
}

func (s *shelf) full(sub digest.Subscription) digest.Subscription {
	sub.Subscriber = s.people[sub.Subscriber.Match]
	return sub
}

func (s *shelf) SubscriptionOf(_ context.Context, newsletter, match string) (digest.Subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, ok := s.subs[newsletter+" "+match]
	if !ok {
		return digest.Subscription{Subscriber: s.people[match]}, digest.ErrNotFound
	}
	return s.full(sub), nil
}

func (s *shelf) Subscription(_ context.Context, id string) (digest.Subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.subs {
		if sub.ID == id {
			return s.full(sub), nil
		}
	}
	return digest.Subscription{}, digest.ErrNotFound
}

func (s *shelf) SaveSubscriptions(_ context.Context, subs []digest.Subscription) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return s.broken
	}
	s.saves++
	for _, sub := range subs {
		match := sub.Subscriber.Match
		if _, ok := s.people[match]; !ok {
			s.people[match] = sub.Subscriber
		}
		key := sub.Newsletter + " " + match
		if old, ok := s.subs[key]; ok {
			sub.ID = old.ID
		}
		s.subs[key] = sub
	}
	return nil
}

func (s *shelf) Subscriptions(_ context.Context, newsletter, after string, limit int) ([]digest.Subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []digest.Subscription
	for _, sub := range s.subs {
		if sub.Newsletter == newsletter && sub.ID > after {
			out = append(out, s.full(sub))
		}
	}
	slices.SortFunc(out, func(a, b digest.Subscription) int { return cmp.Compare(a.ID, b.ID) })
	return out[:min(limit, len(out))], nil
}

func (s *shelf) EraseSubscriber(_ context.Context, match string, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.subs {
		if strings.HasSuffix(key, " "+match) {
			delete(s.subs, key)
		}
	}
	delete(s.people, match)
	return nil
}

// suppress marks an address as a bounce would.
func (s *shelf) suppress(match string, kind digest.SuppressionKind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[match]
	p.Match, p.Suppression.Kind = match, kind
	s.people[match] = p
}

// postbag is a Postman that keeps what it is given.
type postbag struct {
	mu    sync.Mutex
	mails []digest.Subscription
	links []string
	fail  error
}

func (p *postbag) Confirm(_ context.Context, sub digest.Subscription, link string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return p.fail
	}
	p.mails, p.links = append(p.mails, sub), append(p.links, link)
	return nil
}

func (p *postbag) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.mails)
}

// office is a Book with its neighbours and a clock one can turn.
type office struct {
	*Book
	shelf *shelf
	post  *postbag
	links *track.Links
	mu    sync.Mutex
	at    time.Time
}

var letter = digest.Newsletter{
	Slug: "semaine", Languages: []digest.Language{digest.French, digest.English},
	Themes: []digest.Theme{{ID: "models"}, {ID: "law"}, {ID: digest.OtherTheme}},
}

func open(t testing.TB) *office {
	t.Helper()
	public, _ := url.Parse("https://news.example.org")
	links, err := track.New(public, []track.Key{{ID: 1, Secret: []byte(strings.Repeat("k", 32))}})
	if err != nil {
		t.Fatal(err)
	}
	o := &office{shelf: newShelf(), post: &postbag{}, links: links, at: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)}
	ids := 0
	var mu sync.Mutex
	o.Book = NewBook(o.shelf, o.post, links, Options{
		Now: func() time.Time { o.mu.Lock(); defer o.mu.Unlock(); return o.at },
		NewID: func() string {
			mu.Lock()
			defer mu.Unlock()
			ids++
			return fmt.Sprintf("00000000-0000-7000-8000-%012d", ids)
		},
		Staging: &trays{shelf: o.shelf},
	})
	return o
}

func (o *office) pass(d time.Duration) { o.mu.Lock(); o.at = o.at.Add(d); o.mu.Unlock() }

func (o *office) sub(t *testing.T, match string) digest.Subscription {
	t.Helper()
	s, err := o.shelf.SubscriptionOf(t.Context(), letter.Slug, match)
	if err != nil {
		t.Fatalf("%s: %v", match, err)
	}
	return s
}
