package storetest

import (
	"fmt"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// find lets a source bring articles and gives them as they wait.
func (w *world) find(source digest.Source, seen ...string) []digest.Article {
	w.Helper()
	var all []digest.Article
	for _, name := range seen {
		all = append(all, digest.Article{SourceID: source.ID, Seen: name, Found: w.clock.Now(), URL: "https://phare.example/" + name})
	}
	w.must(w.KeepFound(w.ctx, digest.SourceState{SourceID: source.ID}, all))
	return value[[]digest.Article](w)(w.Waiting(w.ctx, source.Newsletter, start))
}

// extracted is what extraction makes of an article.
func extracted(a digest.Article, key string, published time.Time) digest.Article {
	a.Key, a.State, a.Kind, a.Published = key, digest.ArticleExtracted, digest.KindArticle, published
	a.Title, a.Text = "Title of "+a.Seen, "Text of "+a.Seen
	return a
}

// ready gives what an issue of a window is made of, however old it is.
func (w *world) ready(newsletter string, from, to time.Time) []digest.Article {
	w.Helper()
	return value[[]digest.Article](w)(w.Material(w.ctx, digest.Issue{Newsletter: newsletter, From: from, To: to}))
}

var articleTests = map[string]func(*world){
	"articles are found by ID, in the order asked, those that are gone passed over": func(w *world) {
		source := w.publish("week").Sources[0]
		found := w.find(source, "a", "b", "c")
		got := value[[]digest.Article](w)(w.ArticlesByID(w.ctx, []string{found[2].ID, "none", found[0].ID, found[2].ID}))
		if len(got) != 2 || got[0].ID != found[2].ID || got[1].ID != found[0].ID {
			w.Fatalf("articles are %+v, want c and a", got)
		}
		if got := value[[]digest.Article](w)(w.ArticlesByID(w.ctx, nil)); len(got) != 0 {
			w.Fatalf("no ID gives %d articles", len(got))
		}
	},
	"a source never visited has a state of its ID alone": func(w *world) {
		w.same(value[digest.SourceState](w)(w.SourceState(w.ctx, "x")), digest.SourceState{SourceID: "x"})
	},
	"a found article comes back as it was kept": func(w *world) {
		source := w.publish("week").Sources[0]
		state := digest.SourceState{
			SourceID: source.ID, Title: "Phare", ETag: `W/"é"`, LastModified: "Mon, 23 Nov 2026 05:00:00 GMT",
			Checked: w.clock.Now(), Changed: w.clock.Now().Add(-time.Hour), Failures: 1, Trouble: "HTTP 503",
		}
		article := digest.Article{
			ID: NewID(), SourceID: source.ID, SourceName: "Le Phare", Seen: "tag:1", Aliases: []string{"https://phare.example/?1"},
			URL: "https://phare.example/1", Title: "Un modèle", Authors: []string{"Anne Le Goff", "B. C."}, Language: digest.French,
			Published: start.Add(-time.Hour), Modified: start, Found: start, Excerpt: "Un extrait", Kind: digest.KindArticle,
			Text: "Un texte.\n\nUn autre.", FAQ: "Q ?", Image: "https://phare.example/1.png",
			Picture: digest.Picture{Alt: "Un phare, la nuit", Width: 1200, Height: 630}, Site: "Le Phare du Nord", Weight: 1.5,
			State: digest.ArticleFound, Raw: digest.Raw{Type: "text/html", Body: []byte("<p>\x00\xff</p>")},
		}
		w.must(w.KeepFound(w.ctx, state, []digest.Article{article}))
		w.same(value[digest.SourceState](w)(w.SourceState(w.ctx, source.ID)), state)
		w.same(value[[]digest.Article](w)(w.Waiting(w.ctx, "week", start)), []digest.Article{article})
		w.same(value[[]digest.Article](w)(w.Waiting(w.ctx, "week", start.Add(time.Second))), []digest.Article(nil))
	},
	"what a source has shown is passed over": func(w *world) {
		n := w.publish("week")
		w.find(n.Sources[0], "a", "b")
		got := w.find(n.Sources[0], "b", "c", "c")
		if len(got) != 3 {
			w.Fatalf("%d articles, want a, b and c once each", len(got))
		}
		w.same(value[[]string](w)(w.Unseen(w.ctx, n.Sources[0].ID, []string{"z", "a", "y", "c", "z"})), []string{"z", "y"})
		w.same(value[[]string](w)(w.Unseen(w.ctx, n.Sources[1].ID, []string{"a"})), []string{"a"})
	},
	"a long archive is looked up and kept in batches": func(w *world) {
		source := w.publish("week").Sources[0]
		var seen []string
		for i := range 1300 {
			seen = append(seen, fmt.Sprintf("n%04d", i))
		}
		if got := len(w.find(source, seen...)); got != 1300 {
			w.Fatalf("%d kept", got)
		}
		w.same(value[[]string](w)(w.Unseen(w.ctx, source.ID, append(seen, "new"))), []string{"new"})
	},
	"hostile text is kept, not failed on": func(w *world) {
		source := w.publish("week").Sources[0]
		long := strings.Repeat("https://phare.example/", 500) // longer than a PostgreSQL index takes
		got := w.find(source, "nul\x00and\xff", long)
		if len(got) != 2 {
			w.Fatalf("%d articles", len(got))
		}
		w.same(value[[]string](w)(w.Unseen(w.ctx, source.ID, []string{"nul\x00and\xff", long, long + "x"})), []string{long + "x"})
		a := extracted(got[0], long, start)
		a.Title, a.Text, a.Authors = "a\x00b", "c\xffd", []string{"e\x00"}
		w.must(w.SaveArticles(w.ctx, []digest.Article{a}))
		kept := w.ready("week", start.Add(-time.Hour), start)[0]
		w.same([]string{kept.Title, kept.Text, kept.Authors[0]}, []string{"a\uFFFDb", "c\uFFFDd", "e\uFFFD"})
	},
	"a state is not kept for a source that does not exist": func(w *world) {
		w.is(w.KeepFound(w.ctx, digest.SourceState{SourceID: "x"}, nil), digest.ErrNotFound)
	},
	"an extracted article waits no more and drops what was raw": func(w *world) {
		source := w.publish("week").Sources[0]
		a := w.find(source, "a")[0]
		a.Raw = digest.Raw{Type: "text/html", Body: []byte("<p>")}
		a = extracted(a, "https://phare.example/a", start)
		w.must(w.SaveArticles(w.ctx, []digest.Article{a}))
		if got := value[[]digest.Article](w)(w.Waiting(w.ctx, "week", start)); len(got) != 0 {
			w.Fatalf("%d still wait", len(got))
		}
		a.Raw, a.SourceName, a.Weight = digest.Raw{}, source.Name, source.Weight // as the newsletter says now
		w.same(w.ready("week", start.Add(-time.Second), start), []digest.Article{a})
	},
	"an article known by its key becomes an alias": func(w *world) {
		n := w.publish("week")
		w.find(n.Sources[0], "a")
		waiting := w.find(n.Sources[1], "b", "c")
		all := map[string]digest.Article{}
		for _, a := range waiting {
			all[a.Seen] = a
		}
		same := "https://phare.example/canonical"
		w.must(w.SaveArticles(w.ctx, []digest.Article{extracted(all["a"], same, start)}))
		b, c := extracted(all["b"], same, start), extracted(all["c"], same, start)
		b.Title, c.Title = "Title of a", "Title\u00a0of “A”"
		b.Aliases = []string{"https://m.phare.example/b"}
		w.must(w.SaveArticles(w.ctx, []digest.Article{b, c}))

		got := w.ready("week", start.Add(-time.Hour), start)
		if len(got) != 1 || got[0].ID != all["a"].ID || got[0].Text != "Text of a" {
			w.Fatalf("articles are %+v, want a alone", got)
		}
		w.same(got[0].Aliases, []string{"https://phare.example/b", "https://m.phare.example/b", "https://phare.example/c"})
		w.must(w.SaveArticles(w.ctx, []digest.Article{extracted(all["a"], same, start), b}))
		got = w.ready("week", start.Add(-time.Hour), start)
		if len(got) != 1 || len(got[0].Aliases) != 3 {
			w.Fatalf("a second time changed it: %+v", got)
		}
	},
	"two of one batch with one key are one article": func(w *world) {
		waiting := w.find(w.publish("week").Sources[0], "a", "b")
		a, b := extracted(waiting[0], "k", start), extracted(waiting[1], "k", start)
		b.Title = a.Title
		w.must(w.SaveArticles(w.ctx, []digest.Article{a, b}))
		got := w.ready("week", start.Add(-time.Hour), start)
		if len(got) != 1 || len(got[0].Aliases) != 1 {
			w.Fatalf("%+v", got)
		}
	},
	"another newsletter's article is another article": func(w *world) {
		for _, slug := range []string{"a", "b"} {
			waiting := w.find(w.publish(slug).Sources[0], "x")
			w.must(w.SaveArticles(w.ctx, []digest.Article{extracted(waiting[0], "k", start)}))
			if got := w.ready(slug, start.Add(-time.Hour), start); len(got) != 1 {
				w.Fatalf("%s has %d", slug, len(got))
			}
		}
	},
	"an article that was never found is not kept": func(w *world) {
		a := w.find(w.publish("week").Sources[0], "a")[0]
		w.is(w.SaveArticles(w.ctx, []digest.Article{extracted(a, "k", start), {ID: NewID()}}), digest.ErrNotFound)
		if got := value[[]digest.Article](w)(w.Waiting(w.ctx, "week", start)); len(got) != 1 {
			w.Fatal("half of the batch was kept")
		}
	},
	"an editor's later word on two articles replaces the first, or takes it back": func(w *world) {
		w.publish("week")
		w.must(w.AddConstraint(w.ctx, "week", digest.Constraint{A: "b", B: "a", Kind: digest.Join}))
		w.must(w.AddConstraint(w.ctx, "week", digest.Constraint{A: "b", B: "c", Kind: digest.Join}))
		w.must(w.AddConstraint(w.ctx, "week", digest.Constraint{A: "a", B: "b", Kind: digest.NeverJoin}))
		w.same(value[[]digest.Constraint](w)(w.Constraints(w.ctx, "week")), []digest.Constraint{
			{A: "a", B: "b", Kind: digest.NeverJoin}, {A: "b", B: "c", Kind: digest.Join},
		})
		w.must(w.AddConstraint(w.ctx, "week", digest.Constraint{A: "b", B: "a"}))
		w.must(w.AddConstraint(w.ctx, "week", digest.Constraint{A: "x", B: "y"}))
		w.same(value[[]digest.Constraint](w)(w.Constraints(w.ctx, "week")), []digest.Constraint{{A: "b", B: "c", Kind: digest.Join}})
		w.is(w.AddConstraint(w.ctx, "none", digest.Constraint{A: "a", B: "b", Kind: digest.Join}), digest.ErrNotFound)
		if w.AddConstraint(w.ctx, "week", digest.Constraint{A: "a", B: "a"}) == nil {
			w.Fatal("an article was joined with itself")
		}
	},
}
