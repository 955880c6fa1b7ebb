package extract

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

const bridge = "https://gazette.example/ponts/recouvrance"

// bridgePage is an article with what its head and its body say of it.
func bridgePage(head, body string) []byte {
	return []byte(`<!DOCTYPE html><html lang="fr"><head><title>Le pont de Recouvrance rouvre lundi | La Gazette</title>` + head + `</head><body>` + body + `</body></html>`)
}

func TestMicrodataIsUsedDirectly(t *testing.T) {
	page := bridgePage("", `<article itemscope itemtype="https://schema.org/NewsArticle">
<meta itemscope itemprop="mainEntityOfPage" itemid="`+bridge+`">
<h1 itemprop="headline">Le pont de Recouvrance rouvre lundi</h1>
<div itemprop="author creator" itemscope itemtype="https://schema.org/Person"><a itemprop="url" href="/a/7"><span itemprop="name">Nolwenn Le Bris</span></a><span itemprop="jobTitle">grand reporter</span></div>
<div itemprop="image" itemscope itemtype="https://schema.org/ImageObject"><img src="/pont-small.jpg" alt="Le pont levé"><meta itemprop="url" content="/pont.jpg"><meta itemprop="width" content="1600"><meta itemprop="height" content="900"></div>
<meta itemprop="datePublished" content="2026-02-10T07:30:00+01:00"><meta itemprop="dateModified" content="2026-02-10T09:00:00+01:00">
<div itemprop="publisher" itemscope itemtype="https://schema.org/Organization"><meta itemprop="name" content="La Gazette des Quais"></div>
<div itemprop="articleBody">`+prose(5)+`</div></article>
<ul><li itemscope itemtype="http://schema.org/Article"><a itemprop="url" href="/x"><span itemprop="headline">Une tempête est attendue mercredi sur le littoral</span></a><meta itemprop="datePublished" content="2026-02-11T08:00:00+01:00"><meta itemprop="author" content="Jean Autret"></li></ul>`)
	a, err := Page(page, bridge, Hint{Zone: paris(t)})
	if err != nil {
		t.Fatal(err)
	}
	want := digest.Article{
		Title: "Le pont de Recouvrance rouvre lundi", Authors: []string{"Nolwenn Le Bris"}, Site: "La Gazette des Quais",
		Image: "https://gazette.example/pont.jpg", Picture: digest.Picture{Width: 1600, Height: 900},
		Published: time.Date(2026, 2, 10, 7, 30, 0, 0, paris(t)), Modified: time.Date(2026, 2, 10, 9, 0, 0, 0, paris(t)),
	}
	got := digest.Article{Title: a.Title, Authors: a.Authors, Site: a.Site, Image: a.Image, Picture: a.Picture, Published: a.Published, Modified: a.Modified}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestJSONWithStrayCommasIsRead(t *testing.T) {
	page := `<html lang="fr"><head><title>Le pont rouvre lundi</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Le pont rouvre lundi","author":[{"@type":"Person","name":"Inès Daoud"},],}</script></head><body><article><h1>Le pont rouvre lundi</h1>` + prose(4) + `</article></body></html>`
	if a, err := Page([]byte(page), "https://gazette.example/pont", Hint{}); err != nil || len(a.Authors) != 1 || a.Authors[0] != "Inès Daoud" {
		t.Errorf("%q, %v", a.Authors, err)
	}
}

func TestFieldsThatContradictThePageLose(t *testing.T) {
	visible := `<article><h1>Le pont de Recouvrance rouvre lundi</h1><p class="byline">Par Nolwenn Le Bris, publié le 10 février 2026 à 07h30</p>` + prose(5) + `</article>`
	other := `<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Une tempête est attendue mercredi sur le littoral","author":{"@type":"Person","name":"Jean Autret"},"datePublished":"2026-01-03T08:00:00+01:00","image":"https://gazette.example/tempete.jpg"}</script>`
	for name, c := range map[string]struct{ head, body string }{
		"JSON-LD of another article":   {other, visible},
		"a list of other articles":     {`<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"Une tempête est attendue mercredi","author":"Jean Autret","datePublished":"2026-01-03"}]}</script>`, visible},
		"microdata of another article": {"", visible + `<div itemscope itemtype="http://schema.org/Article"><span itemprop="headline">Une tempête est attendue mercredi</span><span itemprop="author">Jean Autret</span><meta itemprop="datePublished" content="2026-01-03"></div>`},
		"og:title of another article":  {`<meta property="og:title" content="Une tempête est attendue mercredi">`, visible},
		"a date that lies ahead":       {`<meta property="article:published_time" content="2031-01-03T08:00:00+01:00">`, visible},
		"JSON-LD that lies ahead":      {`<script type="application/ld+json">{"@type":"NewsArticle","headline":"Le pont de Recouvrance rouvre lundi","datePublished":"2031-01-03T08:00:00+01:00","dateModified":"2031-01-03T08:00:00+01:00"}</script>`, visible},
		"microdata that lies ahead":    {"", strings.Replace(visible, "<article>", `<article itemscope itemtype="http://schema.org/Article"><meta itemprop="datePublished" content="2031-01-03"><meta itemprop="headline" content="Le pont de Recouvrance rouvre lundi">`, 1)},
	} {
		r, err := Read(bridgePage(c.head, c.body), bridge, Hint{Zone: paris(t), Now: time.Date(2026, 2, 12, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		a := r.Article
		if a.Title != "Le pont de Recouvrance rouvre lundi" || cmp.Diff([]string{"Nolwenn Le Bris"}, a.Authors) != "" || a.Image != "" || !a.Modified.IsZero() ||
			a.Published.Format(time.RFC3339) != "2026-02-10T07:30:00+01:00" {
			t.Errorf("%s: %q %q %s %q %s\n%s", name, a.Title, a.Authors, a.Published, a.Image, a.Modified, strings.Join(r.Reasons, "\n"))
		}
	}
}

func TestAClaimFitsByItsHeadlineOrItsAddress(t *testing.T) {
	m := meta{h1: []string{"La Gazette", "Pourquoi le pont rouvre enfin"}, title: "Le pont rouvre enfin : pourquoi", site: "La Gazette", canonical: bridge}
	for name, c := range map[string]struct {
		of   claim
		fits bool
	}{
		"the headline":                   {claim{from: "JSON-LD", headline: "Pourquoi le pont rouvre enfin"}, true},
		"a headline for search engines":  {claim{from: "JSON-LD", headline: "Le pont rouvre enfin, voici pourquoi"}, true},
		"another headline":               {claim{from: "JSON-LD", headline: "Une tempête est attendue"}, false},
		"another headline, this address": {claim{from: "JSON-LD", headline: "Recouvrance, enfin", addresses: []string{"http://www.gazette.example/ponts/recouvrance/"}}, true},
		"another headline, home page":    {claim{from: "JSON-LD", headline: "Une tempête est attendue", addresses: []string{"https://gazette.example/"}}, false},
		"a rubric as headline":           {claim{from: "microdata", headline: "Économie"}, false},
		"no headline":                    {claim{from: "JSON-LD"}, true},
		"an item elsewhere":              {claim{from: "microdata", addresses: []string{"https://gazette.example/x"}}, false},
	} {
		if got := m.fits(c.of, bridge, Hint{}); got != c.fits {
			t.Errorf("%s: %v", name, got)
		}
	}
	if m := (meta{h1: []string{"La Gazette"}, site: "La Gazette"}); !m.fits(claim{headline: "Une tempête est attendue"}, "", Hint{}) {
		t.Error("nothing to compare with, and yet it is refused")
	}
}
