package collect

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// urlset is a sitemap of so many pages, each with its own date of change.
func urlset(lastMod func(i int) string) string {
	var b strings.Builder
	for i := range 10 {
		fmt.Fprintf(&b, `<url><loc>/a/%d</loc><lastmod>%s</lastmod></url>`, i, lastMod(i))
	}
	return `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + b.String() + `</urlset>`
}

// revised gives the addresses, without the site, of what a visit revises.
func (v *visitor) revised() (addresses []string) {
	v.Helper()
	n := len(v.memory.kept)
	v.visit(v.c.Articles)
	for _, a := range v.memory.kept[n:] {
		if a.State != digest.ArticleRevised {
			v.Errorf("%s is new", a.Seen)
		}
		addresses = append(addresses, a.Seen[max(0, strings.LastIndex(a.Seen, "/a/")):])
	}
	return addresses
}

func TestAPageThatItsSitemapSaysWasChangedIsRevised(t *testing.T) {
	at := func(i int) string { return fmt.Sprintf("2026-11-20T10:0%d:00Z", i) }
	body := urlset(at)
	url := serve(t, map[string]http.HandlerFunc{"/map.xml": func(w http.ResponseWriter, r *http.Request) { text("text/xml", body)(w, r) }})
	v := newVisitor(t, digest.SourceSitemap, url+"/map.xml")
	v.visit(v.c.Articles)
	if len(v.memory.kept) != 10 {
		t.Fatalf("%d pages", len(v.memory.kept))
	}
	if got := v.revised(); len(got) != 0 {
		t.Errorf("the same again: %q", got)
	}
	body = urlset(func(i int) string {
		if i == 3 {
			return "2026-11-22T10:00:00Z"
		}
		return at(i)
	})
	if got := v.revised(); !slices.Equal(got, []string{"/a/3"}) {
		t.Errorf("revised %q", got)
	}
	// The site was built anew: its dates of change say nothing of its pages.
	body = urlset(func(int) string { return "2026-11-23T03:00:00Z" })
	if got := v.revised(); len(got) != 0 {
		t.Errorf("built anew: %q", got)
	}
}

func TestAChangedFileIsTheSameArticleRevised(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "un.md"), "# Un\n\nLe premier.")
	write(t, filepath.Join(dir, "deux.txt"), "Le second.")
	v := newVisitor(t, digest.SourceFolder, dir)
	v.visit(v.c.Articles)
	write(t, filepath.Join(dir, "un.md"), "# Un\n\nLe premier, corrigé.")
	if got := v.revised(); !slices.Equal(got, []string{"un.md"}) {
		t.Errorf("revised %q", got)
	}
	if got := v.memory.kept[len(v.memory.kept)-1]; !strings.Contains(string(got.Raw.Body), "corrigé") {
		t.Errorf("%s", got.Raw.Body)
	}
	if got := v.revised(); len(got) != 0 {
		t.Errorf("the same again: %q", got)
	}
}

// What a page links to says nothing of edits: the archive looks at it again.
func TestALinkOfAPageHasNoMark(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/research": page("", blog)})
	v := newVisitor(t, digest.SourcePage, url+"/research")
	v.visit(v.c.Articles)
	for _, a := range v.memory.kept {
		if a.Mark != "" {
			t.Errorf("%s has the mark %s", a.URL, a.Mark)
		}
	}
}
