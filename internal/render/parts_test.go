package render

import (
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// without is what a reader gets of a letter who leaves themes out.
func without(l digest.Letter, themes ...string) (html, text string) {
	m := digest.Mail{HTML: l.HTML, Text: l.Text, Parts: l.Parts}.For(digest.Copy{Without: themes}, nil)
	return m.HTML, m.Text
}

// A reader who leaves a theme out finds nothing of it in either form: not its
// stories, not its line in the contents. All else stays, byte for byte.
func TestALetterHasItsThemesInParts(t *testing.T) {
	r, nl, issue := renderer(t), bulletin(digest.French, digest.English), number47()
	for _, lang := range nl.Languages {
		l, err := r.Email(issue, nl, digest.Variant{Language: lang, Length: digest.Full})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(l.Parts); n != 4*len(issue.Sections) {
			t.Fatalf("%d parts for %d themes: each is in the contents and below, in HTML and in text", n, len(issue.Sections))
		}
		if all := l.HTML + l.Text; strings.Contains(all, "<!--part") || strings.ContainsAny(all, beginText+overText) {
			t.Error("signs are left in the letter")
		}
		for _, gone := range issue.Sections {
			html, text := without(l, gone.Theme.ID)
			for _, s := range issue.Sections {
				want := s.Theme.ID != gone.Theme.ID
				if got := strings.Contains(html, `id="`+anchor(s.Theme.ID)+`"`); got != want {
					t.Errorf("%s without %s: %s in HTML: %t", lang, gone.Theme.ID, s.Theme.ID, got)
				}
				label := strings.ToUpper(Typeset(s.Theme.Label(lang), lang)) + "\n---"
				if got := strings.Contains(text, label); got != want {
					t.Errorf("%s without %s: %q in text: %t", lang, gone.Theme.ID, label, got)
				}
			}
			if strings.Contains(text, "\n\n\n") || strings.Count(html, "<table") != strings.Count(html, "</table>") || strings.Count(html, "<tr>") != strings.Count(html, "</tr>") {
				t.Errorf("%s without %s: gaps, or HTML that does not close", lang, gone.Theme.ID)
			}
		}
		if html, text := without(l); html != l.HTML || text != l.Text {
			t.Errorf("%s: something is missing from the whole letter", lang)
		}
	}
}
