package collect

import (
	"net/url"
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

func FuzzPageLinks(f *testing.F) {
	for _, seed := range []string{
		frontPage, blog, `<base href="//["><article><h2><a href="/2026/11/20/un-deux-trois">Un deux trois</a></h2>`,
		`<base href="ftp://x/"><a href="?p=1">Un billet de quatre mots</a>`, `<link rel=alternate type=application/rss+xml href="//y/feed">`,
		`<a href="http://u:p@x.example/a/un-deux-trois#x">Quatre mots en titre</a>`, "<a href='/%zz'>", "<svg><a href=/a/b-c-d>Un deux trois quatre</a>",
	} {
		f.Add([]byte(seed), "/blog/* /2*/*/*")
	}
	f.Fuzz(func(t *testing.T, body []byte, shapes string) {
		got := fetch.Page{URL: "https://x.example/blog", ContentType: "text/html", Body: body}
		doc, base := parsePage(got)
		if doc == nil {
			return
		}
		links := articleLinks(doc, base, strings.Fields(shapes)...)
		if len(links) > maxLinks {
			t.Errorf("%d links", len(links))
		}
		seen := map[string]bool{}
		for _, l := range links {
			u, err := url.Parse(l.url)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Fragment != "" {
				t.Errorf("address %q, %v", l.url, err)
			}
			if seen[l.url] || l.title == "" || l.strength < 1 {
				t.Errorf("%+v", l)
			}
			seen[l.url] = true
		}
		if kept := shaped(links, strings.Join(learn(links), " "), link.address); len(links) > 0 && len(kept) == 0 {
			t.Error("what was learnt from the links fits none of them")
		}
		for _, feed := range append(alternates(doc, base), linkedFeeds(doc, base)...) {
			if !strings.HasPrefix(feed, "http://") && !strings.HasPrefix(feed, "https://") {
				t.Errorf("feed at %q", feed)
			}
		}
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(newsSitemap))
	f.Add([]byte(`<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2026</lastmod></sitemap>`))
	f.Add([]byte("\x1f\x8b"))
	f.Add([]byte(`<urlset><url><loc>javascript:x</loc></url><url><loc>//[</loc></url>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := parseSitemap(body)
		if err != nil && len(m.pages)+len(m.lists) > 0 {
			t.Error("pages of what is no sitemap")
		}
		base, _ := url.Parse("https://x.example/map.xml")
		for _, p := range youngest(m.pages, maxSitemapURLs) {
			if u, ok := sameSite(base, p.Loc); ok {
				found := p.find(u, tellingDates(m.pages))
				found.mark()
				a := found.article()
				if !strings.HasPrefix(a.URL, "http://") && !strings.HasPrefix(a.URL, "https://") {
					t.Errorf("address %q", a.URL)
				}
			}
		}
	})
}

// What is read of a list of sources is written, and reads back, the same.
func FuzzOPML(f *testing.F) {
	f.Add([]byte(`<opml><body><outline xmlUrl="https://x.example/feed" text="X &amp; Y" language="fr"/></body></opml>`))
	f.Add(WriteOPML("x", []digest.Source{{Kind: digest.SourcePage, URL: "https://x.example/", Links: "/a/*", Weight: 2, Images: true}}))
	f.Add(starter)
	f.Fuzz(func(t *testing.T, body []byte) {
		sources, err := ReadOPML(body)
		if err != nil && len(sources) > 0 {
			t.Error("sources of what is no list")
		}
		again, err := ReadOPML(WriteOPML("x", sources))
		if err != nil || len(again) != len(sources) {
			t.Fatalf("%d sources, %d after writing, %v", len(sources), len(again), err)
		}
		for i := range sources {
			if sources[i].URL != again[i].URL || sources[i].Kind != again[i].Kind {
				t.Errorf("%+v became %+v", sources[i], again[i])
			}
		}
	})
}
