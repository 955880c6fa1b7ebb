package collect

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// Every state of a source that an editor hears of, from what its site does.
func TestWhatASiteDoesIsAStateAnEditorUnderstands(t *testing.T) {
	released := make(chan struct{})
	defer close(released)
	url := serve(t, map[string]http.HandlerFunc{
		"/fine":       text("text/xml", rss(item(1), item(2), item(3))),
		"/silent":     text("text/xml", strings.ReplaceAll(rss(item(1), item(2), item(3)), "Nov 2026", "Oct 2026")),
		"/empty":      text("text/xml", rss()),
		"/undated":    text("text/xml", rss("<item><title>Un</title><link>/un</link></item>", "<item><title>Deux</title><link>/deux</link></item>")),
		"/html":       text("text/html", "<!doctype html><html><body>Bienvenue"),
		"/forbidden":  status(403),
		"/paid":       status(402),
		"/gone":       status(410),
		"/busy":       status(429, "Retry-After", "7200"),
		"/broken":     status(500),
		"/slow":       func(http.ResponseWriter, *http.Request) { <-released },
		"/robots.txt": text("text/plain", "User-agent: *\nDisallow: /closed\n"),
	})
	for path, want := range map[string]digest.Health{
		"/fine":      {Condition: digest.SourceFine},
		"/silent":    {Condition: digest.SourceSilent, Days: 33},
		"/empty":     {Condition: digest.SourceEmpty},
		"/undated":   {Condition: digest.SourceUndated},
		"/html":      {Condition: digest.SourceHTML},
		"/forbidden": {Condition: digest.SourceBlocked},
		"/paid":      {Condition: digest.SourceBlocked},
		"/gone":      {Condition: digest.SourceGone},
		"/busy":      {Condition: digest.SourceBusy},
		"/broken":    {Condition: digest.SourceFailing},
		"/slow":      {Condition: digest.SourceSlow},
	} {
		patience := time.Minute
		if path == "/slow" {
			patience = 100 * time.Millisecond
		}
		v := newVisitor(t, digest.SourceFeed, url+path, patience)
		v.visit(v.c.Articles)
		if got := v.state().Health(v.now); got != want {
			t.Errorf("%s: %+v, want %+v", path, got, want)
		}
	}
	v := newVisitor(t, digest.SourcePage, url+"/closed")
	if v.visit(v.c.Articles); v.state().Health(v.now).Condition != digest.SourceBlocked {
		t.Errorf("robots.txt: %+v", v.state())
	}
	v = newVisitor(t, digest.SourceFeed, url+"/fine")
	v.visit(v.c.Articles)
	late := v.state()
	late.Took = 10 * time.Second
	if got := late.Health(v.now); got.Condition != digest.SourceSlow {
		t.Errorf("an answer after ten seconds: %+v", got)
	}
}

// An entry pasted in from elsewhere has another encoding than the feed.
func TestAFeedOfMixedEncodingsIsReadThroughout(t *testing.T) {
	doc := rss("<item><title>L’été à Orléans — déjà</title><link>/1</link></item>", "<item><title>La rentr\xe9e \x96 enfin</title><link>/2</link></item>")
	for _, kind := range []string{"text/xml", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1"} {
		url := serve(t, map[string]http.HandlerFunc{"/": text(kind, doc)})
		v := newVisitor(t, digest.SourceFeed, url+"/")
		titles, _ := v.visit(v.c.Articles)
		if fmt.Sprint(titles) != "[L’été à Orléans — déjà La rentrée – enfin]" {
			t.Errorf("%s: %q", kind, titles)
		}
	}
}

// One accent in the feed's name is well encoded, the many of its entries are not.
func TestWhatClaimsToBeUTF8IsReadSoWhereverItCan(t *testing.T) {
	doc := "<?xml version='1.0' encoding='utf-8'?><rss><channel><title>Le Modèle</title><item><title>\xc9t\xe9 \xe0 Orl\xe9ans, enfin r\xe9par\xe9</title><link>/1</link></item></channel></rss>"
	url := serve(t, map[string]http.HandlerFunc{"/": text("text/xml", doc)})
	articles, _, err := newCollector(t, newLedger()).Articles(t.Context(), []digest.Source{{ID: "s", Kind: digest.SourceFeed, URL: url + "/"}})
	if err != nil || len(articles) != 1 || articles[0].Title != "Été à Orléans, enfin réparé" || articles[0].SourceName != "Le Modèle" {
		t.Errorf("%+v, %v", articles, err)
	}
}
