package digest

import (
	"strings"
	"testing"
)

func TestACopyFillsItsMarksWhereverTheyStand(t *testing.T) {
	m := Mail{
		From: "a@example.org", Text: "go: LINK, LINK", HTML: `<a href="LINK">x</a>`,
		Headers: []Header{{Name: "List-Unsubscribe", Value: "<LINK>"}, {Name: "X", Value: "y"}},
	}
	c := Copy{Name: "R. Eader", Address: "r@example.net", EnvelopeFrom: "b@example.org", MessageID: "1@example.org", Values: []string{"https://x/?a&b"}}
	got := m.For(c, []string{"LINK"})
	if got.Text != "go: https://x/?a&b, https://x/?a&b" || got.HTML != `<a href="https://x/?a&amp;b">x</a>` ||
		got.Headers[0].Value != "<https://x/?a&b>" || got.To != `"R. Eader" <r@example.net>` || got.MessageID != c.MessageID || got.EnvelopeFrom != c.EnvelopeFrom {
		t.Errorf("%+v", got)
	}
	if m.Headers[0].Value != "<LINK>" {
		t.Error("the mail itself was changed")
	}
}

// What belongs to several themes goes with the last of them; then comes what
// stands there instead.
func TestAPartOfSeveralThemesIsLeftOutWithAllOfThem(t *testing.T) {
	m := Mail{Text: "In this issue\nmodels\nlaw\nNothing\n.\n", Parts: []Part{
		{Theme: "models law", From: 0, To: 14}, {Theme: "models", From: 14, To: 21}, {Theme: "law", From: 21, To: 25},
		{Theme: Instead + "models law", From: 25, To: 33},
	}}
	for without, want := range map[string]string{
		"":           "In this issue\nmodels\nlaw\n.\n",
		"models":     "In this issue\nlaw\n.\n",
		"law sports": "In this issue\nmodels\n.\n",
		"law models": "Nothing\n.\n",
		"models law": "Nothing\n.\n",
	} {
		if got := m.For(Copy{Without: strings.Fields(without)}, nil).Text; got != want {
			t.Errorf("without %q: %q", without, got)
		}
	}
	l := Letter{HTML: m.Text, Text: m.Text, Parts: m.Parts}.Whole()
	if l.Text != "In this issue\nmodels\nlaw\n.\n" || l.HTML != m.Text || len(l.Parts) > 0 {
		t.Errorf("whole: %+v", l)
	}
}
