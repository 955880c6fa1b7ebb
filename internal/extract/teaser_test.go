package extract

import (
	"strings"
	"testing"
)

func TestOtherArticlesBelowTheTextGo(t *testing.T) {
	others := `<article><h3><a href="/1">Un robot apprend à plier le linge</a></h3><p>Des chercheurs de Lyon ont montré un robot qui plie le linge.</p></article><article><h3><a href="/2">Le Sénat vote la loi</a></h3><p>Les sénateurs ont adopté jeudi le texte à une large majorité.</p></article>`
	for heading, gone := range map[string]bool{
		"Articles récents": true, "Sur le même sujet": true, "Related stories": true, "Nos derniers articles": true, "Up next": true,
		"Les robots et la loi": false, // a chapter of the article
	} {
		page := `<html lang="fr"><head><title>Le pont rouvre lundi</title></head><body><main><article><h1>Le pont rouvre lundi</h1>` + prose(6) + `<section><h2>` + heading + `</h2>` + others + `</section></article></main></body></html>`
		a, err := Page([]byte(page), "https://gazette.example/pont", Hint{})
		if err != nil || strings.Contains(a.Text, "plier le linge") == gone || strings.Contains(a.Text, heading) == gone {
			t.Errorf("%s: %v\n%s", heading, err, a.Text)
		}
	}
}

func TestATextThatGoesOnUnderSuchAHeadingStays(t *testing.T) {
	long := block{text: strings.Repeat("Une phrase du texte qui continue. ", 12)}
	blocks := []block{long, long, long, long, {kind: heading, text: "Plus sur ce sujet"}, long}
	if got := cutOthers(blocks); len(got) != len(blocks) {
		t.Errorf("%d of %d blocks are left", len(got), len(blocks))
	}
}

func TestALinkInTheMidstEndsNoText(t *testing.T) {
	para := block{text: "Une phrase du texte, qui en dit un peu plus. "}
	link := block{text: "Lire aussi : Les remorqueurs en grève"}
	if got := cutOthers([]block{para, para, para, para, para, link, para}); len(got) != 7 {
		t.Errorf("%d of 7 blocks are left", len(got))
	}
}
