package web

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"hebdo/internal/digest"
)

// sorter joins stories as the contract says: under the ID of the one that
// stands first. The rest it takes for done.
type sorter struct{ *house }

func (s sorter) Join(_ context.Context, id string, _ int, story, with, _ string) error {
	issue, seen := s.issues[id], false
	for n := range issue.Sections {
		issue.Sections[n].Items = slices.DeleteFunc(slices.Clone(issue.Sections[n].Items), func(it digest.Item) bool {
			one := it.Story == story || it.Story == with
			gone := one && seen
			seen = seen || one
			return gone
		})
	}
	return nil
}

func (s sorter) Part(context.Context, string, int, string, string, string) error { return nil }

func (s sorter) Place(context.Context, string, int, string, string, string) error { return nil }

func (s sorter) Order(context.Context, string, int, string, string, bool, string) error { return nil }

// Each of these once led to the head of the contents, in the main language,
// with the word on what was done a page above: of forty stories the editor had
// to find the one at hand again.
func TestSortingLeadsBackToTheStoryInTheEditionAtHand(t *testing.T) {
	h := furnished(t)
	b := open(t, h, func(o *Options) { o.Sorting = sorter{h} }).logIn()
	page := "/desk/issues/" + h.in(digest.InReview).ID
	b.get(page+"?edition=en/short").want(t, http.StatusOK, `id="story-s4"`, `name="edition" value="en/short"`, `<h3 lang="en">Models`)
	for _, act := range []string{"part", "place"} {
		b.post(page+"/stories/"+act, "version", "3", "edition", "en/short", "story", "s4").wantGone(t, page+"?edition=en%2Fshort#story-s4")
	}
	b.get(page+"?edition=en%2Fshort").want(t, http.StatusOK, "Marée 2 opens its weights", `<p class="said" role="status">`)
	b.post(page+"/stories/join", "version", "3", "edition", "en/short", "story", "s3", "with", "s1").wantGone(t, page+"?edition=en%2Fshort#story-s1")
	b.post(page+"/stories/part", "version", "3", "story", "s9").wantGone(t, page+"#contents")
}

// Each button of the order has a name that says what it moves, leads back to
// itself so that it can be pressed again, and is off where there is no further.
func TestTheOrderIsChangedByButtons(t *testing.T) {
	h := furnished(t)
	b := open(t, h, func(o *Options) { o.Sorting = sorter{h} }).logIn()
	issue := h.in(digest.InReview)
	page := "/desk/issues/" + issue.ID
	theme, story := issue.Sections[0].Theme.ID, issue.Sections[0].Items[0].Story
	next := issue.Sections[0].Items[1].Story
	b.get(page).want(t, http.StatusOK,
		`id="up-`+story+`" disabled aria-label="Monter : `, `id="down-`+story+`" aria-label="Descendre : `, `id="up-`+next+`" aria-label`,
		`id="theme-up-`+theme+`" disabled aria-label`, `id="theme-down-`+theme+`" aria-label`)
	b.post(page+"/stories/order", "version", "3", "edition", "en/short", "theme", theme, "story", next, "to", "up").wantGone(t, page+"?edition=en%2Fshort#up-"+next)
	b.post(page+"/stories/order", "version", "3", "theme", theme, "to", "down").wantGone(t, page+"#theme-down-"+theme)
	b.post(page+"/stories/order", "version", "3", "theme", theme, "to", "out").want(t, http.StatusBadRequest)
	b.post(page+"/stories/order", "version", "2x", "theme", theme, "to", "up").want(t, http.StatusBadRequest)
	b.get("/desk/issues/"+h.in(digest.Approved).ID).want(t, http.StatusOK, "le ramène en relecture")
}
