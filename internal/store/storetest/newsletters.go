package storetest

import (
	"strings"

	"hebdo/internal/digest"
)

var newsletterTests = map[string]func(*world){
	"a newsletter comes back as it was kept": func(w *world) {
		want := letter("week")
		w.must(w.SaveNewsletter(w.ctx, want))
		got := value[digest.Newsletter](w)(w.Newsletter(w.ctx, "week"))
		for i := range want.Sources {
			if got.Sources[i].ID == "" {
				w.Fatalf("source %d has no ID", i)
			}
			want.Sources[i].ID, want.Sources[i].Newsletter = got.Sources[i].ID, "week"
		}
		w.same(got, want)
		w.same(value[[]digest.Newsletter](w)(w.Newsletters(w.ctx)), []digest.Newsletter{want})
		w.same(value[[]digest.Source](w)(w.Sources(w.ctx, "week")), want.Sources)
	},
	"an empty newsletter comes back": func(w *world) {
		w.must(w.SaveNewsletter(w.ctx, digest.Newsletter{Slug: "bare"}))
		w.same(value[digest.Newsletter](w)(w.Newsletter(w.ctx, "bare")), digest.Newsletter{Slug: "bare"})
	},
	"a newsletter nobody kept is not found": func(w *world) {
		_, err := w.Newsletter(w.ctx, "none")
		w.is(err, digest.ErrNotFound)
	},
	"kept twice is the same as once": func(w *world) {
		first := w.publish("week")
		w.same(w.publish("week"), first)
	},
	"a source named again keeps its ID and state, whatever else changed": func(w *world) {
		n := w.publish("week")
		feed := n.Sources[0]
		state := digest.SourceState{SourceID: feed.ID, Title: "Le Phare", ETag: `"1"`, Checked: w.clock.Now(), Failures: 2, Trouble: "HTTP 500"}
		w.must(w.KeepFound(w.ctx, state, []digest.Article{{SourceID: feed.ID, Seen: "a"}}))

		n.Sources = n.Sources[1:]
		w.must(w.SaveNewsletter(w.ctx, n))
		if got := value[[]digest.Source](w)(w.Sources(w.ctx, "week")); len(got) != 2 {
			w.Fatalf("%d sources after one was taken away", len(got))
		}
		if got := value[[]digest.SourceState](w)(w.SourceStates(w.ctx, "week")); len(got) != 2 {
			w.Fatalf("%d states after one was taken away", len(got))
		}
		if got := value[[]digest.Article](w)(w.Waiting(w.ctx, "week", start)); len(got) != 1 {
			w.Fatalf("%d articles: they do not go with their source", len(got))
		}

		feed.Weight, feed.Name = 3, "Le Grand Phare"
		n.Sources = append(n.Sources, feed)
		w.must(w.SaveNewsletter(w.ctx, n))
		w.same(value[[]digest.Source](w)(w.Sources(w.ctx, "week")), n.Sources)
		states := value[[]digest.SourceState](w)(w.SourceStates(w.ctx, "week"))
		w.same(states, []digest.SourceState{{SourceID: n.Sources[0].ID}, {SourceID: n.Sources[1].ID}, state})
		w.same(value[digest.SourceState](w)(w.SourceState(w.ctx, feed.ID)), state)
	},
	"two newsletters may read one source": func(w *world) {
		a, b := w.publish("a"), w.publish("b")
		if a.Sources[0].ID == b.Sources[0].ID {
			w.Fatal("they share its ID: what one has seen, the other would miss")
		}
	},
	"a source named twice is refused, and nothing kept": func(w *world) {
		n := letter("week")
		n.Sources = append(n.Sources, n.Sources[0])
		err := w.SaveNewsletter(w.ctx, n)
		if err == nil || !strings.Contains(err.Error(), n.Sources[0].URL) {
			w.Fatalf("error is %v: it has to name the source", err)
		}
		_, err = w.Newsletter(w.ctx, "week")
		w.is(err, digest.ErrNotFound)
	},
}
