package audience

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

func (o *office) ask(t *testing.T, address string) {
	t.Helper()
	err := o.Subscribe(t.Context(), Request{Newsletter: letter, Address: address, Language: digest.English, IP: "192.0.2.1", Page: "/semaine", Shown: "Yes, send me the letter."})
	if err != nil {
		t.Fatalf("subscribing %s: %v", address, err)
	}
	o.Wait()
}

func TestAReaderSubscribesConfirmsPausesAndLeaves(t *testing.T) {
	o := open(t)
	o.ask(t, "Ada@Example.org")
	sub := o.sub(t, "ada@example.org")
	if sub.State != digest.Pending || sub.Receives() || sub.Subscriber.Address != "Ada@example.org" || sub.Consent.IP != "192.0.2.1" || sub.Language != digest.English {
		t.Fatalf("after sign-up: %+v", sub)
	}
	if o.post.count() != 1 || o.post.links[0] != o.links.URL(track.Confirm, sub.ID) {
		t.Fatalf("mails %d, links %v", o.post.count(), o.post.links)
	}
	o.pass(time.Hour)
	for range 2 { // the second changes nothing
		got, err := o.Confirm(t.Context(), sub.ID)
		if err != nil || !got.Receives() || !got.Confirmed.Equal(time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)) || !got.Consent.At.Equal(sub.Consent.At) {
			t.Fatalf("after confirming: %+v, %v", got, err)
		}
		o.pass(time.Minute)
	}
	got, err := o.Prefer(t.Context(), sub.ID, Preferences{Language: digest.French, Length: digest.Short, Without: []string{"models", "law"}, Paused: true})
	if err != nil || got.State != digest.Resting || got.Without != "models law" || got.Language != digest.French || got.Length != digest.Short {
		t.Fatalf("after pausing: %+v, %v", got, err)
	}
	got, err = o.Prefer(t.Context(), sub.ID, Preferences{})
	if err != nil || got.State != digest.Active || got.Length != digest.Short || got.Without != "models law" {
		t.Fatalf("after going on: %+v, %v", got, err)
	}
	if got, err = o.Prefer(t.Context(), sub.ID, Preferences{Without: []string{}}); err != nil || got.Without != "" {
		t.Fatalf("after taking all themes again: %+v, %v", got, err)
	}
	gone, err := o.Unsubscribe(t.Context(), sub.ID)
	if err != nil || gone.State != digest.Unsubscribed || gone.Ended.IsZero() {
		t.Fatalf("after leaving: %+v, %v", gone, err)
	}
	o.pass(time.Hour)
	for name, act := range map[string]func() (digest.Subscription, error){
		"leaving again":       func() (digest.Subscription, error) { return o.Unsubscribe(t.Context(), sub.ID) },
		"an old confirmation": func() (digest.Subscription, error) { return o.Confirm(t.Context(), sub.ID) },
		"a preference":        func() (digest.Subscription, error) { return o.Prefer(t.Context(), sub.ID, Preferences{}) },
	} {
		if got, err := act(); err != nil || got != gone {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	o.ask(t, "ada@example.org")
	if got := o.sub(t, "ada@example.org"); got.State != digest.Pending || got.ID != sub.ID {
		t.Fatalf("coming back: %+v", got)
	}
	if got, _ := o.Confirm(t.Context(), sub.ID); !got.Receives() || !got.Ended.IsZero() {
		t.Fatalf("come back: %+v", got)
	}
}

func TestTheAnswerNeverTellsWhetherAnAddressIsKnown(t *testing.T) {
	o := open(t)
	o.ask(t, "active@example.org")
	o.Confirm(t.Context(), o.sub(t, "active@example.org").ID)
	o.ask(t, "pending@example.org")
	o.ask(t, "bounced@example.org")
	o.shelf.suppress("bounced@example.org", digest.Bounced)
	o.shelf.suppress("elsewhere@example.org", digest.Complained) // known from another newsletter
	o.pass(48 * time.Hour)
	before := o.sub(t, "active@example.org")
	mails := o.post.count()
	o.ask(t, "active@example.org")
	o.ask(t, "bounced@example.org")
	o.ask(t, "elsewhere@example.org")
	if o.post.count() != mails {
		t.Errorf("%d mails went out", o.post.count()-mails)
	}
	if o.sub(t, "active@example.org") != before {
		t.Error("an active subscription changed because somebody typed its address")
	}
	o.ask(t, "pending@example.org")
	o.ask(t, "new@example.org")
	if o.post.count() != mails+2 {
		t.Errorf("%d mails to a pending and a new reader, want 2", o.post.count()-mails)
	}
}

func TestNobodyIsFloodedWithConfirmations(t *testing.T) {
	o := open(t)
	var sent []time.Time
	for range 7 * 24 * 60 { // once a minute for a week, spelt differently
		before := o.post.count()
		o.ask(t, "Victim@example.org")
		if o.post.count() > before {
			sent = append(sent, o.at)
		}
		o.pass(time.Minute)
	}
	for i := range sent {
		if i > 0 && sent[i].Sub(sent[i-1]) < 10*time.Minute {
			t.Errorf("mails %d and %d are %v apart", i, i+1, sent[i].Sub(sent[i-1]))
		}
		if i > 2 && sent[i].Sub(sent[i-3]) < 24*time.Hour {
			t.Errorf("four mails in %v", sent[i].Sub(sent[i-3]))
		}
	}
	if len(sent) != 5 {
		t.Errorf("%d mails in a week, want 5: three at once, then after one and two more days", len(sent))
	}
	// Leaving by the mail's own link must not open the gate again.
	sub := o.sub(t, "victim@example.org")
	o.Unsubscribe(t.Context(), sub.ID)
	o.ask(t, "victim@example.org")
	if o.post.count() != len(sent) {
		t.Error("a mail after the reader refused")
	}
}

func TestAFailedConfirmationMayBeAskedForAgain(t *testing.T) {
	o := open(t)
	o.post.fail = errors.New("connection refused")
	o.ask(t, "ada@example.org")
	if sub := o.sub(t, "ada@example.org"); sub.AskedTimes != 0 || !sub.Asked.IsZero() {
		t.Fatalf("the failed mail counts: %+v", sub)
	}
	o.post.fail = nil
	if n, err := o.AskAgain(t.Context(), letter.Slug); n != 1 || err != nil || o.post.count() != 1 {
		t.Fatalf("asked again: %d, %v", n, err)
	}
	if n, err := o.AskAgain(t.Context(), letter.Slug); n != 0 || err != nil {
		t.Fatalf("asked twice: %d, %v", n, err)
	}
	o.post.fail = digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1", Text: "<bob@example.org> unknown"}
	o.ask(t, "bob@example.org")
	if sub := o.sub(t, "bob@example.org"); sub.AskedTimes != 1 {
		t.Fatalf("a final refusal does not count: %+v", sub)
	}
	if got := cause(o.post.fail); got != "550 5.1.1" {
		t.Errorf("logged cause %q quotes the server", got)
	}
}

func TestABadAddressOrABrokenRegisterIsAnError(t *testing.T) {
	o := open(t)
	if err := o.Subscribe(t.Context(), Request{Newsletter: letter, Address: "nobody"}); !errors.Is(err, ErrAddress) {
		t.Errorf("got %v", err)
	}
	o.shelf.broken = errors.New("disk full")
	if err := o.Subscribe(t.Context(), Request{Newsletter: letter, Address: "a@example.org"}); !errors.Is(err, o.shelf.broken) {
		t.Errorf("got %v", err)
	}
	if o.Wait(); o.post.count() != 0 {
		t.Error("mail before the row was stored")
	}
	if _, err := o.Confirm(t.Context(), "00000000-0000-7000-8000-999999999999"); !errors.Is(err, digest.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestManyAtOnceSendOneMail(t *testing.T) {
	o := open(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := o.Subscribe(context.Background(), Request{Newsletter: letter, Address: "ada@example.org"}); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	o.Wait()
	if o.post.count() != 1 {
		t.Errorf("%d mails", o.post.count())
	}
}

func TestEraseForgetsAndLetsComeBack(t *testing.T) {
	o := open(t)
	o.ask(t, "ada@example.org")
	if err := o.Erase(t.Context(), "ADA@example.org"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.shelf.SubscriptionOf(t.Context(), letter.Slug, "ada@example.org"); !errors.Is(err, digest.ErrNotFound) {
		t.Fatalf("still there: %v", err)
	}
	o.ask(t, "ada@example.org")
	if o.post.count() != 2 {
		t.Error("the owner of an erased address cannot come back")
	}
	if err := o.Erase(t.Context(), "not an address"); !errors.Is(err, ErrAddress) {
		t.Errorf("got %v", err)
	}
}
