package collect

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// theWeb answers for every host with its own pages: "host/path".
type theWeb struct {
	pages map[string]http.HandlerFunc
	asked []string
}

func (w *theWeb) RoundTrip(r *http.Request) (*http.Response, error) {
	at := r.URL.Host + r.URL.Path
	w.asked = append(w.asked, at)
	rec := httptest.NewRecorder()
	if page := w.pages[at]; page != nil {
		page(rec, r)
	} else {
		rec.WriteHeader(http.StatusNotFound)
	}
	answer := rec.Result()
	answer.Request = r
	return answer, nil
}

func discoverer(t *testing.T, pages map[string]http.HandlerFunc) (*Collector, *theWeb) {
	t.Helper()
	web := &theWeb{pages: pages}
	now := func() time.Time { return monday }
	client := fetch.New(fetch.Options{UserAgent: "HebdoTest/1.0", Interval: -1, Retries: -1, Transport: web, Now: now})
	t.Cleanup(client.Close)
	return New(client, newLedger(), Options{Now: now, NewID: func() string { return "id" }}), web
}

func page(head, body string) http.HandlerFunc {
	return text("text/html; charset=utf-8", "<!doctype html><html><head><title>Le Labo</title>"+head+"</head><body>"+body+"</body></html>")
}

func feedLink(href string) string {
	return `<link rel="alternate" type="application/rss+xml" href="` + href + `">`
}

// blog is a page without a feed.
var blog = func() string {
	var b strings.Builder
	for i := range 12 {
		fmt.Fprintf(&b, `<div class="p"><a href="/research/a-paper-on-models-%d">A paper on models number %d</a></div>`, i, i)
	}
	return b.String() + `<a href="/careers/open-roles">See all of our open roles here</a>`
}()

func TestOneLineFindsTheSource(t *testing.T) {
	feed := text("text/xml", rss(item(1), item(2)))
	other := text("text/xml", rss(item(3)))
	sitemap := text("text/xml", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://lab.example/a/one-two-three</loc></url></urlset>`)
	folder := t.TempDir()
	for name, c := range map[string]struct {
		given string
		pages map[string]http.HandlerFunc
		want  []string // kind, address, shape; "!" where it is sure
	}{
		"a feed":               {"https://lab.example/feed", map[string]http.HandlerFunc{"lab.example/feed": feed}, []string{"!feed https://lab.example/feed"}},
		"without a scheme":     {"lab.example/feed", map[string]http.HandlerFunc{"lab.example/feed": feed}, []string{"!feed https://lab.example/feed"}},
		"the feed scheme":      {"feed://lab.example/feed", map[string]http.HandlerFunc{"lab.example/feed": feed}, []string{"!feed https://lab.example/feed"}},
		"a feed that moved":    {"https://lab.example/old", map[string]http.HandlerFunc{"lab.example/old": status(301, "Location", "/feed"), "lab.example/feed": feed}, []string{"!feed https://lab.example/feed"}},
		"a page that names it": {"https://lab.example/", map[string]http.HandlerFunc{"lab.example/": page(feedLink("/feed"), ""), "lab.example/feed": feed}, []string{"!feed https://lab.example/feed"}},
		"two feeds, and comments": {"https://lab.example/", map[string]http.HandlerFunc{
			"lab.example/":              page(feedLink("/comments/feed")+feedLink("/feed")+feedLink("/atom")+feedLink("/en"), ""),
			"lab.example/comments/feed": text("text/xml", rss(item(9))), "lab.example/feed": feed, "lab.example/atom": feed, "lab.example/en": other,
		}, []string{"feed https://lab.example/feed", "feed https://lab.example/en", "feed https://lab.example/comments/feed"}},
		"a page that names a dead one and links to another": {"https://lab.example/", map[string]http.HandlerFunc{
			"lab.example/": page(feedLink("/dead"), `<a href="/flux/tout.xml">RSS</a>`), "lab.example/flux/tout.xml": feed,
		}, []string{"!feed https://lab.example/flux/tout.xml"}},
		"a page that hides it": {"https://lab.example/blog", map[string]http.HandlerFunc{
			"lab.example/blog": page(`<meta name="generator" content="WordPress 6.5">`, blog), "lab.example/feed/": feed,
		}, []string{"!feed https://lab.example/feed/"}},
		"a part of a site whose feed nothing names": {"https://lab.example/blog", map[string]http.HandlerFunc{
			"lab.example/blog": page("", blog), "lab.example/blog/feed.xml": feed, "lab.example/feed": other,
		}, []string{"!feed https://lab.example/blog/feed.xml"}},
		"a category, before the whole site": {"https://lab.example/category/ai/", map[string]http.HandlerFunc{
			"lab.example/category/ai/":      page(feedLink("/feed/")+feedLink("/comments/feed/")+feedLink("/category/ai/feed/"), ""),
			"lab.example/category/ai/feed/": other, "lab.example/feed/": feed, "lab.example/comments/feed/": text("text/xml", rss(item(9))),
		}, []string{"feed https://lab.example/category/ai/feed/", "feed https://lab.example/feed/", "feed https://lab.example/comments/feed/"}},
		"a page closed to programs, whose feed is open": {"https://lab.example/news/", map[string]http.HandlerFunc{
			"lab.example/news/": status(403), "lab.example/news/rss.xml": feed,
		}, []string{"!feed https://lab.example/news/rss.xml"}},
		"a page closed to programs, on a site with a feed": {"https://lab.example/news/", map[string]http.HandlerFunc{
			"lab.example/news/": status(403), "lab.example/rss.xml": feed,
		}, []string{"feed https://lab.example/rss.xml"}},
		"a page made by scripts, and its part of the sitemap": {"https://lab.example/blog", map[string]http.HandlerFunc{
			"lab.example/blog": page("", `<div id="root"></div>`), "lab.example/sitemap.xml": text("text/xml", `<urlset>`+
				`<url><loc>https://lab.example/careers/a-place-for-you</loc></url><url><loc>https://lab.example/blog/2026/11/one-two-three</loc></url></urlset>`),
		}, []string{"sitemap https://lab.example/sitemap.xml /blog/**"}},
		"a sitemap that is a plain list": {"https://lab.example/map.txt", map[string]http.HandlerFunc{
			"lab.example/map.txt": text("text/plain", "https://lab.example/a/one-two-three\r\nhttps://lab.example/a/four-five-six\r\n"),
		}, []string{"!sitemap https://lab.example/map.txt"}},
		"a repository with tags alone": {"git@github.com:lab/model.git", map[string]http.HandlerFunc{
			"github.com/lab/model/releases.atom": text("text/xml", entries()), "github.com/lab/model/tags.atom": feed,
		}, []string{"!feed https://github.com/lab/model/tags.atom"}},
		"somebody on another server": {"@ana@lab.example", map[string]http.HandlerFunc{"lab.example/@ana.rss": feed}, []string{"!feed https://lab.example/@ana.rss"}},
		"a video channel": {"https://www.youtube.com/@lab", map[string]http.HandlerFunc{
			"www.youtube.com/@lab":             page("", `<script>{"channelId":"UCZHmQk67mSJgfCCTn7xBfew"}</script>`),
			"www.youtube.com/feeds/videos.xml": feed,
		}, []string{"!feed https://www.youtube.com/feeds/videos.xml?channel_id=UCZHmQk67mSJgfCCTn7xBfew"}},
		"a page without a feed": {"https://lab.example/research", map[string]http.HandlerFunc{
			"lab.example/research": page("", blog), "lab.example/robots.txt": text("text/plain", "Sitemap: https://lab.example/map.xml\nSitemap: https://lab.example/news-map.xml"), "lab.example/news-map.xml": sitemap, "lab.example/map.xml": sitemap,
		}, []string{"page https://lab.example/research /research/*", "sitemap https://lab.example/news-map.xml", "sitemap https://lab.example/map.xml"}},
		"a sitemap": {"https://lab.example/map.xml", map[string]http.HandlerFunc{"lab.example/map.xml": sitemap}, []string{"!sitemap https://lab.example/map.xml"}},
		"a place":   {"https://github.com/lab/model", map[string]http.HandlerFunc{"github.com/lab/model/releases.atom": feed}, []string{"!feed https://github.com/lab/model/releases.atom"}},
		"a place that has changed": {"https://github.com/lab/model", map[string]http.HandlerFunc{
			"github.com/lab/model": page(feedLink("/lab/model/new.atom"), ""), "github.com/lab/model/new.atom": feed,
		}, []string{"!feed https://github.com/lab/model/new.atom"}},
		"a folder": {folder, nil, []string{"!folder " + folder}},
	} {
		collector, web := discoverer(t, c.pages)
		found, err := collector.Discover(t.Context(), c.given)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, f := range found {
			line := strings.TrimSpace(string(f.Source.Kind) + " " + f.Source.URL + " " + f.Source.Links)
			if f.Sure {
				line = "!" + line
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(web.asked) > 14 {
			t.Errorf("%s: %d requests", name, len(web.asked))
		}
	}
}

func TestASiteWithoutEncryptionIsFoundWhereNobodySaidHTTPS(t *testing.T) {
	at := serve(t, map[string]http.HandlerFunc{"/feed": text("text/xml", rss(item(1)))}) + "/feed"
	c := newCollector(t, newLedger())
	found, err := c.Discover(t.Context(), strings.TrimPrefix(at, "http://"))
	if err != nil || len(found) != 1 || found[0].Source.URL != at {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := c.Discover(t.Context(), strings.Replace(at, "http:", "https:", 1)); err == nil {
		t.Error("who said https was led to http")
	}
}

func TestASitemapGivesThePartOfTheSiteThatIsMeant(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/map.xml": text("text/xml", `<urlset><url><loc>/jobs/one</loc></url><url><loc>/blog/2026/two</loc></url><url><loc>/blog/three</loc></url></urlset>`)})
	for shape, want := range map[string]int{"/blog/**": 2, "/blog/*": 1, "/rebuilt/*": 3, "": 3} {
		source := digest.Source{ID: "s", Kind: digest.SourceSitemap, URL: url + "/map.xml", Links: shape}
		articles, _, err := newCollector(t, newLedger()).Articles(t.Context(), []digest.Source{source})
		if err != nil || len(articles) != want {
			t.Errorf("%q: %d articles, want %d; %v", shape, len(articles), want, err)
		}
	}
}

func TestAnAddressThatLeadsToNothing(t *testing.T) {
	c, _ := discoverer(t, map[string]http.HandlerFunc{"lab.example/": page("", "<p>Bonjour")})
	if _, err := c.Discover(t.Context(), "https://lab.example/"); !errors.Is(err, ErrNoSource) {
		t.Errorf("%v", err)
	}
	var f fetch.Failure
	for _, given := range []string{"https://lab.example/nothing", "not an address", "ftp://lab.example/", "", "example"} {
		if _, err := c.Discover(t.Context(), given); !errors.As(err, &f) {
			t.Errorf("%q: %v", given, err)
		}
	}
}

func TestAShapeKeepsWhatThePageLearntToBeArticles(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/research": page("", blog)})
	v := newVisitor(t, digest.SourcePage, url+"/research")
	v.source.Links = "/research/*"
	if titles, _ := v.visit(v.c.Articles); len(titles) != 12 || strings.Contains(strings.Join(titles, "\n"), "roles") {
		t.Errorf("%q", titles)
	}
	v = newVisitor(t, digest.SourcePage, url+"/research")
	v.source.Links = "/posts/*" // before the site was rebuilt
	if titles, _ := v.visit(v.c.Articles); len(titles) < 12 {
		t.Errorf("%q", titles)
	}
}
