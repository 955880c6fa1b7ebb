package storetest

import (
	"slices"
	"time"

	"hebdo/internal/digest"
)

// read is an article of a date that its source shows, and that is read, now.
func (w *world) read(source digest.Source, seen string, published time.Time) digest.Article {
	w.Helper()
	waiting := w.find(source, seen)
	a := extracted(waiting[slices.IndexFunc(waiting, func(a digest.Article) bool { return a.Seen == seen })], "https://phare.example/"+seen, published)
	w.must(w.SaveArticles(w.ctx, []digest.Article{a}))
	return a
}

// issues gives what two issues in a row are made of, the first from a week ago
// until start, the second from then on, with what is a week older.
func (w *world) issues() (first, second []string) {
	w.Helper()
	const week = 168 * time.Hour
	one := digest.Issue{Newsletter: "week", From: start.Add(-week), To: start, Oldest: start.Add(-week)}
	two := digest.Issue{Newsletter: "week", From: start, To: start.Add(week), Oldest: start.Add(-week)}
	for i, issue := range []digest.Issue{one, two} {
		for _, a := range value[[]digest.Article](w)(w.Material(w.ctx, issue)) {
			if i == 0 {
				first = append(first, a.Seen)
			} else {
				second = append(second, a.Seen)
			}
		}
	}
	return first, second
}

// made compares what two issues in a row are made of with what they should be.
func (w *world) made(first, second []string) {
	w.Helper()
	one, two := w.issues()
	w.same(one, first)
	w.same(two, second)
}

var materialTests = map[string]func(*world){
	"what is found late, dated earlier, is of the next issue": func(w *world) {
		n := w.publish("week")
		w.read(n.Sources[0], "in time", start.Add(-time.Hour))
		w.made([]string{"in time"}, nil)
		w.clock.advance(time.Hour)
		w.read(n.Sources[0], "late", start.Add(-2*time.Hour))
		w.read(n.Sources[0], "a day without a time", start.Truncate(24*time.Hour))
		w.read(n.Sources[1], "of a new source", start.Add(-6*24*time.Hour))
		w.read(n.Sources[1], "of its archive", start.Add(-8*24*time.Hour))
		w.made([]string{"in time"}, []string{"late", "a day without a time", "of a new source"})
	},
	"a page that can be read only later is of the issue it can be read for": func(w *world) {
		a := w.find(w.publish("week").Sources[0], "a")[0]
		a.Published = start.Add(-time.Hour)
		w.must(w.SaveArticles(w.ctx, []digest.Article{a})) // tried in vain
		w.made(nil, nil)
		w.clock.advance(time.Hour)
		w.must(w.SaveArticles(w.ctx, []digest.Article{extracted(a, "a", a.Published)}))
		w.made(nil, []string{"a"})
	},
	"an article is of one issue, however often it is read": func(w *world) {
		a := w.read(w.publish("week").Sources[0], "a", start.Add(-time.Hour))
		w.clock.advance(time.Hour)
		a.Text, a.Published = "Corrected", start.Add(time.Minute)
		w.must(w.SaveArticles(w.ctx, []digest.Article{a}))
		w.made([]string{"a"}, nil)
	},
	"a wall that falls lets its article into the next issue": func(w *world) {
		source := w.publish("week").Sources[0]
		wall := extracted(w.find(source, "a")[0], "a", start.Add(-time.Hour))
		wall.Kind, wall.Text = digest.KindWall, ""
		w.must(w.SaveArticles(w.ctx, []digest.Article{wall}))
		w.made([]string{"a"}, nil) // to be told of as left out
		w.clock.advance(time.Hour)
		w.must(w.SaveArticles(w.ctx, []digest.Article{extracted(wall, "a", wall.Published)}))
		w.made(nil, []string{"a"})
	},
	"an article dated ahead is of the issue of its date": func(w *world) {
		a := w.read(w.publish("week").Sources[0], "a", start.Add(2*time.Hour))
		w.made(nil, []string{"a"})
		a.Text, a.Published = "Corrected", start // before that time has come
		w.must(w.SaveArticles(w.ctx, []digest.Article{a}))
		w.made([]string{"a"}, nil)
	},
	"one more name of an article does not make it new": func(w *world) {
		n := w.publish("week")
		a := w.read(n.Sources[0], "a", start.Add(-time.Hour))
		w.clock.advance(time.Hour)
		b := extracted(w.find(n.Sources[1], "b")[0], a.Key, a.Published)
		b.Title = a.Title
		w.must(w.SaveArticles(w.ctx, []digest.Article{b}))
		w.made([]string{"a"}, nil)
	},
	"an article without a date counts from when it was found": func(w *world) {
		source := w.publish("week").Sources[0]
		w.read(source, "a", time.Time{})
		w.clock.advance(time.Hour)
		w.read(source, "b", time.Time{})
		w.made([]string{"a"}, []string{"b"})
	},
	"a text dropped into a folder counts from when it was found": func(w *world) {
		a := extracted(w.find(w.publish("week").Sources[0], "an old essay")[0], "1", start.AddDate(-1, 0, 0))
		a.URL = ""
		w.must(w.SaveArticles(w.ctx, []digest.Article{a}))
		w.made([]string{"an old essay"}, nil)
	},
	"no newsletter has no material": func(w *world) {
		_, err := w.Material(w.ctx, digest.Issue{Newsletter: "none"})
		w.is(err, digest.ErrNotFound)
	},
}
