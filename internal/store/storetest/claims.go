package storetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// claiming is what extraction makes of an article whose page names an address.
func claiming(a digest.Article, address, title string) digest.Article {
	found := a.URL
	a = extracted(a, address, start)
	a.URL, a.Title = address, title
	if address != found {
		a.Aliases = append(a.Aliases, found)
	}
	return a
}

// prose is a text that has hardly a phrase in common with another's.
func prose(about string) string {
	var b strings.Builder
	for i := range 80 {
		fmt.Fprintf(&b, "%s%d ", about, i)
	}
	return b.String()
}

// addresses says where readers find each article, in the order of its name.
func (w *world) addresses() []string {
	w.Helper()
	var all []string
	for _, a := range w.ready("week", start.Add(-time.Hour), w.clock.Now()) {
		if a.Text == "" || slices.Contains(a.Aliases, a.URL) {
			w.Fatalf("kept as %+v", a)
		}
		all = append(all, a.Seen+" "+strings.TrimPrefix(a.URL, "https://phare.example/"))
	}
	slices.Sort(all)
	return all
}

const listOfPosts = "https://phare.example/blog/"

var claimTests = map[string]func(*world){
	"posts that all name the list of posts are each kept, whatever their order": func(w *world) {
		source := w.publish("week").Sources[0]
		found := w.find(source, "a", "b", "c")
		for _, i := range []int{2, 0, 1} {
			found[i] = claiming(found[i], listOfPosts, "Title of "+found[i].Seen)
		}
		w.must(w.SaveArticles(w.ctx, []digest.Article{found[2], found[0], found[1]}))
		w.same(w.addresses(), []string{"a a", "b b", "c c"})
		next := w.find(source, "d")
		w.must(w.SaveArticles(w.ctx, []digest.Article{claiming(next[0], listOfPosts, "Title of d")}))
		w.same(w.addresses(), []string{"a a", "b b", "c c", "d d"})

		for i := range found { // as a page that was edited is
			found[i].Text = "An edited text"
		}
		w.must(w.SaveArticles(w.ctx, found))
		w.same(w.addresses(), []string{"a a", "b b", "c c", "d d"})
	},
	"the first post that named the list of posts gets its address back when the next comes": func(w *world) {
		source := w.publish("week").Sources[0]
		a := w.find(source, "https://phare.example/a")[0]
		a.URL = a.Seen // as of a feed without names
		w.must(w.SaveArticles(w.ctx, []digest.Article{claiming(a, listOfPosts, "One")}))
		b := w.find(source, "b")[0]
		w.must(w.SaveArticles(w.ctx, []digest.Article{claiming(b, listOfPosts, "Two")}))
		w.same(w.addresses(), []string{"b b", "https://phare.example/a a"})
	},
	"a post that two sources show is one, though it names the list of posts": func(w *world) {
		n := w.publish("week")
		w.find(n.Sources[0], "a", "b")
		var all []digest.Article
		for _, a := range w.find(n.Sources[1], "a", "b") {
			all = append(all, claiming(a, listOfPosts, "Title of "+a.Seen))
		}
		w.must(w.SaveArticles(w.ctx, all))
		w.same(w.addresses(), []string{"a a", "b b"})
	},
	"texts tell whether two articles are one, headlines where there is little text": func(w *world) {
		source := w.publish("week").Sources[0]
		for i, c := range []struct {
			titles, texts [2]string
			articles      int
		}{
			{[2]string{"Le port ouvre", "Le port a ouvert"}, [2]string{prose("port"), prose("port") + "mis à jour"}, 1},
			{[2]string{"La semaine", "La semaine"}, [2]string{prose("port"), prose("pont")}, 2},
			{[2]string{"Le port ouvre", "LE PORT OUVRE !"}, [2]string{prose("port"), "Les premiers mots."}, 1},
			{[2]string{"Le port ouvre", "Le pont ferme"}, [2]string{prose("port"), "Les premiers mots."}, 2},
		} {
			before := len(w.addresses())
			names := []string{fmt.Sprintf("a%d", i), fmt.Sprintf("b%d", i)}
			found := w.find(source, names...)
			for j := range found {
				found[j] = claiming(found[j], fmt.Sprintf("https://phare.example/%d", i), c.titles[j])
				found[j].Text = c.texts[j]
			}
			w.must(w.SaveArticles(w.ctx, found))
			if got := len(w.addresses()) - before; got != c.articles {
				w.Errorf("case %d: %d articles, want %d", i, got, c.articles)
			}
		}
	},
	"an address is the article's that was had there, not that of a page that names it": func(w *world) {
		found := w.find(w.publish("week").Sources[0], "a", "b")
		w.must(w.SaveArticles(w.ctx, []digest.Article{claiming(found[0], found[1].URL, "Wrong"), claiming(found[1], found[1].URL, "Right")}))
		got := w.ready("week", start.Add(-time.Hour), start)
		for _, a := range got {
			if a.Key != "https://phare.example/"+a.Seen || a.URL != a.Key {
				w.Errorf("%s is kept as %s, at %s", a.Seen, a.Key, a.URL)
			}
		}
		w.same(len(got), 2)
	},
	"an AMP page that names its article is the article": func(w *world) {
		found := w.find(w.publish("week").Sources[0], "a", "a/amp", "print/a")
		for i := range found {
			found[i] = claiming(found[i], "https://phare.example/a", "Le port ouvre")
		}
		slices.Reverse(found)
		w.must(w.SaveArticles(w.ctx, found))
		w.same(w.addresses(), []string{"a a"})
	},
}
