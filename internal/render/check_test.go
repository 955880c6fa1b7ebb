package render

import (
	"strings"
	"testing"

	"hebdo/internal/digest"
)

func TestCheckFindsWhatHarmsALetter(t *testing.T) {
	r := renderer(t)
	good, err := r.Email(number47(), bulletin("fr"), digest.Variant{Language: "fr", Length: digest.Full})
	good = letter(t, good, err)
	if notes := r.Check(good); len(notes) > 0 {
		t.Fatalf("a good letter has %v", notes)
	}
	for name, c := range map[string]struct {
		spoil func(*digest.Letter)
		code  string
		level digest.Level
	}{
		"clipped":       {func(l *digest.Letter) { l.HTML += strings.Repeat("x", clipHTML) }, "letter.clipped", digest.Blocker},
		"big":           {func(l *digest.Letter) { l.HTML += strings.Repeat("x", budgetHTML+1-len(l.HTML)) }, "letter.big", digest.Warning},
		"unsubscribe":   {func(l *digest.Letter) { l.Text = "" }, "letter.unsubscribe", digest.Blocker},
		"style":         {func(l *digest.Letter) { l.HTML += "<style>" + strings.Repeat("x", maxStyle+1) + "</style>" }, "letter.style", digest.Warning},
		"no subject":    {func(l *digest.Letter) { l.Subject = " " }, "letter.subject.empty", digest.Blocker},
		"long subject":  {func(l *digest.Letter) { l.Subject = strings.Repeat("é", 101) }, "letter.subject.long", digest.Warning},
		"preheader":     {func(l *digest.Letter) { l.Preheader = "court" }, "letter.preheader", digest.Info},
		"plain http":    {func(l *digest.Letter) { l.HTML += `<a href="http://example.org:81/">x</a>` }, "letter.link", digest.Warning},
		"a bare number": {func(l *digest.Letter) { l.HTML += `<a href="https://192.0.2.1/">x</a>` }, "letter.link", digest.Warning},
	} {
		l := good
		c.spoil(&l)
		notes := r.Check(l)
		if len(notes) != 1 || notes[0].Code != c.code || notes[0].Level != c.level || notes[0].Where != "fr/full" || notes[0].Stage != "render" {
			t.Errorf("%s: got %+v", name, notes)
		}
		if !r.set("fr").words.Has("note." + c.code) {
			t.Errorf("no words for note.%s", c.code)
		}
	}
}
