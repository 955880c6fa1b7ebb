package extract

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// tarpit answers at once, but at its own hosts only when nobody waits any more.
type tarpit struct{}

func (tarpit) Get(ctx context.Context, r fetch.Request) (fetch.Page, error) {
	if !strings.HasSuffix(r.URL, ".tarpit.example/") {
		page := "<p>" + strings.Repeat("A sentence that tells of a week in the news of machines that learn. ", 8) + "</p>"
		return fetch.Page{URL: r.URL, Status: 200, ContentType: "text/html", Body: []byte("<html><body><article><h1>A title of the week</h1>" + page + page + "</article></body></html>")}, nil
	}
	select {
	case <-ctx.Done():
		return fetch.Page{}, ctx.Err()
	case <-time.After(20 * time.Second):
		return fetch.Page{}, fetch.Failure{URL: r.URL, Kind: fetch.KindTimeout}
	}
}

// A feed of 500 entries, each at a host of its own that never answers, took
// three quarters of an hour at every round, before anything of the others was kept.
func TestOneSlowSourceHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var articles []digest.Article
		for n := range 500 {
			articles = append(articles, digest.Article{SourceID: "slow", SourceName: "Slow", URL: fmt.Sprintf("https://%d.tarpit.example/", n), State: digest.ArticleFound})
		}
		for n := range 20 {
			articles = append(articles, digest.Article{SourceID: "quick", SourceName: "Quick", URL: fmt.Sprintf("https://quick.example/news/%d", n), State: digest.ArticleFound})
		}
		begun := time.Now()
		out, notes, err := New(tarpit{}, Options{Now: time.Now}).Fill(t.Context(), articles)
		if err != nil || len(out) != len(articles) {
			t.Fatal(len(out), err)
		}
		if took := time.Since(begun); took > 10*time.Minute {
			t.Errorf("the round took %v", took)
		}
		for i, a := range out {
			if a.URL != articles[i].URL {
				t.Fatalf("%s stands in the place of %s", a.URL, articles[i].URL)
			}
			if quick := a.SourceID == "quick"; quick != (a.State == digest.ArticleExtracted) {
				t.Errorf("%s is %s", a.URL, a.State)
			}
		}
		var slow []digest.Note
		for _, n := range notes {
			if n.Code == "source.slow" {
				slow = append(slow, n)
			}
		}
		if len(slow) != 1 || slow[0].Where != "Slow" || slow[0].Detail == "0" {
			t.Errorf("noted: %v", slow)
		}
	})
}

func TestSourcesTakeTurns(t *testing.T) {
	var articles []digest.Article
	for _, source := range strings.Fields("a a a b a c c") {
		articles = append(articles, digest.Article{SourceID: source})
	}
	if got := fmt.Sprint(turns(articles)); got != "[0 3 5 1 6 2 4]" {
		t.Error(got)
	}
}
