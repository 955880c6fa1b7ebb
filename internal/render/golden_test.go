package render

import (
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what people see with the file kept of it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s changed (-update accepts it):\n%s", name, diff)
	}
}

func renderer(t testing.TB) *Renderer {
	t.Helper()
	public, err := url.Parse("https://lettre.example.org")
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(Options{PublicURL: public})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// letter is one as those get it who leave no theme out.
func letter(t *testing.T, l digest.Letter, err error) digest.Letter {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return l.Whole()
}

// letters are all kinds of mails, by the name of their golden files.
func letters(t *testing.T) map[string]digest.Letter {
	t.Helper()
	r, issue := renderer(t), number47()
	all := map[string]digest.Letter{}
	keep := func(name string) func(l digest.Letter, err error) {
		return func(l digest.Letter, err error) { all[name] = letter(t, l, err) }
	}
	nl := bulletin(digest.French, digest.English)
	for _, lang := range nl.Languages {
		for _, length := range []digest.Length{digest.Full, digest.Short} {
			v := digest.Variant{Language: lang, Length: length}
			keep("issue." + string(lang) + "." + string(length))(r.Email(issue, nl, v))
		}
		draft := issue
		draft.Number = 0
		keep("confirmation." + string(lang))(r.Confirmation(nl, lang, "https://lettre.example.org/c/abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstu"))
		keep("review." + string(lang))(r.Review(nl, lang, draft, "https://lettre.example.org/desk/issues/"+issue.ID, monday))
		thin := issue
		thin.Sections = thin.Sections[:1]
		keep("alert." + string(lang))(r.Alert(nl, lang, Alert{Kind: AlertThin, Issue: thin, Notes: issue.Notes, Desk: "https://lettre.example.org/desk/issues/" + issue.ID}))
	}
	return all
}

func TestLettersAsPeopleSeeThem(t *testing.T) {
	for name, l := range letters(t) {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".golden.html", l.HTML)
			golden(t, name+".golden.txt", l.Subject+"\n"+l.Preheader+"\n\n"+l.Text)
		})
	}
}
