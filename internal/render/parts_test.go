package render

import (
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
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
		told := map[string]int{}
		for _, p := range l.Parts {
			told[p.Theme]++
		}
		for _, s := range issue.Sections {
			if n := told[s.Theme.ID]; n != 4 {
				t.Errorf("%d parts for %s: it is in the contents and below, in HTML and in text", n, s.Theme.ID)
			}
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
			whole(t, html, text)
		}
		if html, text := without(l); html != l.Whole().HTML || text != l.Whole().Text {
			t.Errorf("%s: a reader who leaves nothing out does not get the whole letter", lang)
		}
	}
}

// whole fails where the text has gaps, or the HTML does not close.
func whole(t *testing.T, html, text string) {
	t.Helper()
	for _, tag := range []string{"table", "tr", "td"} {
		if strings.Count(html, "<"+tag) != strings.Count(html, "</"+tag+">") {
			t.Errorf("a <%s> that does not close:\n%s", tag, html)
		}
	}
	if strings.Contains(text, "\n\n\n") {
		t.Errorf("gaps:\n%s", text)
	}
}

// Who leaves out all that an issue has gets no headings of what is not there:
// those of the contents and of the essentials, which tell of other themes, but
// a word about it.
func TestNoHeadingStandsOverThemesThatAreLeftOut(t *testing.T) {
	r, nl, issue := renderer(t), bulletin(digest.French, digest.English), number47()
	var all []string
	for _, s := range issue.Sections {
		all = append(all, s.Theme.ID)
	}
	for _, lang := range nl.Languages {
		words := locale.For(lang)
		l, err := r.Email(issue, nl, digest.Variant{Language: lang, Length: digest.Full})
		if err != nil {
			t.Fatal(err)
		}
		for _, gone := range [][]string{nil, all[1:], all} {
			html, text := without(l, gone...)
			whole(t, html, text)
			for _, key := range []string{"letter.contents", "letter.essentials"} {
				want := len(gone) < len(all)
				if got := strings.Contains(html, words.T(key)); got != want {
					t.Errorf("%s without %v: %s in HTML: %t", lang, gone, key, got)
				}
				if got := strings.Contains(text, strings.ToUpper(words.T(key))); got != want {
					t.Errorf("%s without %v: %s in text: %t", lang, gone, key, got)
				}
			}
			for form, s := range map[string]string{"HTML": html, "text": strings.Join(strings.Fields(text), " ")} {
				if got := strings.Contains(s, strings.Join(strings.Fields(words.T("letter.nothing")), " ")); got != (len(gone) == len(all)) {
					t.Errorf("%s without %v: the word about it in %s: %t", lang, gone, form, got)
				}
			}
			if first := Typeset(issue.Fronts[lang].Essentials[0].Text, lang); len(gone) == len(all) && strings.Contains(html, first) {
				t.Errorf("%s: the essentials tell of what is left out", lang)
			}
		}
	}
}
