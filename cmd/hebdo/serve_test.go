package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/mail/smtptest"
)

// wallClock runs as time does, from a moment of the test's choice, and can be
// set forward.
type wallClock struct {
	mu    sync.Mutex
	shown time.Time
	since time.Time
}

func newWallClock(shown time.Time) *wallClock { return &wallClock{shown: shown, since: time.Now()} }

func (c *wallClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown.Add(time.Since(c.since))
}

func (c *wallClock) set(shown time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown, c.since = shown, time.Now()
}

// friday is half a second before the draft is made.
var (
	friday   = time.Date(2026, 11, 20, 14, 59, 59, 500_000_000, time.UTC)
	sendTime = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	weekly   = []string{`draft_at: "0 16 * * 5"`, `send_at: "0 7 * * 1"`, "min_stories: 3"}
)

// server is `hebdo serve` in this process, with a clock that can be set and a
// quick beat.
type server struct {
	*press
	*house
	clock   *wallClock
	browser *browser
	stop    func() // and wait until it has ended in order
	trouble string // what it may complain of
}

// served starts a server on the press's database.
func (p *press) served(clock *wallClock) *server {
	p.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	p.env["HEBDO_HTTP_PUBLIC_URL"] = "http://" + listener.Addr().String()
	config, _, err := newConsole(nil, io.Discard, io.Discard, func(name string) string { return p.env[name] }).configure()
	if err != nil {
		p.t.Fatal(err)
	}
	out := theWorld()
	out.now = clock.now
	var log transcript
	var records slog.Handler = slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})
	if p.said != nil {
		records = slog.NewMultiHandler(records, slog.NewTextHandler(p.said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	h, err := build(p.t.Context(), config, out, slog.New(records))
	if err != nil {
		p.t.Fatal(err)
	}
	h.beat, h.glance = 20*time.Millisecond, 20*time.Millisecond
	s := &server{press: p, house: h, clock: clock, browser: newBrowser(p.t, "http://"+listener.Addr().String())}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.serve(ctx, listener, func() {}) }()
	s.stop = sync.OnceFunc(func() {
		begun := time.Now()
		cancel()
		if err := <-ended; err != nil {
			p.t.Errorf("the server ended with %v", err)
		}
		if took := time.Since(begun); took > 5*time.Second {
			p.t.Errorf("the server took %s to stop", took)
		}
		if err := h.Close(); err != nil {
			p.t.Error(err)
		}
		for line := range strings.Lines(log.String()) {
			// A test need not wait for a visit to end, nor for a mail to the editor.
			cut := strings.Contains(line, "job cut off by the end of the program") || strings.Contains(line, "context canceled")
			if !cut && (s.trouble == "" || !strings.Contains(line, s.trouble)) {
				p.t.Errorf("the server complained: %s", line)
			}
		}
	})
	p.t.Cleanup(s.stop)
	return s
}

// ready is a server that knows its times, an hour before the draft.
func (p *press) ready(clock *wallClock) *server {
	p.t.Helper()
	clock.set(friday.Add(-time.Hour))
	s := p.served(clock)
	eventually(p.t, "a first look at the times", func() bool {
		last, err := s.store.LastSlot(p.t.Context(), "draft/lettre/0 16 * * 5/Europe/Paris")
		return err == nil && !last.IsZero()
	})
	return s
}

// eventually waits, half a minute at most, until the condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for range 3000 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("in vain waited for: %s", what)
}

// quietly lets many beats go by, in which something must not happen.
func (s *server) quietly() { time.Sleep(15 * s.beat) }

func (s *server) theIssue() (digest.Issue, bool) {
	s.t.Helper()
	all, err := s.store.Issues(s.t.Context(), "lettre", "", 10)
	if err != nil || len(all) > 1 {
		s.t.Fatalf("%d issues: %v", len(all), err)
	}
	if len(all) == 0 {
		return digest.Issue{}, false
	}
	return all[0], true
}

func (s *server) isIn(state digest.State) func() bool {
	return func() bool { issue, ok := s.theIssue(); return ok && issue.State == state }
}

// mailTo gives the text parts of the mails to an address.
func (p *press) mailTo(address string) []string {
	p.t.Helper()
	var all []string
	for _, m := range p.mail.Messages() {
		if m.To != address {
			continue
		}
		parsed, err := netmail.ReadMessage(bytes.NewReader(m.Data))
		if err != nil {
			p.t.Fatal(err)
		}
		subject, err := (&mime.WordDecoder{}).DecodeHeader(parsed.Header.Get("Subject"))
		if err != nil {
			p.t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(parsed.Body))
		if err != nil && !strings.Contains(err.Error(), "quotedprintable") { // the boundaries are no such text
			p.t.Fatal(err)
		}
		all = append(all, "Subject: "+subject+"\n\n"+string(body))
	}
	return all
}

const editorsMail = "redaction@example.org"

// week is a press on a Friday afternoon, with readers.
func week(t *testing.T, more ...string) (*press, *wallClock) {
	clock := newWallClock(friday)
	p := newPress(t, "")
	web, err := site(clock.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(web.Close)
	p.site = web.URL
	p.newsletter(append(weekly, more...)...)
	p.subscribe(6)
	return p, clock
}

func TestServeDraftsTellsTheEditorAndSendsWhatWasApproved(t *testing.T) {
	p, clock := week(t, "review: required")
	s := p.ready(clock)
	clock.set(friday)
	eventually(t, "the draft, at its time", s.isIn(digest.InReview))
	if at := clock.now(); at.Before(friday.Truncate(time.Minute).Add(time.Minute)) {
		t.Errorf("the draft was made at %s", at)
	}
	eventually(t, "the editor's mail", func() bool { return len(p.mailTo(editorsMail)) == 1 })
	issue, _ := s.theIssue()
	if issue.Slot != sendTime.Format(time.RFC3339) || issue.Stories() < 5 {
		t.Errorf("slot %s, %d stories", issue.Slot, issue.Stories())
	}
	desk := "/desk/issues/" + issue.ID
	if told := p.mailTo(editorsMail)[0]; !strings.Contains(told, s.browser.base+desk) {
		t.Errorf("the editor's mail does not lead to the desk:\n%s", told)
	}

	clock.set(sendTime.Add(time.Second))
	s.quietly()
	if n := len(p.letters()); n != 0 || !s.isIn(digest.InReview)() {
		t.Fatalf("%d letters went out without approval", n)
	}

	password := regexp.MustCompile(`Password: (\S+)`).FindStringSubmatch(p.hebdo(exitDone, "admin", "create", editorsMail))[1]
	if page := s.browser.post("/desk/login", "address", editorsMail, "password", password); page.status != 303 {
		t.Fatalf("the log-in answers %d", page.status)
	}
	if page := s.browser.get(desk); page.status != 200 {
		t.Fatalf("the desk answers %d", page.status)
	}
	if page := s.browser.get(desk + "/approve"); page.status == 200 || !s.isIn(digest.InReview)() {
		t.Fatalf("a look approves: %d", page.status)
	}
	issue, _ = s.theIssue()
	if page := s.browser.post(desk+"/approve", "version", fmt.Sprint(issue.Version), "remark", "bien"); page.status != 303 {
		t.Fatalf("the approval answers %d\n%s", page.status, page.body)
	}
	eventually(t, "all letters", s.isIn(digest.Sent))
	if got := p.letters(); len(got) != 6 {
		t.Errorf("letters went to %v", got)
	}
	if page := s.browser.get("/lettre/1"); page.status != 200 {
		t.Errorf("the web edition answers %d", page.status)
	}
	s.quietly()
	if n := len(p.mail.Messages()); n != 7 {
		t.Errorf("%d mails came in, want six letters and one to the editor", n)
	}
}

func TestTwoServersTellTheEditorOnce(t *testing.T) {
	p, clock := week(t, "review: required")
	one, two := p.ready(clock), p.ready(clock)
	clock.set(friday)
	eventually(t, "the draft", one.isIn(digest.InReview))
	eventually(t, "the editor's mail", two.told)
	one.quietly()
	if n := len(p.mail.Messages()); n != 1 {
		t.Errorf("%d mails came in", n)
	}
}

func TestAnEditorsMailThatWasRefusedIsSentLater(t *testing.T) {
	p, clock := week(t, "review: required")
	p.mail.Answer(smtptest.Answer{To: editorsMail, Code: 450, Text: "later", Times: 1})
	s := p.ready(clock)
	s.trouble = "the editor could not be told"
	clock.set(friday)
	eventually(t, "the draft", s.isIn(digest.InReview))
	s.quietly()
	if issue, _ := s.theIssue(); len(p.mail.Messages()) != 0 || !issue.Told.IsZero() {
		t.Errorf("%d mails came in", len(p.mail.Messages()))
	}
	clock.set(friday.Add(time.Hour))
	eventually(t, "the editor's mail", s.told)
	if n := len(p.mailTo(editorsMail)); n != 1 {
		t.Errorf("%d mails came in", n)
	}
}

func TestServeSendsByItselfWhatNobodyObjectedTo(t *testing.T) {
	p, clock := week(t, "review: auto-after 10m")
	s := p.ready(clock)
	nl, err := s.store.Newsletter(t.Context(), "lettre")
	if err != nil {
		t.Fatal(err)
	}
	nl.Review.After = 300 * time.Millisecond // shorter than a file may say
	if err := s.store.SaveNewsletter(t.Context(), nl); err != nil {
		t.Fatal(err)
	}
	clock.set(friday)
	eventually(t, "the draft", s.isIn(digest.InReview))
	eventually(t, "the approval by nobody", s.isIn(digest.Approved))
	issue, _ := s.theIssue()
	if issue.ApprovedBy != "auto" || issue.Waited < nl.Review.After || issue.Number != 1 {
		t.Errorf("approved by %q after %s as number %d", issue.ApprovedBy, issue.Waited, issue.Number)
	}
	s.quietly()
	if n := len(p.letters()); n != 0 {
		t.Fatalf("%d letters went out before their time", n)
	}
	clock.set(sendTime)
	eventually(t, "the letters", s.isIn(digest.Sent))
	if got := p.letters(); len(got) != 6 {
		t.Errorf("letters went to %v", got)
	}
}

func TestServeSendsNothingLongAfterItsTimeWithoutAPerson(t *testing.T) {
	p, clock := week(t, "review: auto-after 10m")
	s := p.ready(clock)
	clock.set(friday)
	eventually(t, "the draft", s.isIn(digest.InReview))
	clock.set(sendTime.Add(25 * time.Hour))
	s.quietly()
	if n := len(p.letters()); n != 0 || !s.isIn(digest.InReview)() {
		t.Errorf("%d letters went out a day too late", n)
	}
}

func TestServeSkipsAThinWeekAndTellsTheEditor(t *testing.T) {
	p, clock := week(t, "review: auto-after 10m")
	p.hebdo(exitDone, "apply", p.file("thin.yaml", strings.Replace(p.hebdo(exitDone, "export"), "min_stories: 3", "min_stories: 30", 1)))
	s := p.ready(clock)
	clock.set(friday)
	eventually(t, "the decision to skip", s.isIn(digest.Skipped))
	eventually(t, "the editor's mail", func() bool { return len(p.mailTo(editorsMail)) == 1 })
	clock.set(sendTime.Add(time.Minute))
	s.quietly()
	if n := len(p.mail.Messages()); n != 1 || !s.isIn(digest.Skipped)() {
		t.Errorf("%d mails came in, want one, to the editor", n)
	}
}

func TestServeCatchesUpOnceWhatItMissed(t *testing.T) {
	p, clock := week(t, "review: required")
	p.ready(clock).stop()
	clock.set(friday.Add(3 * time.Hour))

	second := p.served(clock)
	eventually(t, "the draft that was missed", second.isIn(digest.InReview))
	eventually(t, "that the editor was told", second.told)
	issue, _ := second.theIssue()
	second.stop()

	clock.set(friday.Add(4 * time.Hour))
	third := p.served(clock)
	third.quietly()
	again, _ := third.theIssue()
	if again.ID != issue.ID || again.Version != issue.Version || len(p.mailTo(editorsMail)) != 1 {
		t.Errorf("drafted again: version %d, then %d; %d mails", issue.Version, again.Version, len(p.mailTo(editorsMail)))
	}
}

func TestAReaderSignsUpConfirmsAndLeaves(t *testing.T) {
	p, clock := week(t, "review: required")
	clock.set(friday.Add(-time.Hour))
	s := p.served(clock)
	state := func() digest.SubscriptionState {
		sub, err := s.store.SubscriptionOf(t.Context(), "lettre", "zoe@example.net")
		if err != nil {
			return ""
		}
		return sub.State
	}
	form := s.browser.get("/lettre/subscribe")
	if form.status != 200 || !strings.Contains(form.body, `name="address"`) {
		t.Fatalf("the form answers %d", form.status)
	}
	unknown := s.browser.post("/lettre/subscribe", "address", "zoe@example.net", "language", "fr")
	known := s.browser.post("/lettre/subscribe", "address", reader(0), "language", "fr")
	if unknown != known || unknown.status != 303 {
		t.Errorf("known and unknown addresses are told apart: %v, %v", unknown, known)
	}
	eventually(t, "the confirmation mail", func() bool { return len(p.mailTo("zoe@example.net")) == 1 })
	if state() != digest.Pending {
		t.Fatalf("unconfirmed, she is %s", state())
	}
	link := regexp.MustCompile(regexp.QuoteMeta(s.browser.base) + `(/c/\S+)`).FindStringSubmatch(p.mailTo("zoe@example.net")[0])
	if link == nil {
		t.Fatalf("no link in\n%s", p.mailTo("zoe@example.net")[0])
	}
	if page := s.browser.get(link[1]); page.status != 200 || state() != digest.Pending {
		t.Fatalf("a look answers %d, and she is %s", page.status, state())
	}
	if page := s.browser.post(link[1]); page.status != 200 || state() != digest.Active {
		t.Fatalf("the click answers %d, and she is %s\n%s", page.status, state(), page.body)
	}
	sub, err := s.store.SubscriptionOf(t.Context(), "lettre", "zoe@example.net")
	if err != nil || sub.Consent.Text == "" || sub.Consent.IP == "" || sub.Confirmed.IsZero() {
		t.Errorf("the consent kept is %+v, confirmed %s (%v)", sub.Consent, sub.Confirmed, err)
	}
	leave, err := url.Parse(s.links.URL("u", sub.ID))
	if err != nil {
		t.Fatal(err)
	}
	if page := s.browser.post(leave.Path, "List-Unsubscribe", "One-Click"); page.status != 200 || state() != digest.Unsubscribed {
		t.Fatalf("one click answers %d, and she is %s", page.status, state())
	}
	s.quietly()
	if n := len(p.mailTo(reader(0))); n != 0 {
		t.Errorf("a reader who is on the list got %d mails for signing up again", n)
	}
}
