package render

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"hebdo/internal/digest"
)

// attack puts the given texts into every place of an issue that the network fills.
func attack(text, address string) digest.Issue {
	issue := number47()
	issue.Sections[0].Theme = digest.Theme{ID: text, Words: map[digest.Language]digest.ThemeWords{"fr": {Label: text}}}
	issue.Sections[0].Items[0] = digest.Item{
		Story: text, Lead: true,
		Citations: []digest.Citation{
			{Title: text, URL: address, Source: text, Language: digest.Language(text), Image: address},
			{Title: text, URL: address, Source: text + "2", Language: "en"},
		},
		Wordings: map[digest.Language]digest.Wording{"fr": {Headline: text, HeadlineLanguage: digest.Language(text),
			Sentences: []digest.Sentence{{Text: text, Language: "fr"}, {Text: text, Language: digest.Language(text)}}}},
	}
	issue.Fronts = map[digest.Language]digest.Front{"fr": {Subject: text, Preheader: text, Essentials: []digest.Sentence{{Text: text}}}}
	issue.Notes = []digest.Note{{Level: digest.Blocker, Code: text, Where: address, Detail: text}}
	return issue
}

// safe fails when hostile text got out of its place.
func safe(t *testing.T, l digest.Letter) {
	t.Helper()
	if strings.ContainsAny(l.Subject+l.Preheader, "\r\n\x00\u2028\u202e") {
		t.Errorf("the subject or preheader breaks its line: %q %q", l.Subject, l.Preheader)
	}
	for _, r := range l.Text {
		if r < ' ' && r != '\n' || r == '\u202e' {
			t.Errorf("the text has %q", r)
		}
	}
	page, err := html.Parse(strings.NewReader(l.HTML))
	if err != nil {
		t.Fatal(err)
	}
	for n := range page.Descendants() {
		if n.Type == html.CommentNode && !strings.HasPrefix(n.Data, "[if") {
			t.Errorf("a comment: %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "iframe", "object", "form", "svg", "base", "link", "b", "marquee":
			t.Errorf("a <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s=%q", a.Key, a.Val)
			}
			if a.Key == "href" || a.Key == "src" {
				address(t, l, a.Val)
			}
		}
	}
	// header, text of the link and preferences, each once in HTML and text
	for _, mark := range []string{digest.MarkUnsubscribe, digest.MarkPreferences} {
		if h, p := strings.Count(l.HTML, mark), strings.Count(l.Text, mark); h > 1 || p > 1 || h != p {
			t.Errorf("%s stands %d times in the HTML, %d in the text", mark, h, p)
		}
	}
}

// address fails on a link that is no web address, or that the text part lacks.
func address(t *testing.T, l digest.Letter, href string) {
	t.Helper()
	mail, isMail := strings.CutPrefix(href, "mailto:")
	if !isMail && !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "http://") {
		t.Errorf("a link to %q", href)
	}
	page, _, _ := strings.Cut(mail, "#")
	if !strings.Contains(l.Text, page) && l.Variant.Length != "" {
		t.Errorf("the text part lacks %q", page)
	}
}

var hostile = []struct{ text, address string }{
	{`<script>alert(1)</script>`, `javascript:alert(1)`},
	{`"><img src=x onerror=alert(1)>`, `https://example.org/"><script>`},
	{`' onmouseover='alert(1)`, `https://example.org/'onmouseover='x`},
	{"Objet\r\nBcc: everyone@example.org", "https://example.org/\r\nX-Bad: 1"},
	{"</title></style></td></table><b>out", "data:text/html;base64,PHNjcmlwdD4="},
	{"--><b>comment<!--", "HTTP://Example.ORG/a b"},
	{"{{.Unsubscribe}} {{env `HOME`}}", "https://example.org/{{.}}"},
	{"\u202egpj.exe\u2066\x00\x07", "https://unsubscribe.invalid/?steal"},
	{digest.MarkUnsubscribe + " " + digest.MarkPreferences, digest.MarkPreferences},
	{"unsubscribe.inunsubscribe.invalidvalid", "https://x.unsubscribe.invalid/"},
	{"A reader's own link as a parameter", "https://example.org/?who=" + digest.MarkUnsubscribe + "&and=" + digest.MarkPreferences},
	{strings.Repeat("long ", 100_000), "https://example.org/" + strings.Repeat("z", 5000)},
	{"\xff\xfe\x80", "https://example.org/\xff"},
	{"", ""},
}

func TestHostileTextsStayInTheirPlace(t *testing.T) {
	r := renderer(t)
	for _, h := range hostile {
		everyMail(t, r, attack(h.text, h.address))
	}
}

func everyMail(t *testing.T, r *Renderer, issue digest.Issue) {
	t.Helper()
	nl := bulletin("fr")
	for _, length := range []digest.Length{digest.Full, digest.Short} {
		l, err := r.Email(issue, nl, digest.Variant{Language: "fr", Length: length})
		safe(t, letter(t, l, err))
		if len(l.HTML) > budgetHTML {
			t.Errorf("%d bytes of HTML", len(l.HTML))
		}
	}
	l, err := r.Review(nl, "fr", issue, "https://lettre.example.org/desk", monday)
	safe(t, letter(t, l, err))
	l, err = r.Alert(nl, "fr", Alert{Kind: AlertPaused, Issue: issue, Detail: issue.Fronts["fr"].Subject, Notes: issue.Notes})
	safe(t, letter(t, l, err))
	if _, err := r.Atom(nl, "fr", []digest.Issue{issue}); err != nil {
		t.Error(err)
	}
	if _, err := r.JSON(issue, nl); err != nil {
		t.Error(err)
	}
}

func FuzzHostileTexts(f *testing.F) {
	for _, h := range hostile {
		if len(h.text) < 1000 {
			f.Add(h.text, h.address)
		}
	}
	r := renderer(f)
	f.Fuzz(func(t *testing.T, text, address string) {
		issue := attack(text, address)
		issue.Sections = issue.Sections[:1]
		issue.Sections[0].Items = issue.Sections[0].Items[:1]
		everyMail(t, r, issue)
		if got := link(address); got != "" && link(got) != got {
			t.Errorf("link(%q) = %q is not stable", address, got)
		}
	})
}
