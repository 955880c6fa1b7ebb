package story_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

func TestClusterFindsTheEventsOfTheWeek(t *testing.T) {
	rows := week(t)
	of := byArticle(story.Cluster(articles(rows), nil, story.Options{}))
	for i, a := range rows {
		for _, b := range rows[i+1:] {
			want := a.event != "-" && a.event == b.event
			if got := of[a.ID].ID == of[b.ID].ID; got != want {
				t.Errorf("%s and %s in one story: %v, want %v", a.ID, b.ID, got, want)
			}
		}
	}
}

func TestPartsOfOnePageAreNotOneStory(t *testing.T) {
	parts := []digest.Article{
		{ID: "a", URL: "https://pilote.example/log#v2", Title: "Pilote 2.0", Text: "The new scheduler halves the memory that a node needs."},
		{ID: "b", URL: "https://pilote.example/log#v1", Title: "Pilote 1.9", Text: "Colours of the map may now be chosen by each operator."},
		{ID: "c", URL: "https://vigie.example/pilote", Title: "What Pilote 2.0 brings", Text: "Memory of a node is halved by its new scheduler: https://pilote.example/log#v2."},
	}
	for i := range parts {
		parts[i].Kind, parts[i].Language, parts[i].Published = digest.KindArticle, digest.English, monday
	}
	of := byArticle(story.Cluster(parts, nil, story.Options{}))
	if of["a"].ID == of["b"].ID {
		t.Error("two releases are one story, for their page is one")
	}
	if of["a"].ID != of["c"].ID {
		t.Error("who links to a release does not speak of it")
	}
}

func TestClusterJoinsFrenchAndEnglishByWhatTheyShare(t *testing.T) {
	of := byArticle(story.Cluster(articles(week(t)), nil, story.Options{}))
	s := of["fund-en"]
	if s.ID != of["fund-fr"].ID {
		t.Fatal("the French and the English report of one funding round are two stories")
	}
	if len(s.Why) != 1 || s.Why[0].Score <= story.DefaultThreshold {
		t.Fatalf("reasons = %+v", s.Why)
	}
	if shared := strings.Join(s.Why[0].Shared, " "); !strings.Contains(shared, "Cormoran") {
		t.Errorf("the shared words %q do not name the company", shared)
	}
}

func TestClusterGivesAReasonForEveryJoin(t *testing.T) {
	for _, s := range story.Cluster(articles(week(t)), nil, story.Options{}) {
		if len(s.Why) != len(s.Articles)-1 {
			t.Errorf("%q: %d articles, %d reasons", s.Articles[0].Title, len(s.Articles), len(s.Why))
		}
		in := map[string]bool{}
		for _, a := range s.Articles {
			in[a.ID] = true
		}
		for _, r := range s.Why {
			if !in[r.A] || !in[r.B] || r.A == r.B || r.Score <= 0 || r.Score > 1.000001 {
				t.Errorf("%q: reason %+v", s.Articles[0].Title, r)
			}
		}
	}
}

func TestClusterDoesNotDependOnTheOrderOfArticles(t *testing.T) {
	in := articles(week(t))
	want := story.Cluster(in, nil, story.Options{})
	for seed := range uint64(20) {
		shuffled := append([]digest.Article(nil), in...)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if d := cmp.Diff(want, story.Cluster(shuffled, nil, story.Options{})); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
	}
}

func TestClusterObeysTheEditor(t *testing.T) {
	in := articles(week(t))
	key := func(id string) string { return "https://news.example/" + id }
	cons := []digest.Constraint{
		{A: key("chip-en"), B: key("chip-en2"), Kind: digest.NeverJoin},
		{A: key("fine-fr2"), B: key("fine-copy"), Kind: digest.NeverJoin}, // even the same text
		{A: key("leak-en"), B: key("fund-other"), Kind: digest.Join},
	}
	of := byArticle(story.Cluster(in, cons, story.Options{}))
	if of["chip-en"].ID == of["chip-en2"].ID {
		t.Error("never-join was joined")
	}
	if of["fine-fr2"].ID == of["fine-copy"].ID {
		t.Error("never-join of copies was joined")
	}
	if of["leak-en"].ID != of["fund-other"].ID {
		t.Error("join was not joined")
	}
}

func TestClusterKeepsEventsOfDifferentWeeksApart(t *testing.T) {
	in := articles(week(t))
	for i := range in {
		if in[i].ID == "chip-en2" {
			in[i].Published = in[i].Published.Add(-9 * 24 * time.Hour)
		}
	}
	of := byArticle(story.Cluster(in, nil, story.Options{}))
	if of["chip-en"].ID == of["chip-en2"].ID {
		t.Error("articles nine days apart are one event")
	}
	of = byArticle(story.Cluster(in, nil, story.Options{Window: -1}))
	if of["chip-en"].ID != of["chip-en2"].ID {
		t.Error("without a window they should be")
	}
}

func TestCopiesJoinHoweverFarApart(t *testing.T) {
	text := strings.Repeat("La même dépêche parue deux fois, mot pour mot. ", 3)
	in := []digest.Article{
		{ID: "1", Key: "a", Title: "Un", Text: text, Kind: digest.KindArticle, Published: monday},
		{ID: "2", Key: "b", Title: "Deux", Text: strings.ToUpper(text), Kind: digest.KindArticle, Published: monday.AddDate(0, 0, 30)},
	}
	if s := story.Cluster(in, nil, story.Options{}); len(s) != 1 {
		t.Errorf("%d stories", len(s))
	}
}

func TestWhatCannotBeReadStaysOut(t *testing.T) {
	of := byArticle(story.Cluster(articles(week(t)), nil, story.Options{}))
	if got := of["gone"]; got.LeftOut != "unreadable" || len(got.Articles) != 1 {
		t.Errorf("error page: %q with %d articles", got.LeftOut, len(got.Articles))
	}
	if s := of["wall-fr"]; s.Articles[0].ID == "wall-fr" || s.LeftOut != "" {
		t.Errorf("a wall leads its story: %q", s.Articles[0].Title)
	}
}

func TestClusterOfNothing(t *testing.T) {
	if s := story.Cluster(nil, nil, story.Options{}); len(s) != 0 {
		t.Errorf("%d stories of no article", len(s))
	}
	if s := story.Cluster([]digest.Article{{ID: "x"}, {ID: "y"}}, nil, story.Options{}); len(s) != 2 {
		t.Errorf("%d stories of two empty articles", len(s))
	}
}

// thousand makes a week of a thousand articles out of invented words.
func thousand(n int) []digest.Article {
	r := rand.New(rand.NewPCG(7, 7))
	var vocabulary []string
	for i := range 20000 {
		vocabulary = append(vocabulary, fmt.Sprintf("%c%so%d", 'a'+i%26, string(rune('a'+i/26%26)), i%97)+string(rune('a'+i%23)))
	}
	var out []digest.Article
	for i := range n {
		event := r.IntN(n/2 + 1)
		er := rand.New(rand.NewPCG(uint64(event), 3))
		var b strings.Builder
		for w := range 450 {
			switch {
			case w%5 == 0:
				b.WriteString(vocabulary[er.IntN(len(vocabulary))])
			case w%3 == 0:
				b.WriteString(vocabulary[r.IntN(300)])
			default:
				b.WriteString(vocabulary[int(float64(len(vocabulary))*r.Float64()*r.Float64()*r.Float64())])
			}
			b.WriteString(" ")
			if w%20 == 19 {
				b.WriteString(". ")
			}
		}
		out = append(out, digest.Article{ID: fmt.Sprint(i), Key: fmt.Sprint(i), Title: fmt.Sprint("Titre ", event), Text: b.String(), Language: "fr", Kind: digest.KindArticle, Published: monday})
	}
	return out
}

// BenchmarkClusterThousand is a usual week of 1,000 articles; compare its ns/op before and
// after a change:
//
//	go test ./internal/story -run '^$' -bench 'ClusterThousand$' -count 6
func BenchmarkClusterThousand(b *testing.B) {
	in := thousand(1000)
	for b.Loop() {
		story.Cluster(in, nil, story.Options{})
	}
}
