package storetest

import (
	"time"

	"hebdo/internal/digest"
)

// edited is what a visit brings of an article its source changed.
func edited(a digest.Article, title, mark string) digest.Article {
	return digest.Article{
		Seen: a.Seen, SourceID: a.SourceID, URL: a.URL, Title: title, Mark: mark, Modified: start,
		State: digest.ArticleRevised, Raw: digest.Raw{Type: "text/html", Body: []byte("<p>new")},
	}
}

// marked lets a source bring one article with a mark, and extraction read it.
func (w *world) marked(source digest.Source, seen, mark string) digest.Article {
	w.Helper()
	w.must(w.KeepFound(w.ctx, digest.SourceState{SourceID: source.ID}, []digest.Article{
		{SourceID: source.ID, Seen: seen, Mark: mark, URL: "https://phare.example/" + seen, Found: w.clock.Now()}}))
	waiting := value[[]digest.Article](w)(w.Waiting(w.ctx, "week", start))
	w.must(w.SaveArticles(w.ctx, []digest.Article{extracted(waiting[0], "https://phare.example/"+seen, start)}))
	return w.ready("week", start.Add(-time.Hour), start)[0]
}

var sourceTests = map[string]func(*world){
	"all of a source's state comes back": func(w *world) {
		source := w.publish("week").Sources[0]
		state := digest.SourceState{
			SourceID: source.ID, NextVisit: start.Add(time.Hour), HeldUntil: start.Add(time.Minute), Gone: start,
			Took: 1500 * time.Millisecond, Rhythm: 36 * time.Hour, Newest: start.Add(-time.Hour), Entries: 20, Undated: 3,
			Moved: "https://phare.example/new", MovedTimes: 2, Asked: time.Hour,
		}
		w.must(w.KeepFound(w.ctx, state, nil))
		w.same(value[digest.SourceState](w)(w.SourceState(w.ctx, source.ID)), state)
		w.must(w.RetrySource(w.ctx, source.ID))
		state.NextVisit, state.HeldUntil, state.Gone = time.Time{}, time.Time{}, time.Time{}
		w.same(value[digest.SourceState](w)(w.SourceState(w.ctx, source.ID)), state)
		w.is(w.RetrySource(w.ctx, "x"), digest.ErrNotFound)
	},
	"the shape of a page's links comes back": func(w *world) {
		n := letter("week")
		n.Sources[1].Links = "/blog/* /news/*"
		w.must(w.SaveNewsletter(w.ctx, n))
		if got := value[[]digest.Source](w)(w.Sources(w.ctx, "week"))[1].Links; got != "/blog/* /news/*" {
			w.Fatal(got)
		}
	},
	"a source that moved is the same, whichever address its file names": func(w *world) {
		n := w.publish("week")
		feed := n.Sources[0]
		w.find(feed, "a")
		w.must(w.MoveSource(w.ctx, feed.ID, "https://phare.example/atom"))
		w.must(w.MoveSource(w.ctx, feed.ID, "https://phare.example/atom2"))
		w.must(w.MoveSource(w.ctx, feed.ID, "https://phare.example/atom2"))
		again := w.publish("week") // names the first address
		if got := again.Sources[0]; got.ID != feed.ID || got.URL != "https://phare.example/atom2" {
			w.Fatalf("%+v", got)
		}
		w.must(w.SaveNewsletter(w.ctx, again)) // names the last
		w.same(value[digest.Newsletter](w)(w.Newsletter(w.ctx, "week")), again)
	},
	"a source does not move to where another is": func(w *world) {
		n := letter("week")
		n.Sources = append(n.Sources, digest.Source{Kind: digest.SourceFeed, URL: "https://phare.example/other"})
		w.must(w.SaveNewsletter(w.ctx, n))
		kept := value[[]digest.Source](w)(w.Sources(w.ctx, "week"))
		w.is(w.MoveSource(w.ctx, kept[0].ID, "https://phare.example/other"), digest.ErrConflict)
		w.is(w.MoveSource(w.ctx, "x", "https://phare.example/other"), digest.ErrNotFound)
	},
	"visits that brought something or met trouble are remembered": func(w *world) {
		source := w.publish("week").Sources[0]
		at := func(h int, trouble string, seen ...string) {
			var found []digest.Article
			for _, s := range seen {
				found = append(found, digest.Article{SourceID: source.ID, Seen: s})
			}
			w.must(w.KeepFound(w.ctx, digest.SourceState{
				SourceID: source.ID, Checked: start.Add(time.Duration(h) * time.Hour), Took: time.Second, Entries: 9, Trouble: trouble,
			}, found))
		}
		at(1, "", "a", "b")
		at(2, "")
		at(3, "source.dns")
		w.same(value[[]digest.Visit](w)(w.Visits(w.ctx, source.ID, 9)), []digest.Visit{
			{SourceID: source.ID, At: start.Add(3 * time.Hour), Took: time.Second, Entries: 9, Trouble: "source.dns"},
			{SourceID: source.ID, At: start.Add(time.Hour), Took: time.Second, Entries: 9, New: 2},
		})
		w.must(w.Purge(w.ctx, start.Add(91*24*time.Hour)))
		w.same(value[[]digest.Visit](w)(w.Visits(w.ctx, source.ID, 9)), []digest.Visit(nil))
	},
	"an article that was edited is revised, and stands until it is read anew": func(w *world) {
		source := w.publish("week").Sources[0]
		a := w.marked(source, "a", "1")
		w.same(value[[]string](w)(w.Edited(w.ctx, source.ID, map[string]string{"a": "1", "b": "1"})), []string(nil))
		w.same(value[[]string](w)(w.Edited(w.ctx, source.ID, map[string]string{"a": "2", "b": "1"})), []string{"a"})
		w.must(w.KeepFound(w.ctx, digest.SourceState{SourceID: source.ID}, []digest.Article{edited(a, "Better", "2")}))
		w.same(value[[]string](w)(w.Edited(w.ctx, source.ID, map[string]string{"a": "2"})), []string(nil))
		standing := w.ready("week", start.Add(-time.Hour), start)
		if len(standing) != 1 || standing[0].ID != a.ID || standing[0].Title != "Better" || standing[0].Text != a.Text {
			w.Fatalf("%+v", standing)
		}
		waiting := value[[]digest.Article](w)(w.Waiting(w.ctx, "week", start))
		if len(waiting) != 1 || waiting[0].State != digest.ArticleRevised || string(waiting[0].Raw.Body) != "<p>new" {
			w.Fatalf("%+v", waiting)
		}
		read := extracted(waiting[0], a.Key, start)
		read.Title, read.Text = "Better", "Another text"
		w.must(w.SaveArticles(w.ctx, []digest.Article{read}))
		now := w.ready("week", start.Add(-time.Hour), start)
		if len(now) != 1 || now[0].Text != "Another text" || now[0].State != digest.ArticleExtracted || now[0].Mark != "2" {
			w.Fatalf("%+v", now)
		}
		w.same(value[[]digest.Revision](w)(w.Revisions(w.ctx, a.ID)), []digest.Revision{{Article: a.ID, Until: start, Title: a.Title, Text: a.Text}})
	},
	"an edited page that cannot be read any more leaves what was read": func(w *world) {
		source := w.publish("week").Sources[0]
		a := w.marked(source, "a", "1")
		w.must(w.KeepFound(w.ctx, digest.SourceState{SourceID: source.ID}, []digest.Article{edited(a, a.Title, "2")}))
		gone := value[[]digest.Article](w)(w.Waiting(w.ctx, "week", start))[0]
		gone.State, gone.Kind, gone.Text = digest.ArticleExtracted, digest.KindError, ""
		w.must(w.SaveArticles(w.ctx, []digest.Article{gone}))
		now := w.ready("week", start.Add(-time.Hour), start)
		if len(now) != 1 || now[0].Text != a.Text || now[0].Kind != digest.KindArticle || now[0].State != digest.ArticleExtracted {
			w.Fatalf("%+v", now)
		}
	},
	"a feed that changes with every visit is read anew five times": func(w *world) {
		source := w.publish("week").Sources[0]
		a := w.marked(source, "a", "0")
		for i := range 9 {
			w.clock.advance(time.Hour)
			w.must(w.KeepFound(w.ctx, digest.SourceState{SourceID: source.ID}, []digest.Article{edited(a, a.Title, string(rune('1'+i)))}))
		}
		if got := value[[]digest.Revision](w)(w.Revisions(w.ctx, a.ID)); len(got) != 5 {
			w.Fatalf("%d revisions", len(got))
		}
		w.clock.advance(15 * 24 * time.Hour)
		w.same(value[[]string](w)(w.Edited(w.ctx, source.ID, map[string]string{"a": "x"})), []string(nil))
	},
	"an edit that names no title leaves the one that was read": func(w *world) {
		source := w.publish("week").Sources[0]
		a := w.marked(source, "a", "1")
		w.must(w.KeepFound(w.ctx, digest.SourceState{SourceID: source.ID}, []digest.Article{edited(a, "", "2")}))
		if got := value[[]digest.Article](w)(w.Waiting(w.ctx, "week", start)); len(got) != 1 || got[0].Title != a.Title {
			w.Fatalf("%+v", got)
		}
	},
	"a text without a page is the same article whenever it changes": func(w *world) {
		source := w.publish("week").Sources[1]
		write := func(state digest.ArticleState, mark, text string) {
			w.must(w.KeepFound(w.ctx, digest.SourceState{SourceID: source.ID}, []digest.Article{{SourceID: source.ID, Seen: "un.txt",
				Mark: mark, Found: w.clock.Now(), State: state, Raw: digest.Raw{Type: "text/plain", Body: []byte(text)}}}))
			for _, a := range value[[]digest.Article](w)(w.Waiting(w.ctx, "week", w.clock.Now().Add(-14*24*time.Hour))) {
				a.State, a.Kind, a.Text, a.Key, a.Title = digest.ArticleExtracted, digest.KindArticle, string(a.Raw.Body), "hash:"+mark, "Un"
				w.must(w.SaveArticles(w.ctx, []digest.Article{a}))
			}
		}
		write(digest.ArticleFound, "0", "text 0")
		for _, mark := range []string{"1", "2", "3", "4", "5", "6", "7"} {
			w.clock.advance(10 * 24 * time.Hour)
			w.same(value[[]string](w)(w.Edited(w.ctx, source.ID, map[string]string{"un.txt": mark})), []string{"un.txt"})
			write(digest.ArticleRevised, mark, "text "+mark)
		}
		now := w.ready("week", start.Add(-time.Hour), w.clock.Now())
		if len(now) != 1 || now[0].Text != "text 7" || !now[0].Found.Equal(start.Add(60*24*time.Hour).Truncate(time.Microsecond)) { // of the week it was written anew for, the third time
			w.Fatalf("%+v", now)
		}
		said := value[[]digest.Revision](w)(w.Revisions(w.ctx, now[0].ID))
		if len(said) != 5 || said[4].Text != "text 6" || said[0].Text != "text 2" {
			w.Fatalf("%+v", said)
		}
	},
	"a page that cannot tell of edits is looked at again, ever more seldom": func(w *world) {
		source := w.publish("week").Sources[0]
		a := w.marked(source, "a", "")
		looks, text := []int{}, a.Text
		for hour := range 12 * 24 {
			w.clock.advance(time.Hour)
			for _, again := range value[[]digest.Article](w)(w.Waiting(w.ctx, "week", start)) {
				looks = append(looks, hour+1)
				if again.State != digest.ArticleRevised || again.ID != a.ID {
					w.Fatalf("%+v", again)
				}
				if len(looks) == 2 { // corrected meanwhile
					text = "Corrected"
				}
				if again.Text = " " + text; len(looks) == 3 { // not to be had any more
					again.Text, again.Kind = "", digest.KindError
				}
				again.State = digest.ArticleExtracted
				w.must(w.SaveArticles(w.ctx, []digest.Article{again}))
			}
		}
		w.same(looks, []int{20, 40, 80, 160})
		now := w.ready("week", start.Add(-time.Hour), w.clock.Now())
		if len(now) != 1 || now[0].Text != " Corrected" || now[0].Kind != digest.KindArticle {
			w.Fatalf("%+v", now)
		}
		w.same(value[[]digest.Revision](w)(w.Revisions(w.ctx, a.ID)), []digest.Revision{{Article: a.ID, Until: start.Add(40 * time.Hour), Title: a.Title, Text: a.Text}})
	},
	"coverage tells found from read from chosen": func(w *world) {
		n := w.publish("week")
		waiting := w.find(n.Sources[0], "a", "b", "c", "d")
		wall := extracted(waiting[2], "c", start)
		wall.Kind = digest.KindWall
		w.must(w.SaveArticles(w.ctx, []digest.Article{extracted(waiting[0], "a", start), extracted(waiting[1], "b", start), wall}))
		w.find(n.Sources[1], "e")
		_ = value[digest.Issue](w)(w.SaveIssue(w.ctx, digest.Issue{
			Newsletter: "week", Slot: "2026-11-23#1", State: digest.InReview, To: start,
			Sections: []digest.Section{{Items: []digest.Item{{Citations: []digest.Citation{{Article: waiting[0].ID}, {Article: waiting[0].ID}}}}}},
		}))
		w.same(value[map[string]digest.Coverage](w)(w.Coverage(w.ctx, "week", start.Add(-time.Hour))), map[string]digest.Coverage{
			n.Sources[0].ID: {Found: 4, Read: 2, Chosen: 1, Waiting: 1}, n.Sources[1].ID: {Found: 1, Waiting: 1},
		})
		w.clock.advance(2 * time.Hour) // they were tried, and could not be had
		w.same(value[map[string]digest.Coverage](w)(w.Coverage(w.ctx, "week", start.Add(-time.Hour))), map[string]digest.Coverage{
			n.Sources[0].ID: {Found: 4, Read: 2, Chosen: 1}, n.Sources[1].ID: {Found: 1},
		})
	},
}
