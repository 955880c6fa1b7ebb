package render

import (
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"hebdo/internal/digest"
)

// with makes a renderer with the user's own files.
func with(files map[string]string) (*Renderer, error) {
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return New(Options{PublicURL: &url.URL{Scheme: "https", Host: "lettre.example.org"}, Overlay: tree})
}

func TestABrokenTemplateIsReportedAtStartWithItsPlace(t *testing.T) {
	const ok = "\n<p>{{.Unsubscribe}}</p>\n"
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"syntax":             {"email/issue.html", ok + "{{if}}", []string{"email/issue.html:3", "missing value for if"}},
		"unclosed":           {"email/issue.html", ok + "{{range .Sections}}", []string{"email/issue.html:3", "unexpected EOF"}},
		"field":              {"email/issue.html", ok + "{{.Nuber}}", []string{"email/issue.html:3", "Nuber"}},
		"field in a branch":  {"email/issue.html", ok + "{{if eq .Number 0}}{{.Nope}}{{end}}", []string{"email/issue.html:3", "Nope"}},
		"field of a story":   {"email/issue.txt", "{{.Unsubscribe}}\n{{range .Sections}}{{range .Stories}}\n{{.Author}}{{end}}{{end}}", []string{"email/issue.txt:3", "Author"}},
		"function":           {"email/review.html", "{{env \"HOME\"}}", []string{"email/review.html:1", `"env" not defined`}},
		"part":               {"email/alert.html", "{{template \"tpo\" .}}", []string{"email/alert.html:1", "tpo"}},
		"text":               {"email/alert.txt", "\n{{t \"alert.no.such\"}}", []string{"email/alert.txt:2", `"alert.no.such"`, "templates/locales"}},
		"text in no branch":  {"email/issue.txt", "{{.Unsubscribe}}{{if false}}\n{{t \"nope\" \"Count\" 1}}{{end}}", []string{"email/issue.txt:2", `"nope"`}},
		"unsafe place":       {"email/issue.html", ok + "<a href={{.Online}}'>", []string{"email/issue.html"}},
		"no unsubscribing":   {"email/issue.html", "<p>Bonjour</p>", []string{"email/issue.html", "{{.Unsubscribe}}"}},
		"none in the text":   {"email/issue.txt", "Bonjour", []string{"email/issue.txt", "{{.Unsubscribe}}"}},
		"misspelt file name": {"email/isue.html", "<p></p>", []string{"email/isue.html", "email/issue.html"}},
		"endless":            {"email/issue.html", ok + "{{range 9999999}}xxxxxxxx{{end}}", []string{"email/issue.html", "1024 kB"}},
		"style":              {"email/kept.css", "}{{.Nope", []string{"email/kept.css:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := with(map[string]string{c.file: c.text})
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q does not say %q", err, w)
				}
			}
		})
	}
}

// Those that come with the program are tried here, and not when it starts.
func TestTheBuiltInTemplatesStandTheTrial(t *testing.T) {
	if _, err := with(nil); err != nil {
		t.Fatal(err)
	}
}

func TestAFileOfOnesOwnReplacesTheBuiltInOne(t *testing.T) {
	r, err := with(map[string]string{
		"email/issue.txt":  "{{.Title}}\r\n{{.Unsubscribe}}",
		"email/mine.html":  `{{define "publisher"}}<p class="motto">Chez nous</p>{{end}}`,
		"email/inline.css": ".motto { color: #123456; }",
		"email/notes.md":   "not a template {{",
		"site/x.html":      "{{not mine",
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.Email(number47(), bulletin("fr"), digest.Variant{Language: "fr", Length: digest.Full})
	if err != nil {
		t.Fatal(err)
	}
	if want := "La Semaine des machines, nᵒ\u00a047\n" + digest.MarkUnsubscribe + "\n"; l.Text != want {
		t.Errorf("text is %q, want %q", l.Text, want)
	}
	if want := `<p class="motto" style="color:#123456">Chez nous</p>`; !strings.Contains(l.HTML, want) {
		t.Errorf("%s is not in\n%s", want, l.HTML)
	}
}

func TestOutlooksCommentsStayAndOthersGo(t *testing.T) {
	r, err := with(map[string]string{"email/issue.html": `<!-- secret -->
<!--[if mso]><table><tr><td>{{.Title}}<![endif]--><!--[if !mso]><!--><p>{{.Unsubscribe}}</p><!--<![endif]-->`})
	if err != nil {
		t.Fatal(err)
	}
	issue, nl := number47(), bulletin("fr")
	nl.Name = "--><script>alert(1)</script>"
	l, err := r.Email(issue, nl, digest.Variant{Language: "fr"})
	if err != nil {
		t.Fatal(err)
	}
	want := "<!--[if mso]><table><tr><td>--&gt;&lt;script&gt;alert(1)&lt;/script&gt;, nᵒ\u00a047<![endif]--><!--[if !mso]><!-->"
	if !strings.Contains(l.HTML, want) || strings.Contains(l.HTML, "secret") || !strings.Contains(l.HTML, "<!--<![endif]-->") {
		t.Errorf("got %s", l.HTML)
	}
}

func TestNewNeedsThePublicAddress(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("no error without an address")
	}
}
