package deliver_test

import (
	"bytes"
	"flag"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	hebdomail "hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every fault of a real SMTP session, once, in one run.
func TestRunAgainstARealServer(t *testing.T) {
	server, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	sender, err := hebdomail.New(hebdomail.Options{Host: server.Host(), Port: server.Port(), TLS: "none", Connections: 3,
		Timeout: 5 * time.Second, Answer: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer sender.Close()
	clk := newClock()
	l := readers(60, clk.now)
	type fate struct {
		answer smtptest.Answer
		first  digest.DeliveryState // after the first run
		second digest.DeliveryState // after the second, some hours later
	}
	fates := map[int]fate{
		1:  {smtptest.Answer{Code: 550, Enhanced: "5.1.1", Text: "no such user"}, digest.Refused, digest.Refused},
		5:  {smtptest.Answer{Code: 450, Enhanced: "4.2.0", Text: "greylisted", Times: 1}, digest.Deferred, digest.Delivered},
		9:  {smtptest.Answer{Code: 554, Enhanced: "5.7.1", Text: "policy"}, digest.Refused, digest.Refused},
		13: {smtptest.Answer{At: smtptest.Dot, Code: 554, Enhanced: "5.6.0", Text: "content"}, digest.Refused, digest.Refused},
		17: {smtptest.Answer{At: smtptest.Dot, Code: 452, Enhanced: "4.3.1", Text: "disk full", Times: 1}, digest.Deferred, digest.Delivered},
		21: {smtptest.Answer{Drop: true, Times: 1}, digest.Deferred, digest.Delivered},
		25: {smtptest.Answer{At: smtptest.Dot, Drop: true}, digest.Unsure, digest.Unsure},
		29: {smtptest.Answer{At: smtptest.Dot, Drop: true, Keep: true}, digest.Unsure, digest.Unsure},
		33: {smtptest.Answer{At: smtptest.Dot, Delay: 4 * time.Second, Keep: true}, digest.Unsure, digest.Unsure},
	}
	for i, f := range fates {
		f.answer.To = address(i)
		server.Answer(f.answer)
	}
	c := courier(t, l, sender, clk.now, deliver.Options{Connections: 3, Batch: 25})
	check := func(of func(fate) digest.DeliveryState) {
		t.Helper()
		for i := range 60 {
			want := digest.Delivered
			if f, ok := fates[i]; ok {
				want = of(f)
			}
			if d := l.row(i); d.State != want {
				t.Errorf("%s is %s, want %s: %d %s %s", d.Address, d.State, want, d.Code, d.Enhanced, d.Reply)
			}
		}
	}
	report, err := c.Drain(t.Context(), issue, newsletter)
	if err != nil {
		t.Fatal(err)
	}
	check(func(f fate) digest.DeliveryState { return f.first })
	same(t, deliver.Report{Sent: 51, Deferred: 3, Refused: 3, Unsure: 3}, report)
	if d := cmp.Diff([]string{address(1)}, l.bounced); d != "" {
		t.Errorf("bounced: %s", d)
	}
	clk.add(time.Hour)
	if _, err = c.Drain(t.Context(), issue, newsletter); err != nil {
		t.Fatal(err)
	}
	check(func(f fate) digest.DeliveryState { return f.second })
	got := map[string]int{}
	for _, m := range server.Messages() {
		got[m.To]++
		if id, err := sharedLinks.ParseVERP(m.From); err != nil || address(int(id[len(id)-1]-'0'+10*(id[len(id)-2]-'0'))) != m.To {
			t.Errorf("the return path %s of %s is not its own: %v", m.From, m.To, err)
		}
	}
	for i := range 60 {
		d := l.row(i)
		if n := got[d.Address]; n > 1 || n == 1 && d.State != digest.Delivered && d.State != digest.Unsure || n == 0 && d.State == digest.Delivered {
			t.Errorf("%s: the server has %d, the ledger says %s", d.Address, n, d.State)
		}
	}
}

func TestComposedMailHasTheHeadersOfAMailingList(t *testing.T) {
	clk := newClock()
	c := courier(t, readers(1, clk.now), nil, clk.now, deliver.Options{})
	nl := newsletter
	nl.Name = "La Semaine de l’IA"
	m, err := c.Compose(issue, nl, letterIn(digest.French), digest.Delivery{ID: uid('d', 3), SubscriptionID: uid('a', 3), SubscriberID: uid('b', 3),
		Address: "elodie@example.net", Name: "Élodie\r\nBcc: x@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := hebdomail.Write(m, &got); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "letter.eml")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("-golden +got (write it anew with -update):\n%s", d)
	}
	parsed, err := mail.ReadMessage(&got)
	if err != nil {
		t.Fatal(err)
	}
	if parsed.Header.Get("Bcc") != "" {
		t.Error("a name forged a header")
	}
	parts := strings.Split(parsed.Header.Get("Feedback-ID"), ":")
	if id := parts[len(parts)-1]; len(parts) != 4 || len(id) < 5 || len(id) > 15 {
		t.Errorf("Feedback-ID: %v", parts)
	}
}

func TestMessageIDBelongsToIssueAndSubscriber(t *testing.T) {
	clk := newClock()
	c := courier(t, readers(1, clk.now), nil, clk.now, deliver.Options{})
	id := func(i digest.Issue, d digest.Delivery) string {
		m, err := c.Compose(i, newsletter, letterIn(digest.French), d)
		if err != nil {
			t.Fatal(err)
		}
		return m.MessageID
	}
	a := digest.Delivery{ID: uid('d', 1), SubscriptionID: uid('a', 1), SubscriberID: uid('b', 1), Address: "a@example.net"}
	again, other := a, a
	again.FirstTried, again.Attempts = clk.now().Add(-time.Hour), 1
	other.ID = uid('d', 2) // there is one delivery for an issue and a subscriber
	if id(issue, a) != id(issue, again) {
		t.Error("it differs between two tries")
	}
	again.MessageID = "what-an-older-version-gave@news.example.org"
	if id(issue, again) != again.MessageID {
		t.Error("a second try does not have the first one's")
	}
	if id(issue, a) == id(issue, other) {
		t.Error("two mails share it")
	}
}

func TestTestLetterChangesNothing(t *testing.T) {
	clk := newClock()
	server, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	sender, err := hebdomail.New(hebdomail.Options{Host: server.Host(), Port: server.Port(), TLS: "none"})
	if err != nil {
		t.Fatal(err)
	}
	defer sender.Close()
	l := readers(2, clk.now)
	c := courier(t, l, sender, clk.now, deliver.Options{})
	draft := issue
	draft.State = digest.Draft // a draft may be looked at
	for range 2 {
		if err := c.Test(t.Context(), draft, newsletter, letterIn(digest.French), "Editor <editor@example.org>"); err != nil {
			t.Fatal(err)
		}
	}
	ids := map[string]bool{}
	for _, m := range server.Messages() {
		parsed, err := mail.ReadMessage(bytes.NewReader(m.Data))
		if err != nil {
			t.Fatal(err)
		}
		ids[parsed.Header.Get("Message-ID")] = true
		if m.To != "editor@example.org" || !strings.HasPrefix(parsed.Header.Get("Subject"), "[Test] ") || bytes.Contains(m.Data, []byte(".invalid")) {
			t.Errorf("to %s:\n%s", m.To, m.Data)
		}
	}
	if len(ids) != 2 {
		t.Errorf("two tests are two mails: %v", ids)
	}
	if tally, _ := l.Tally(t.Context(), issueID); tally.Queued != 2 {
		t.Errorf("the queue changed: %+v", tally)
	}
	if err := c.Test(t.Context(), issue, digest.Newsletter{Slug: "x", Sender: "nobody"}, letterIn(digest.French), "a@example.org"); err == nil || !strings.Contains(err.Error(), "sender") {
		t.Errorf("want an error that names the sender: %v", err)
	}
}

func TestReaderGetsTheNearestEdition(t *testing.T) {
	clk := newClock()
	l := readers(4, clk.now)
	l.rows[0].Variant = digest.Variant{Language: digest.French, Length: digest.Short}
	l.rows[1].Variant = digest.Variant{Language: "de", Length: digest.Short}
	server, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	sender, err := hebdomail.New(hebdomail.Options{Host: server.Host(), Port: server.Port(), TLS: "none"})
	if err != nil {
		t.Fatal(err)
	}
	defer sender.Close()
	if _, err := courier(t, l, sender, clk.now, deliver.Options{}).Drain(t.Context(), issue, newsletter); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range server.Messages() {
		parsed, err := mail.ReadMessage(bytes.NewReader(m.Data))
		if err != nil {
			t.Fatal(err)
		}
		got[m.To] = parsed.Header.Get("Content-Language")
	}
	if d := cmp.Diff(map[string]string{address(0): "fr", address(1): "fr", address(2): "fr", address(3): "en"}, got); d != "" {
		t.Error(d)
	}
}

func TestHashCoversEveryPart(t *testing.T) {
	base := letterIn(digest.French)
	seen := map[string]bool{deliver.Hash(base): true}
	for _, change := range []func(*digest.Letter){
		func(l *digest.Letter) { l.Variant.Language = "en" },
		func(l *digest.Letter) { l.Variant.Length = digest.Short },
		func(l *digest.Letter) { l.Subject += "." },
		func(l *digest.Letter) { l.Preheader += "." },
		func(l *digest.Letter) { l.HTML += "." },
		func(l *digest.Letter) { l.Text += "." },
		func(l *digest.Letter) { l.Parts = []digest.Part{{Theme: "models", From: 0, To: 2}} },
		func(l *digest.Letter) { l.Parts = []digest.Part{{Theme: "models", From: 0, To: 3}} },
		func(l *digest.Letter) { l.Parts = []digest.Part{{Theme: "models", HTML: true, From: 0, To: 3}} },
		func(l *digest.Letter) { l.Subject, l.Preheader = l.Subject+l.Preheader[:1], l.Preheader[1:] },
	} {
		l := base
		change(&l)
		if h := deliver.Hash(l); seen[h] || len(h) != 64 {
			t.Errorf("hash %s of %+v", h, l.Variant)
		} else {
			seen[h] = true
		}
	}
}
