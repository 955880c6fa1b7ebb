package extract

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"hebdo/internal/digest"
)

// Pages of five megabytes were kept whole, a title of one too: a few hundred took
// the memory of whoever drafted the issue.
func TestNoPageBringsMoreThanAnArticleHas(t *testing.T) {
	words := strings.Repeat("Des mots sans fin qui ne disent rien d’une machine. ", 400)
	paragraph := "<p>" + strings.Repeat("The lab said on Tuesday that its model is open to everybody. ", 400) + "</p>"
	page := "<html><head><title>" + words + "</title><meta name=description content='" + words + "'><meta property='og:site_name' content='" + words +
		"'><link rel=canonical href='/" + strings.Repeat("c", 100_000) + "'><meta property='og:image' content='/" + strings.Repeat("i", 100_000) +
		".jpg'></head><body><article><h1>" + words + "</h1>" + strings.Repeat(paragraph, 12) + "</article></body></html>"
	s := serve(t, map[string]http.HandlerFunc{"/news/large": send("text/html; charset=utf-8", page)})
	out, _, err := extractor(t).Fill(t.Context(), []digest.Article{{URL: s.URL + "/news/large", State: digest.ArticleFound}})
	if err != nil {
		t.Fatal(err)
	}
	a := out[0]
	if a.State != digest.ArticleExtracted || !a.Readable() || len(a.Text) > maxText || len(a.Text) < maxText/2 || !strings.HasSuffix(a.Text, "open to everybody.") {
		t.Errorf("%s, %s: a text of %d bytes ends in %q", a.State, a.Kind, len(a.Text), a.Text[max(0, len(a.Text)-40):])
	}
	for name, field := range map[string]struct {
		text string
		most int
	}{"title": {a.Title, maxTitle}, "excerpt": {a.Excerpt, maxExcerpt}, "site": {a.Site, maxName}} {
		if n := utf8.RuneCountInString(field.text); n > field.most || n == 0 {
			t.Errorf("%s of %d characters", name, n)
		}
	}
	if a.URL != s.URL+"/news/large" || a.Image != "" {
		t.Errorf("an address of %d bytes, a picture's of %d", len(a.URL), len(a.Image))
	}
}

func TestATextIsCutBetweenItsParagraphs(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"short", "short"},
		{"first\n\n" + strings.Repeat("x", maxText), "first"},
		{strings.Repeat("é", maxText), strings.Repeat("é", maxText/2)},
		{"x" + strings.Repeat("é", maxText), "x" + strings.Repeat("é", maxText/2-1)},
	} {
		if got := whole(c.text); got != c.want {
			t.Errorf("%d bytes are cut to %d, want %d", len(c.text), len(got), len(c.want))
		}
	}
}
