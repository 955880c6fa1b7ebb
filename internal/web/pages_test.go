package web

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
	"hebdo/internal/track"
	"hebdo/templates"
)

// everyPage lists the address of each page, with the status it answers.
func everyPage(t *testing.T, h *house) map[string]int {
	t.Helper()
	l := links(t)
	pages := map[string]int{
		"/semaine-ia/": 200, "/semaine-ia/42": 200, "/semaine-ia/subscribe": 200, "/semaine-ia/subscribed": 200,
		"/semaine-ia/999": 404, "/semaine-ia/0": 404, "/semaine-ia/x": 404, "/nothing/": 404, "/nothing/at/all": 404,
		"/c/" + l.Token(track.Confirm, reader): 200, "/u/" + l.Token(track.Unsubscribe, reader): 200, "/p/" + l.Token(track.Preferences, reader): 200,
		"/c/forged": 404, "/u/forged": 404, "/p/forged": 404, "/u/" + l.Token(track.Confirm, reader): 404,
		"/u/" + l.Token(track.Unsubscribe, "019abc00-0000-7000-8000-0000000000ff"): 404,
		"/desk/": 200, "/desk/?newsletter=semaine-ia": 200, "/desk/issues/none": 404, "/desk/nothing": 404,
	}
	for id := range h.issues {
		pages["/desk/issues/"+id] = 200
	}
	for _, q := range []string{"?edition=en/short&form=text", "?form=raw", "?width=phone"} {
		pages["/desk/issues/"+h.in(digest.Sending).ID+q] = 200
	}
	return pages
}

func TestEveryPageIsSoundInBothLanguages(t *testing.T) {
	h := furnished(t)
	for _, lang := range []digest.Language{digest.French, digest.English} {
		e := h.editors["ada@example.org"]
		e.Language = lang
		h.editors[e.Address] = e
		b := open(t, h).logIn()
		b.lang = string(lang)
		for path, status := range everyPage(t, h) {
			if strings.HasPrefix(path, "/semaine-ia/") || strings.HasPrefix(path, "/p/") || strings.HasPrefix(path, "/u/") || strings.HasPrefix(path, "/c/") {
				path += "?lang=" + string(lang)
			}
			a := b.get(path)
			if a.status != status {
				t.Errorf("%s: status %d, want %d", path, a.status, status)
			}
			sound(t, path, a.body, lang)
		}
	}
}

func TestAReadersPagesAreSoundInEveryState(t *testing.T) {
	h, l := furnished(t), links(t)
	b := open(t, h)
	for _, lang := range []digest.Language{digest.French, digest.English} {
		for _, state := range []digest.SubscriptionState{digest.Pending, digest.Active, digest.Resting, digest.Unsubscribed} {
			for _, kind := range []digest.SuppressionKind{"", digest.Bounced, digest.Erased} {
				for _, p := range []track.Purpose{track.Confirm, track.Unsubscribe, track.Preferences} {
					for _, method := range []string{"GET", "POST"} {
						sub := h.subs[reader]
						sub.State, sub.Language, sub.Subscriber.Suppression.Kind = state, lang, kind
						h.subs[reader] = sub
						path := "/" + string(p) + "/" + l.Token(p, reader)
						a := b.do(method, path, "application/x-www-form-urlencoded", "language="+string(lang))
						a.want(t, http.StatusOK)
						sound(t, fmt.Sprintf("%s %s when %s, %s", method, path, state, kind), a.body, lang)
					}
				}
			}
		}
	}
}

func TestLogInAndHomePagesAreSound(t *testing.T) {
	h := furnished(t)
	other := h.letters[0]
	other.Slug, other.Name = "robots", "Robots"
	h.letters = append(h.letters, other)
	b := open(t, h)
	for _, lang := range []digest.Language{digest.French, digest.English} {
		b.lang = string(lang)
		for _, path := range []string{"/", "/desk/login"} {
			a := b.get(path)
			a.want(t, http.StatusOK)
			sound(t, path, a.body, lang)
		}
		a := b.post("/desk/login", "address", "ada@example.org", "password", "wrong")
		a.want(t, http.StatusUnprocessableEntity)
		sound(t, "/desk/login after a wrong password", a.body, lang)
	}
}

var key = regexp.MustCompile(`\b(site|desk|state|letter|language)\.[a-z]+(\.[a-z]+)*\b`)

// sound checks what every page owes its visitors: a language, a title, one h1,
// headings that skip no level, a name for each field, no key without words,
// nothing that the policy blocks.
func sound(t *testing.T, path, body string, lang digest.Language) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	count, labels, ids := map[string]int{}, map[string]bool{}, map[string]int{}
	var fields []map[string]string
	level := 0
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			if m := key.FindString(n.Data); m != "" && n.Parent.Data != "pre" {
				t.Errorf("%s: the key %s has no words", path, m)
			}
			if strings.Contains(n.Data, "<no value>") || strings.Contains(n.Data, "%!") {
				t.Errorf("%s: %q", path, n.Data)
			}
			continue
		}
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		attr := map[string]string{"": n.Data}
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: <%s %s>: the policy blocks what is written into a page", path, n.Data, a.Key)
			}
		}
		if id := attr["id"]; id != "" {
			if ids[id]++; ids[id] > 1 {
				t.Errorf("%s: two elements have the id %q", path, id)
			}
		}
		switch n.Data {
		case "h1", "h2", "h3", "h4", "h5", "h6":
			deep := int(n.Data[1] - '0')
			if deep > level+1 {
				t.Errorf("%s: <%s> after a heading of level %d", path, n.Data, level)
			}
			level = deep
		case "html":
			if attr["lang"] != string(lang) {
				t.Errorf("%s: the page is in %q, want %q", path, attr["lang"], lang)
			}
		case "label":
			labels[attr["for"]] = true
		case "input", "select", "textarea":
			if attr["type"] != "hidden" && (n.Parent.Data != "label") {
				fields = append(fields, attr)
			}
		case "script", "style":
			if attr["src"] == "" {
				t.Errorf("%s: <%s> inside the page: the policy blocks it", path, n.Data)
			}
		case "iframe":
			if attr["title"] == "" || !strings.Contains(attr["sandbox"], "allow-popups") || strings.Contains(attr["sandbox"], "same-origin") || strings.Contains(attr["sandbox"], "scripts") {
				t.Errorf("%s: frame %v", path, attr)
			}
		case "img":
			if _, ok := attr["alt"]; !ok {
				t.Errorf("%s: a picture has no alt", path)
			}
		}
	}
	for _, f := range fields {
		if !labels[f["id"]] || f["id"] == "" {
			t.Errorf("%s: field %v has no label", path, f)
		}
	}
	for _, one := range []string{"h1", "title", "main"} {
		if count[one] != 1 {
			t.Errorf("%s: %d <%s>, want one", path, count[one], one)
		}
	}
	for ref := range doc.Descendants() {
		for _, a := range ref.Attr {
			if to, here := strings.CutPrefix(a.Val, "#"); a.Key == "href" && here && ids[to] == 0 {
				t.Errorf("%s: a link leads to %s, which is not there", path, a.Val)
			}
			if a.Key == "aria-labelledby" || a.Key == "aria-describedby" {
				for _, id := range strings.Fields(a.Val) {
					if ids[id] == 0 {
						t.Errorf("%s: %s names %q, which is not there", path, a.Key, id)
					}
				}
			}
		}
	}
}

func TestEveryKeyInUseHasWords(t *testing.T) {
	use := regexp.MustCompile(`\.(?:T|Or) "([a-z.]+)"`)
	goUse := regexp.MustCompile(`"((?:site|desk)\.[a-z.]+[a-z])"`)
	var texts []string
	for _, dir := range []string{"site", "desk"} {
		names, err := fs.Glob(templates.FS, dir+"/*.html")
		if err != nil || len(names) < 3 {
			t.Fatal(names, err)
		}
		for _, name := range names {
			body, err := fs.ReadFile(templates.FS, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range use.FindAllStringSubmatch(string(body), -1) {
				texts = append(texts, m[1])
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range goUse.FindAllStringSubmatch(string(body), -1) {
			texts = append(texts, m[1])
		}
	}
	for _, p := range []string{"notfound", "token", "crossorigin", "conflict", "notapproved", "blocked", "toobig", "toomany", "form", "busy", "withdrawn", "internal"} {
		texts = append(texts, "site.problem."+p, "site.problem."+p+".text")
	}
	for _, way := range []string{"home", "desk", "issue"} {
		texts = append(texts, "site.problem."+way)
	}
	for _, s := range digest.States() {
		texts = append(texts, "state."+string(s))
	}
	for _, text := range texts {
		if !locale.For(digest.English).Has(text) {
			t.Errorf("no language has %s", text)
		}
	}
}

func TestABrokenTemplateIsNamedWithFileAndLineAtStart(t *testing.T) {
	h := furnished(t)
	layout, err := templates.FS.ReadFile("site/layout.html")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ file, body, want string }{
		"misspelt":            {"site/isue.html", "", "site/isue.html replaces nothing"},
		"does not parse":      {"site/issue.html", "{{define \"main\"}}\n\n{{if}}\n{{end}}", "site/issue.html:3"},
		"unknown field":       {"desk/issue.html", "{{define \"main\"}}\n<h1>{{.Nonsense}}</h1>{{end}}", "desk/issue.html:2"},
		"unknown asset":       {"site/layout.html", "{{/* ours */}}\n{{asset \"none.css\"}}" + string(layout), "site/layout.html:2"},
		"cannot be escaped":   {"site/confirm.html", "{{define \"main\"}}\n<a href=\"{{if .Title}}x\"{{end}}>{{end}}", "site/confirm.html:2"},
		"an unknown function": {"desk/login.html", "{{define \"main\"}}{{env \"HOME\"}}{{end}}", "desk/login.html:1"},
	} {
		_, err := New(h, h, h, h, Options{PublicURL: public, Links: links(t), Views: h.renderer, Now: monday.UTC, Templates: fstest.MapFS{c.file: {Data: []byte(c.body)}}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error that names %s", name, err, c.want)
		}
	}
}

func TestAUsersTemplateAndAssetReplaceOneFileEach(t *testing.T) {
	b := open(t, furnished(t), func(o *Options) {
		o.Templates = fstest.MapFS{
			"site/subscribed.html": {Data: []byte(`{{define "main"}}<h1>Ours, {{.Letter.Name}}</h1>{{end}}`)},
			"assets/site.css":      {Data: []byte("body{color:green}")},
			"assets/logo.svg":      {Data: []byte("<svg/>")},
		}
	})
	b.get("/semaine-ia/subscribed").want(t, 200, "Ours, La Semaine IA")
	b.get("/semaine-ia/subscribe").want(t, 200, "S’abonner")
	b.get("/assets/site.css").want(t, 200, "color:green")
	b.get("/assets/logo.svg").want(t, 200, "<svg/>")
}

func TestMissingOptionsAreNamed(t *testing.T) {
	h := furnished(t)
	whole := Options{PublicURL: public, Links: links(t), Views: h.renderer, Now: monday.UTC}
	for want, spoil := range map[string]func(*Options){
		"public URL": func(o *Options) { o.PublicURL = nil },
		"Links":      func(o *Options) { o.Links = nil },
		"Views":      func(o *Options) { o.Views = nil },
		"Now":        func(o *Options) { o.Now = nil },
		"a path":     func(o *Options) { o.PublicURL = public.JoinPath("news") },
	} {
		o := whole
		spoil(&o)
		if _, err := New(h, h, h, h, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error about %s", err, want)
		}
	}
}
