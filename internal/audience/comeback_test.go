package audience

import (
	"errors"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// paused is a reader who has confirmed, in English and short without "law", and
// then paused.
func (o *office) paused(t *testing.T, address string) digest.Subscription {
	t.Helper()
	o.ask(t, address)
	id := o.sub(t, address).ID
	o.pass(time.Minute)
	if _, err := o.Confirm(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	o.pass(time.Hour)
	sub, err := o.Prefer(t.Context(), id, Preferences{Length: digest.Short, Without: []string{"law"}, Paused: true})
	if err != nil || sub.State != digest.Resting {
		t.Fatalf("%+v, %v", sub, err)
	}
	o.pass(time.Hour)
	return sub
}

// Who paused and has lost the old letters has no link left but by mail.
func TestAPausedReaderComesBackBySigningUp(t *testing.T) {
	o := open(t)
	before := o.paused(t, "ada@example.org")
	mails := o.post.count()
	o.ask(t, "ada@example.org")
	got := o.sub(t, "ada@example.org")
	if o.post.count() != mails+1 {
		t.Fatalf("%d mails, want one that lets her come back", o.post.count()-mails)
	}
	if got.AskedTimes != 1 || !got.Asked.Equal(o.at) {
		t.Errorf("the mail is not counted: %+v", got)
	}
	got.Asked, got.AskedTimes = before.Asked, before.AskedTimes
	if got != before {
		t.Errorf("somebody typed the address, and it changed\n%+v\n%+v", before, got)
	}
	o.pass(time.Minute)
	back, err := o.Confirm(t.Context(), before.ID)
	if err != nil || !back.Receives() || back.AskedTimes != 0 || !back.Confirmed.Equal(o.at) || back.Consent != before.Consent || back.Length != digest.Short {
		t.Errorf("after the click: %+v, %v", back, err)
	}
}

func TestAPausedReaderIsNotFloodedEither(t *testing.T) {
	o := open(t)
	o.paused(t, "victim@example.org")
	mails := o.post.count()
	for range 24 * 60 {
		o.ask(t, "victim@example.org")
		o.pass(time.Minute)
	}
	if n := o.post.count() - mails; n != 3 {
		t.Errorf("%d mails in a day, want 3", n)
	}
	o.shelf.suppress("victim@example.org", digest.Complained)
	o.pass(1000 * time.Hour)
	if o.ask(t, "victim@example.org"); o.post.count() != mails+3 {
		t.Error("a mail after a complaint")
	}
}

// No mail reached her, so that she need not wait before she asks again.
func TestAPausedReaderWhoseMailFailedMayAskAgainAtOnce(t *testing.T) {
	o := open(t)
	o.paused(t, "ada@example.org")
	mails := o.post.count()
	o.post.fail = errors.New("connection refused")
	for range 4 {
		o.ask(t, "ada@example.org")
	}
	if sub := o.sub(t, "ada@example.org"); sub.AskedTimes != 0 || !sub.Asked.IsZero() || sub.State != digest.Resting {
		t.Errorf("the failed mails count: %+v", sub)
	}
	o.post.fail = nil
	if o.ask(t, "ada@example.org"); o.post.count() != mails+1 {
		t.Errorf("%d mails, want one that lets her come back", o.post.count()-mails)
	}
}

func TestAnAddressSuppressedBeforeTheClickStaysAsItIs(t *testing.T) {
	for _, kind := range []digest.SuppressionKind{digest.Bounced, digest.Complained, digest.Barred, digest.Erased} {
		o := open(t)
		o.ask(t, "new@example.org")
		o.paused(t, "paused@example.org")
		for _, match := range []string{"new@example.org", "paused@example.org"} {
			o.shelf.suppress(match, kind)
			before := o.sub(t, match)
			if got, err := o.Confirm(t.Context(), before.ID); err != nil || got != before || o.sub(t, match) != before {
				t.Errorf("%s, %s: %+v, %v", kind, match, got, err)
			}
		}
	}
}

func TestAConsentSinceThePauseBringsAReaderBack(t *testing.T) {
	o := open(t)
	before := o.paused(t, "ada@example.org")
	add := func(e Entry) digest.Subscription {
		t.Helper()
		e.Address = Address{Typed: "ada@example.org", Match: "ada@example.org"}
		sub, err := o.Add(t.Context(), letter, e)
		if err != nil {
			t.Fatal(err)
		}
		return sub
	}
	now := digest.Consent{At: o.at, Source: "command line", Text: "asked again"}
	for name, e := range map[string]Entry{
		"none":                          {},
		"one without a date":            {Consent: digest.Consent{Text: "by phone"}},
		"the one she gave then":         {Consent: digest.Consent{At: before.Consent.At}},
		"one between form and click":    {Consent: digest.Consent{At: before.Confirmed}},
		"a newer one that says paused":  {Consent: now, State: digest.Resting},
		"a newer one that says pending": {Consent: now, State: digest.Pending},
	} {
		if got := add(e); got != before {
			t.Errorf("%s: %+v", name, got)
		}
	}
	got := add(Entry{Consent: now, Language: digest.French, Length: digest.Full, Without: "models"})
	if !got.Receives() || got.Consent != now || got.Language != digest.English || got.Length != digest.Short || got.Without != "law" {
		t.Errorf("asked again: %+v", got)
	}
}

func TestAnImportedConsentSinceThePauseBringsAReaderBack(t *testing.T) {
	o := open(t)
	before := o.paused(t, "ada@example.org")
	file := "email,consent\nada@example.org,2026-11-23T07:30Z\n"
	report, err := o.load(t, file, quick)
	if err != nil || report.Activated != 1 || !o.sub(t, "ada@example.org").Receives() {
		t.Fatalf("%+v, %v: %+v", report, err, o.sub(t, "ada@example.org"))
	}
	if _, err := o.Prefer(t.Context(), before.ID, Preferences{Paused: true}); err != nil {
		t.Fatal(err)
	}
	if report, err = o.load(t, file, quick); err != nil || report.Unchanged != 1 || o.sub(t, "ada@example.org").State != digest.Resting {
		t.Errorf("the same file ended a later pause: %+v, %v", report, err)
	}
}
