package deliver_test

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// sharedLinks are cheap and safe to share.
var sharedLinks = func() *track.Links {
	l, err := track.New(&url.URL{Scheme: "https", Host: "news.example.org"}, []track.Key{{ID: 1, Secret: bytes.Repeat([]byte("k"), 32)}})
	if err != nil {
		panic(err)
	}
	return l
}()

var newsletter = digest.Newsletter{
	Slug: "la-semaine-ia", Name: "La Semaine IA", Sender: `"La Semaine IA" <lettre@news.example.org>`,
	ReplyTo: "redaction@example.org", Languages: []digest.Language{digest.French, digest.English}, Zone: "Europe/Paris",
}

var issue = digest.Issue{ID: issueID, Newsletter: "la-semaine-ia", Number: 47, State: digest.Sending}

func letterIn(lang digest.Language) digest.Letter {
	return digest.Letter{
		Variant: digest.Variant{Language: lang, Length: digest.Full}, Subject: "Sujet " + string(lang), Preheader: "…",
		HTML: `<a href="` + digest.MarkUnsubscribe + `">x</a> <a href="` + digest.MarkPreferences + `">y</a> <a href="` + digest.MarkUnsubscribe + `">z</a>`,
		Text: "x " + digest.MarkUnsubscribe + "\ny " + digest.MarkPreferences + "\n",
	}
}

func approved() shelf {
	var s shelf
	for _, lang := range newsletter.Languages {
		l := letterIn(lang)
		s = append(s, digest.Edition{IssueID: issueID, Letter: l, Hash: deliver.Hash(l)})
	}
	return s
}

func courier(t testing.TB, o deliver.Outbox, s deliver.Sender, now func() time.Time, opt deliver.Options) *deliver.Courier {
	t.Helper()
	if opt.Node == "" {
		opt.Node = "node-a"
	}
	if opt.Patience == 0 {
		opt.Patience = time.Second
	}
	if opt.Pause == 0 {
		opt.Pause = time.Millisecond
	}
	opt.Now = now
	return deliver.New(o, approved(), s, sharedLinks, opt)
}

// same compares reports but for the time they took.
func same(t *testing.T, want, got deliver.Report) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(deliver.Report{}, "Seconds")); d != "" {
		t.Errorf("report (-want +got):\n%s", d)
	}
}

func TestEverybodyGetsOneLetterWithLinksOfTheirOwn(t *testing.T) {
	clk := newClock()
	l := readers(101, clk.now)
	var mu sync.Mutex
	got := map[string]digest.Mail{}
	c := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error {
		mu.Lock()
		defer mu.Unlock()
		if _, twice := got[m.To]; twice {
			t.Errorf("%s got it twice", m.To)
		}
		got[m.To] = m
		return nil
	}), clk.now, deliver.Options{Batch: 30, Connections: 5})
	n, err := c.Enqueue(t.Context(), issue)
	if n != 101 || err != nil {
		t.Fatal(n, err)
	}
	report, err := c.Drain(t.Context(), issue, newsletter)
	if err != nil {
		t.Fatal(err)
	}
	same(t, deliver.Report{Sent: 101}, report)
	if l.maxBegun > 10 {
		t.Errorf("%d were in the state sending at once; at most 2 × 5 may", l.maxBegun)
	}
	lk := sharedLinks
	for i := range 101 {
		m, ok := got["<"+address(i)+">"]
		if !ok {
			t.Fatalf("%s got nothing", address(i))
		}
		own := lk.URL(track.Unsubscribe, uid('a', i))
		if strings.Count(m.HTML, own) != 2 || strings.Count(m.Text, own) != 1 || strings.Contains(m.HTML+m.Text, ".invalid") {
			t.Fatalf("links of %s:\n%s\n%s", address(i), m.HTML, m.Text)
		}
		if want := digest.Language([]string{"fr", "en"}[i%2]); m.Language != want || m.Subject != "Sujet "+string(want) {
			t.Errorf("%s got %s", address(i), m.Subject)
		}
	}
	if d := l.row(7); d.Code != 250 || d.Attempts != 1 || d.MessageID != got["<"+address(7)+">"].MessageID || d.FirstTried.IsZero() {
		t.Errorf("row: %+v", d)
	}
}

func TestWhatEachAnswerMakesOfADelivery(t *testing.T) {
	refuse := func(code int, enhanced, text string) error {
		return digest.Refusal{Permanent: code >= 500, Code: code, Enhanced: enhanced, Text: text}
	}
	for name, want := range map[string]struct {
		err     error
		state   digest.DeliveryState
		after   time.Duration // deferred for
		bounced bool
		code    int
		reply   string
	}{
		"unknown mailbox":     {refuse(550, "5.1.1", "no such user"), digest.Refused, 0, true, 550, "no such user"},
		"mailbox disabled":    {refuse(550, "5.2.1", "disabled"), digest.Refused, 0, true, 550, "disabled"},
		"blocklisted":         {refuse(554, "5.7.1", "on a list"), digest.Refused, 0, false, 554, "on a list"},
		"spam":                {refuse(550, "5.6.0", "content"), digest.Refused, 0, false, 550, "content"},
		"greylisted":          {refuse(450, "4.7.1", "later"), digest.Deferred, 5 * time.Minute, false, 450, "later"},
		"mailbox full":        {refuse(452, "4.2.2", "full"), digest.Deferred, 5 * time.Minute, false, 452, "full"},
		"session broke":       {errors.New("reset by peer"), digest.Deferred, 5 * time.Minute, false, 0, "reset by peer"},
		"answer lost":         {digest.ErrPerhapsAccepted, digest.Unsure, 0, false, 0, digest.ErrPerhapsAccepted.Error()},
		"not fit to be sent":  {digest.ErrUnsendable, digest.Refused, 0, false, 0, digest.ErrUnsendable.Error()},
		"no SMTPUTF8 offered": {refuse(553, "5.6.7", "utf8"), digest.Refused, 0, false, 553, "utf8"},
	} {
		t.Run(name, func(t *testing.T) {
			clk := newClock()
			l := readers(3, clk.now)
			c := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error {
				if m.To == "<"+address(1)+">" {
					return want.err
				}
				return nil
			}), clk.now, deliver.Options{})
			if _, err := c.Drain(t.Context(), issue, newsletter); err != nil {
				t.Fatal(err)
			}
			d := l.row(1)
			if d.State != want.state || d.Code != want.code || d.Reply != want.reply || d.Attempts != 1 || d.FirstTried.IsZero() {
				t.Errorf("row: %+v", d)
			}
			if bounced := slices.Contains(l.bounced, address(1)); bounced != want.bounced {
				t.Errorf("bounced: %v", bounced)
			}
			if want.after > 0 && !d.NotBefore.Equal(clk.now().Add(want.after)) {
				t.Errorf("again at %v", d.NotBefore)
			}
			if l.row(0).State != digest.Delivered || l.row(2).State != digest.Delivered {
				t.Error("the others did not get theirs")
			}
		})
	}
}

func TestTemporaryRefusalIsTriedAgainWithGrowingWaitsUntilItIsGivenUp(t *testing.T) {
	clk := newClock()
	l := readers(1, clk.now)
	var mails []digest.Mail
	c := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error {
		mails = append(mails, m)
		return digest.Refusal{Code: 450, Enhanced: "4.7.1", Text: "later"}
	}), clk.now, deliver.Options{})
	var waits []time.Duration
	for range 50 {
		report, err := c.Drain(t.Context(), issue, newsletter)
		if report.Deferred == 0 {
			if !errors.Is(err, deliver.ErrStopped) {
				t.Errorf("the issue reached nobody: %v", err)
			}
			same(t, deliver.Report{Refused: 1}, report)
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		waits = append(waits, l.due().Sub(clk.now()))
		clk.add(l.due().Sub(clk.now()) - time.Second)
		tried := len(mails)
		if _, err := c.Drain(t.Context(), issue, newsletter); err != nil || len(mails) != tried {
			t.Fatalf("tried before it was due (%v)", err)
		}
		clk.add(time.Second)
	}
	want := []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour}
	for range 8 {
		want = append(want, 6*time.Hour)
	}
	if d := cmp.Diff(want, waits); d != "" {
		t.Error(d)
	}
	if d := l.row(0); d.State != digest.Refused || d.Code != 450 || len(l.bounced) != 0 {
		t.Errorf("row %+v, bounced %v", d, l.bounced)
	}
	if d := cmp.Diff(mails[0], mails[5]); d != "" {
		t.Errorf("a second try is not the same mail:\n%s", d)
	}
}

func TestServerThatTakesNothingStopsTheRunAndBurnsNobody(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		most int // of mails tried
	}{
		"nobody listens":       {digest.ErrUnreachable, 20},
		"too many connections": {digest.Refusal{Code: 421, Connection: true}, 20},
		"wrong password":       {digest.Refusal{Code: 535, Enhanced: "5.7.8", Permanent: true, Connection: true}, 8},
	} {
		t.Run(name, func(t *testing.T) {
			clk := newClock()
			l := readers(500, clk.now)
			var tries atomic.Int32
			down := true
			cr := courier(t, l, senderFunc(func(context.Context, digest.Mail) error {
				tries.Add(1)
				if down {
					return c.err
				}
				return nil
			}), clk.now, deliver.Options{})
			report, err := cr.Drain(t.Context(), issue, newsletter)
			if !errors.Is(err, deliver.ErrStopped) {
				t.Fatalf("want ErrStopped: %v", err)
			}
			if n := int(tries.Load()); n > c.most {
				t.Errorf("%d tries", n)
			}
			same(t, deliver.Report{Queued: 500}, report)
			for i := range 500 {
				if d := l.row(i); d.State != digest.Queued || d.Attempts != 0 || !d.FirstTried.IsZero() {
					t.Fatalf("row %d: %+v", i, d)
				}
			}
			down = false
			report, err = cr.Drain(t.Context(), issue, newsletter)
			if err != nil {
				t.Fatal(err)
			}
			same(t, deliver.Report{Sent: 500}, report)
		})
	}
}

func TestOneReaderIsEnoughToSeeThatTheServerIsDown(t *testing.T) {
	clk := newClock()
	l := readers(1, clk.now)
	c := courier(t, l, senderFunc(func(context.Context, digest.Mail) error { return digest.ErrUnreachable }), clk.now, deliver.Options{})
	if _, err := c.Drain(t.Context(), issue, newsletter); !errors.Is(err, deliver.ErrStopped) {
		t.Errorf("want ErrStopped: %v", err)
	}
}

func TestOneBlocklistDoesNotEmptyAList(t *testing.T) {
	clk := newClock()
	l := readers(1000, clk.now)
	c := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error {
		return digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.7.1", Text: "blocked: " + m.To}
	}), clk.now, deliver.Options{})
	report, err := c.Drain(t.Context(), issue, newsletter)
	if !errors.Is(err, deliver.ErrStopped) {
		t.Fatal(err)
	}
	if strings.Contains(err.Error(), "example.net") {
		t.Errorf("an address is in the error: %v", err)
	}
	if report.Refused > 20 || report.Refused+report.Queued != 1000 || len(l.bounced) != 0 {
		t.Errorf("%+v, %d bounced", report, len(l.bounced))
	}
}

func TestBouncesInARowAreNoReasonToStop(t *testing.T) {
	clk := newClock()
	l := readers(60, clk.now)
	c := courier(t, l, senderFunc(func(context.Context, digest.Mail) error {
		return digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1"}
	}), clk.now, deliver.Options{})
	report, err := c.Drain(t.Context(), issue, newsletter)
	if err != nil {
		t.Fatal(err)
	}
	same(t, deliver.Report{Refused: 60}, report)
}

// One mail that makes the server hang up must neither stop the others nor be
// tried for ever.
func TestMailThatBreaksTheSessionIsGivenUp(t *testing.T) {
	clk := newClock()
	l := readers(40, clk.now)
	c := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error {
		if m.To == "<"+address(3)+">" {
			return errors.New("connection reset")
		}
		return nil
	}), clk.now, deliver.Options{})
	for range 30 {
		report, err := c.Drain(t.Context(), issue, newsletter)
		if err != nil {
			t.Fatal(err)
		}
		if report.Deferred == 0 {
			same(t, deliver.Report{Sent: 39, Refused: 1}, report)
			return
		}
		clk.add(l.due().Sub(clk.now()))
	}
	t.Errorf("still tried: %+v", l.row(3))
}

func TestChangedEditionIsNotSent(t *testing.T) {
	clk := newClock()
	l := readers(3, clk.now)
	bad := approved()
	bad[1].Letter.HTML += "<p>one more word</p>"
	c := deliver.New(l, bad, senderFunc(func(context.Context, digest.Mail) error {
		t.Error("sent")
		return nil
	}), sharedLinks, deliver.Options{Node: "a", Now: clk.now})
	if _, err := c.Drain(t.Context(), issue, newsletter); err == nil || !strings.Contains(err.Error(), "en/full") {
		t.Errorf("want an error that names the edition: %v", err)
	}
}

func TestOnlyAnApprovedIssueIsQueuedAndOnlyOneBeingSentIsDrained(t *testing.T) {
	clk := newClock()
	c := courier(t, readers(1, clk.now), senderFunc(func(context.Context, digest.Mail) error { t.Error("sent"); return nil }), clk.now, deliver.Options{})
	for _, s := range digest.States() {
		i := issue
		i.State = s
		_, queueing := c.Enqueue(t.Context(), i)
		if ok := s == digest.Approved || s == digest.Sending || s == digest.Paused || s == digest.Sent; ok != (queueing == nil) {
			t.Errorf("%s: queue: %v", s, queueing)
		}
		if s == digest.Sending {
			continue
		}
		_, draining := c.Drain(t.Context(), i, newsletter)
		early := s == digest.Draft || s == digest.InReview || s == digest.Rejected || s == digest.Skipped
		if draining == nil || errors.Is(draining, digest.ErrNotApproved) != early {
			t.Errorf("%s: drain: %v", s, draining)
		}
	}
}

func TestEndOfTheProgramSettlesWhatWasBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := readers(200, time.Now)
		ctx, cancel := context.WithCancel(t.Context())
		var sent atomic.Int32
		c := courier(t, l, senderFunc(func(context.Context, digest.Mail) error {
			time.Sleep(time.Second)
			if sent.Add(1) == 10 {
				cancel()
			}
			return nil
		}), time.Now, deliver.Options{Connections: 4})
		report, err := c.Drain(ctx, issue, newsletter)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("want the context's error: %v", err)
		}
		if report.Sent != int(sent.Load()) || report.Sent > 10+2*4 || report.Queued != 200-report.Sent || report.Unsure != 0 {
			t.Errorf("%d mails accepted: %+v", sent.Load(), report)
		}
	})
}

func TestEndOfTheProgramDoesNotWaitForASlowServerForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := readers(50, time.Now)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c := courier(t, l, senderFunc(func(ctx context.Context, m digest.Mail) error {
			<-ctx.Done()
			if m.To == "<"+address(0)+">" {
				return digest.ErrPerhapsAccepted
			}
			return ctx.Err()
		}), time.Now, deliver.Options{Connections: 4})
		begun := time.Now()
		report, err := c.Drain(ctx, issue, newsletter)
		if took := time.Since(begun); took != 80*time.Second {
			t.Errorf("took %v, want a minute and the 20 s of grace", took)
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if report.Unsure != 1 || report.Queued != 49 {
			t.Errorf("%+v", report)
		}
	})
}

func TestPaceIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := readers(60, time.Now)
		c := courier(t, l, senderFunc(func(context.Context, digest.Mail) error { return nil }), time.Now, deliver.Options{Rate: 2})
		begun := time.Now()
		if _, err := c.Drain(t.Context(), issue, newsletter); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun).Round(time.Second); took < 29*time.Second || took > 31*time.Second {
			t.Errorf("60 mails at 2 a second took %v", took)
		}
	})
}

// An issue paused in the midst of a batch is sent to nobody else, and what was
// claimed of it is back in the queue at once.
func TestPausedIssueGivesBackItsClaims(t *testing.T) {
	clk := newClock()
	l := readers(40, clk.now)
	paused := &pausing{ledger: l, after: 12}
	c := courier(t, paused, senderFunc(func(context.Context, digest.Mail) error { return nil }), clk.now, deliver.Options{Connections: 2})
	report, err := c.Drain(t.Context(), issue, newsletter)
	if err != nil {
		t.Fatal(err)
	}
	same(t, deliver.Report{Sent: paused.begun, Queued: 40 - paused.begun}, report)
	for i := range 40 {
		if d := l.row(i); d.State == digest.Claimed {
			t.Fatalf("still claimed: %+v", d)
		}
	}
}

// pausing is a ledger whose issue is paused after so many deliveries were begun.
type pausing struct {
	*ledger
	after, begun int
}

func (p *pausing) Turn(ctx context.Context, node string, done []digest.Delivery, bounced []string, next []digest.Delivery, until time.Time) ([]string, error) {
	if p.begun >= p.after {
		next = nil
	}
	held, err := p.ledger.Turn(ctx, node, done, bounced, next, until)
	p.begun += len(held)
	return held, err
}

func (p *pausing) Claim(ctx context.Context, c digest.Claim) ([]digest.Delivery, error) {
	if p.begun >= p.after {
		return nil, nil
	}
	return p.ledger.Claim(ctx, c)
}

// Two runs in one process, on one issue, are two hands.
func TestTwoRunsOfOneProcessDoNotShareAClaim(t *testing.T) {
	clk := newClock()
	l := readers(300, clk.now)
	var mu sync.Mutex
	got := map[string]int{}
	c := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error {
		mu.Lock()
		defer mu.Unlock()
		got[m.To]++
		clk.add(time.Minute) // leases expire on the way
		return nil
	}), clk.now, deliver.Options{Batch: 50, Connections: 2})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if _, err := c.Drain(t.Context(), issue, newsletter); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for to, n := range got {
		if n != 1 {
			t.Errorf("%s got it %d times", to, n)
		}
	}
}
