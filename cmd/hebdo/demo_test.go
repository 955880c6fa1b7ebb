package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/demo"
	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

// monday is when the demonstration of these tests is given.
var monday = time.Date(2026, 11, 23, 6, 30, 0, 0, time.UTC)

// fixed is a world whose clock stands still and whose identifiers count.
func fixed(now time.Time) outside {
	var n atomic.Int64
	return outside{
		now:   func() time.Time { return now },
		newID: func() string { return fmt.Sprintf("01930000-0000-7000-8000-%012d", n.Add(1)) },
	}
}

func quiet(out, err io.Writer) *console {
	return newConsole(strings.NewReader(""), out, err, func(string) string { return "" })
}

// whole is issue.json as these tests read it.
type whole struct {
	Slot, State, URL string
	Number           int
	Fronts           map[string]struct{ Subject, Preheader string }
	Sections         []struct {
		Theme string
		Items []struct {
			Wordings map[string]struct {
				Headline, Language string
				Sentences          []struct{ Text, Article string }
			}
			Citations []struct{ Article, Title, URL, Source, Language string }
		}
	}
	LeftOut []struct{ URL, Reason string } `json:"left_out"`
	Notes   []struct{ Level, Code, Where string }
}

// demoOut runs `hebdo demo --out` at the fixed time.
func demoOut(t *testing.T) (dir string, issue whole, raw []byte) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out")
	var said bytes.Buffer
	if err := quiet(&said, &said).runDemo(t.Context(), fixed(monday), dir, ""); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	raw, err := os.ReadFile(filepath.Join(dir, "issue.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &issue); err != nil {
		t.Fatal(err)
	}
	return dir, issue, raw
}

func TestTheDemonstrationsIssueHoldsTheWeek(t *testing.T) {
	dir, issue, raw := demoOut(t)
	world, err := demo.Start(t.Context(), demo.Options{Now: func() time.Time { return monday }})
	if err != nil {
		t.Fatal(err)
	}
	defer world.Close()

	if issue.State != "sent" || issue.Number != 1 || issue.Slot != "2026-11-23#1" || len(issue.Sections) < 4 {
		t.Errorf("the issue is %q, number %d, slot %q, with %d themes", issue.State, issue.Number, issue.Slot, len(issue.Sections))
	}
	story := map[string]int{} // URL → which story of the issue
	languages := map[int]map[string]bool{}
	n := 0
	for _, section := range issue.Sections {
		for _, item := range section.Items {
			n++
			languages[n] = map[string]bool{}
			for _, c := range item.Citations {
				if story[c.URL] != 0 {
					t.Errorf("%s stands in two stories", c.URL)
				}
				story[c.URL], languages[n][c.Language] = n, true
			}
		}
	}
	if n < 12 {
		t.Errorf("%d stories", n)
	}
	leftOut := map[string]string{}
	for _, l := range issue.LeftOut {
		leftOut[l.URL] = l.Reason
	}

	both := 0
	for label, urls := range world.Events() {
		in := map[int]bool{}
		for _, u := range urls {
			if story[u] != 0 {
				in[story[u]] = true
			}
		}
		if len(in) > 1 {
			t.Errorf("%s is told in %d stories of the issue: %v", label, len(in), urls)
		}
		for i := range in {
			if len(languages[i]) > 1 {
				both++
			}
			for _, u := range urls {
				if story[u] == 0 {
					t.Errorf("%s: %s stands apart from its event (left out: %q)", label, u, leftOut[u])
				}
			}
		}
	}
	if both != 1 {
		t.Errorf("%d events are told from sources in both languages, want one", both)
	}

	for slug, reason := range map[string]string{
		"tour-haute-ardelle-etape-reine": "off-topic", "coulisses-supercalculateur-aubrac": "unreadable", "quarrystone-names-chief-scientist": "unreadable",
	} {
		found := ""
		for u, why := range leftOut {
			if strings.Contains(u, slug) {
				found = why
			}
		}
		for u := range story {
			if strings.Contains(u, slug) {
				t.Errorf("%s is in the issue", u)
			}
		}
		if found != reason {
			t.Errorf("%s is left out as %q, want %q", slug, found, reason)
		}
	}
	noted := false
	for _, note := range issue.Notes {
		noted = noted || strings.Contains(note.Where, "quarrystone-names-chief-scientist")
	}
	if !noted {
		t.Errorf("the editor is not told of the page that is gone: %+v", issue.Notes)
	}
	if bytes.ContainsAny(raw, "\ufffdÃ") {
		t.Error("a page was read in the wrong encoding")
	}

	for _, name := range []string{"issue.html", "issue.txt"} {
		body, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range issue.Sections {
			for _, item := range section.Items {
				headline := item.Wordings["fr"].Headline
				if first, _, _ := strings.Cut(headline, " "); !bytes.Contains(body, []byte(first)) {
					t.Errorf("%s lacks %q", name, headline)
				}
			}
		}
	}
}

func TestTheDemonstrationIsTheSameEveryTime(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: does the whole week's work twice")
	}
	_, _, one := demoOut(t)
	_, _, two := demoOut(t)
	if d := cmp.Diff(strings.Split(named(one), "\n"), strings.Split(named(two), "\n")); d != "" {
		t.Errorf("two runs at the same time differ:\n%s", d)
	}
}

var identifier = regexp.MustCompile(`01930000-0000-7000-8000-\d{12}`)

// named replaces identifiers by the order in which they first stand in a
// document: sources are visited at the same time, and identifiers are given as
// articles come in.
func named(document []byte) string {
	known := map[string]string{}
	return identifier.ReplaceAllStringFunc(string(document), func(id string) string {
		if known[id] == "" {
			known[id] = fmt.Sprintf("ID-%d", len(known)+1)
		}
		return known[id]
	})
}

// required are the header fields of EMAIL.md, each with what its value holds.
var required = map[string]string{
	"From": "lettre@news.semaine-ia.example", "Reply-To": "redaction@news.semaine-ia.example", "Subject": "", "Date": "Mon, 23 Nov 2026 07:30:00 +0100",
	"Message-Id": "@news.semaine-ia.example>", "List-Id": "La Semaine IA", "List-Unsubscribe": "<https://news.semaine-ia.example/u/",
	"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "List-Archive": "<https://news.semaine-ia.example/semaine-ia", "List-Post": "NO",
	"Feedback-Id": "semaine-ia-1:", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0", "Content-Type": "multipart/alternative",
}

func TestTheDemonstrationsLettersReachWhomTheyShould(t *testing.T) {
	dir, _, _ := demoOut(t)
	files, err := filepath.Glob(filepath.Join(dir, "inbox", "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{} // address → language
	seen := map[string]bool{}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := netmail.ReadMessage(bytes.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		to, err := netmail.ParseAddress(m.Header.Get("To"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if m.Header.Get("List-Id") == "" {
			if to.Address != "redaction@news.semaine-ia.example" {
				t.Errorf("%s to %s is no letter", name, to.Address)
			}
			continue
		}
		got[to.Address] = m.Header.Get("Content-Language")
		for field, holds := range required {
			if value := m.Header[field]; len(value) != 1 || !strings.Contains(value[0], holds) || value[0] == "" {
				t.Errorf("%s: %s is %q, want one with %q", filepath.Base(name), field, value, holds)
			}
		}
		for _, field := range []string{"Message-Id", "List-Unsubscribe"} {
			if seen[m.Header.Get(field)] {
				t.Errorf("%s: %s is another letter's", filepath.Base(name), field)
			}
			seen[m.Header.Get(field)] = true
		}
		if _, params, err := mime.ParseMediaType(m.Header.Get("Content-Type")); err != nil || params["boundary"] == "" {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
		if bytes.Contains(body, []byte("unsubscribe.invalid")) || bytes.Contains(body, []byte("preferences.invalid")) {
			t.Errorf("%s holds a mark in place of the reader's link", filepath.Base(name))
		}
	}
	want := map[string]string{"lucie.amblard@courrier.example": "fr", "emile@rochebois.example": "fr", "nora.whitcombe@mailhouse.example": "en"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("letters (-want +got):\n%s", d)
	}
}

// shown is a demonstration whose pages are up.
type shown struct {
	house    *house
	world    *demo.World
	issue    digest.Issue
	password string
	browser  *browser
}

func showing(t *testing.T) shown {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	world, err := demo.Start(ctx, demo.Options{Now: func() time.Time { return monday }})
	if err != nil {
		t.Fatal(err)
	}
	h, err := demoHouse(ctx, fixed(monday), world, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	said := &transcript{}
	c := quiet(said, io.Discard)
	issue, err := c.demoWeek(ctx, h, world)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := listenNear(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.showDemo(ctx, h, world, issue, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the pages ended with %v", err)
		}
		_ = h.Close()
		_ = world.Close()
	})
	b := newBrowser(t, "http://"+listener.Addr().String())
	b.get("/healthz") // from here on what it says at its start was said
	text := said.String()
	i := strings.Index(text, demoEditor+" with ")
	if i < 0 {
		t.Fatalf("no password in %s", text)
	}
	password, _, _ := strings.Cut(text[i+len(demoEditor+" with "):], "\n")
	return shown{h, world, issue, password, b}
}

func TestTheDemonstrationsInboxUnsubscribesByPostAlone(t *testing.T) {
	s := showing(t)
	state := func() digest.SubscriptionState {
		sub, err := s.house.store.SubscriptionOf(t.Context(), "semaine-ia", "lucie.amblard@courrier.example")
		if err != nil {
			t.Fatal(err)
		}
		return sub.State
	}
	list := s.browser.get("/inbox/")
	if list.status != 200 || !strings.Contains(list.body, "lucie.amblard@courrier.example") {
		t.Fatalf("the inbox answers %d\n%s", list.status, list.body)
	}
	var link string
	for i, m := range s.world.Mail() {
		if m.To != "lucie.amblard@courrier.example" {
			continue
		}
		page := s.browser.get(fmt.Sprintf("/inbox/letters/%d/html", i+1))
		for _, href := range hrefs(page.body) {
			if strings.Contains(href, "/u/") {
				link = href
			}
			if strings.HasPrefix(href, "https://news.semaine-ia.example") {
				t.Errorf("%s is not mapped to this machine", href)
			}
		}
	}
	if !strings.HasPrefix(link, s.browser.base+"/u/") {
		t.Fatalf("the link to unsubscribe is %q", link)
	}
	path := strings.TrimPrefix(link, s.browser.base)
	if page := s.browser.get(path); page.status != 200 || state() != digest.Active {
		t.Fatalf("a look answers %d, and the subscription is %s", page.status, state())
	}
	if page := s.browser.post(path, "List-Unsubscribe", "One-Click"); page.status != 200 || state() != digest.Unsubscribed {
		t.Fatalf("one click answers %d, and the subscription is %s\n%s", page.status, state(), page.body)
	}
}

func TestTheDemonstrationsPageInLatin1KeepsItsAccents(t *testing.T) {
	s := showing(t)
	articles, err := s.house.store.Material(t.Context(), digest.Issue{Newsletter: "semaine-ia", To: monday})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range articles {
		if strings.Contains(a.URL, "voix-clonee-maubrac") {
			if !strings.Contains(a.Text, "des escrocs qui l’avaient clonée avec un outil") {
				t.Errorf("it reads: %s", a.Text)
			}
			return
		}
	}
	t.Errorf("it is not among %d articles", len(articles))
}

func TestTheDemonstrationsIssueIsReadOnline(t *testing.T) {
	s := showing(t)
	page := s.browser.get("/semaine-ia/1")
	if page.status != 200 {
		t.Fatalf("the web edition answers %d", page.status)
	}
	for _, section := range s.issue.Sections {
		if !strings.Contains(page.body, `id="`+section.Theme.ID+`"`) {
			t.Errorf("no anchor for %s", section.Theme.ID)
		}
	}
	// The letter's table of contents leads to these anchors.
	letter, err := s.house.letter(t.Context(), s.world.Newsletter(), s.issue, digest.Variant{Language: digest.French, Length: digest.Full})
	if err != nil {
		t.Fatal(err)
	}
	if nothing := locale.For(digest.French).T("letter.nothing"); strings.Contains(letter.HTML, nothing) {
		t.Errorf("the letter says, to who leaves no theme out: %s", nothing)
	}
	anchors := 0
	for _, href := range hrefs(letter.HTML) {
		if _, anchor, ok := strings.Cut(href, "/semaine-ia/1#"); ok {
			anchors++
			if !strings.Contains(page.body, `id="`+anchor+`"`) {
				t.Errorf("the letter leads to #%s, which the web edition lacks", anchor)
			}
		}
	}
	if anchors < len(s.issue.Sections) {
		t.Errorf("the letter leads to %d anchors of %d themes", anchors, len(s.issue.Sections))
	}
	feed := s.browser.get("/semaine-ia/feed.atom")
	entries := atomTitles(t, feed.body)
	if feed.status != 200 || !strings.HasPrefix(feed.contentType, "application/atom+xml") || len(entries) != 1 {
		t.Errorf("the feed answers %d %s with %d entries", feed.status, feed.contentType, len(entries))
	}
	if archive := s.browser.get("/semaine-ia/"); archive.status != 200 || !slices.Contains(hrefs(archive.body), "/semaine-ia/1") {
		t.Errorf("the archive answers %d and lists %v", archive.status, hrefs(archive.body))
	}
}

func TestTheDemonstrationsDeskNeedsLogIn(t *testing.T) {
	s := showing(t)
	path := "/desk/issues/" + s.issue.ID
	if page := s.browser.get(path); page.status != 303 || !strings.HasPrefix(page.location, "/desk/login") {
		t.Fatalf("without log-in the desk answers %d to %q", page.status, page.location)
	}
	if page := s.browser.post("/desk/login", "address", demoEditor, "password", "wrong wrong wrong"); page.status != 422 {
		t.Errorf("a wrong password gets %d", page.status)
	}
	if page := s.browser.post("/desk/login", "address", demoEditor, "password", s.password, "next", path); page.status != 303 || page.location != path {
		t.Fatalf("the log-in answers %d to %q", page.status, page.location)
	}
	page := s.browser.get(path)
	if page.status != 200 || !strings.Contains(page.body, "quarrystone-names-chief-scientist") {
		t.Errorf("the desk answers %d, and does not show what trouble there was", page.status)
	}
	var frame string
	for _, src := range attributes(page.body, "src") {
		if strings.Contains(src, "/letter?") {
			frame = src
		}
	}
	letter := s.browser.get(strings.ReplaceAll(frame, "&amp;", "&"))
	if letter.status != 200 || !strings.Contains(letter.body, "Corvus") {
		t.Errorf("the letter in its frame %q answers %d", frame, letter.status)
	}
}
