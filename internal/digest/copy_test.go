package digest

import "testing"

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
