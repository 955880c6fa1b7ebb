package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hebdo/internal/digest"
)

// box is a mailbox whose messages have the numbers 1, 2, …
type box struct {
	messages []string
	fail     error
	asked    []string // places
}

func (b *box) Letters(_ context.Context, _, place string, _ time.Time, most int, handle func([]byte)) (string, error) {
	b.asked = append(b.asked, place)
	if b.fail != nil {
		return "", b.fail
	}
	at := 0
	_, _ = fmt.Sscan(place, &at)
	for _, m := range b.messages[at:] {
		if most--; most < 0 {
			break
		}
		handle([]byte(m))
		at++
	}
	return fmt.Sprint(at), nil
}

func newMailbox(t *testing.T, b *box) *visitor {
	v := newVisitor(t, digest.SourceMailbox, "imaps://lettres%40example.org@mail.example.org/INBOX")
	if b != nil {
		v.c.post = b
	}
	return v
}

// another is a newsletter of one more story.
func another(n int) string {
	return strings.NewReplacer("modele-ouvert", fmt.Sprint("modele-", n), "n42", fmt.Sprint("n", n)).Replace(digestMail)
}

func TestAMailboxGivesTheStoriesOfItsNewslettersOnce(t *testing.T) {
	b := &box{messages: []string{digestMail, "no e-mail at all"}}
	v := newMailbox(t, b)
	titles, notes := v.visit(v.c.Articles)
	want := []string{"Le Labo publie un modèle ouvert", "Une loi pour les agents", "les puces manquent encore en Europe"}
	if diff := cmp.Diff(want, titles); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"source.letter"}, notes); diff != "" {
		t.Error(diff)
	}
	if s := v.state(); s.ETag != "2" || s.Entries != 3 || s.Health(v.now).Condition != digest.SourceFine {
		t.Errorf("%+v", s)
	}
	if titles, notes = v.visit(v.c.Articles); len(titles)+len(notes) > 0 {
		t.Errorf("read twice: %q, %q", titles, notes)
	}
	b.messages = append(b.messages, another(2))
	if titles, _ = v.visit(v.c.Articles); len(titles) != 1 { // two of its three stories were in the first
		t.Errorf("%q", titles)
	}
	if diff := cmp.Diff([]string{"", "2", "2"}, b.asked); diff != "" {
		t.Error(diff)
	}
	if s := v.state(); s.Entries != 3 || s.Health(v.now).Condition != digest.SourceFine {
		t.Errorf("%+v", s)
	}
}

func TestAFullMailboxIsReadInPortions(t *testing.T) {
	b := &box{}
	for n := range maxLetters + 10 {
		b.messages = append(b.messages, another(n))
	}
	v := newMailbox(t, b)
	first, _ := v.visit(v.c.Articles)
	second, _ := v.visit(v.c.Articles)
	if len(first) != maxLetters+2 || len(second) != 10 {
		t.Errorf("%d, then %d stories", len(first), len(second))
	}
}

func TestAMailboxThatCannotBeReadSaysWhy(t *testing.T) {
	for code, fail := range map[string]error{
		"source.nopassword":  ErrNoPassword,
		"source.forbidden":   fmt.Errorf("%w: NO", ErrRefused),
		"source.unreachable": errors.New("connection refused"),
	} {
		b := &box{messages: []string{digestMail}}
		v := newMailbox(t, b)
		v.visit(v.c.Articles)
		b.fail = fail
		if _, notes := v.visit(v.c.Articles); !slices.Equal(notes, []string{code}) {
			t.Errorf("%s: %q", code, notes)
		}
		if s := v.state(); s.ETag != "1" || s.Trouble != code {
			t.Errorf("%s: %+v", code, s)
		}
	}
	v := newMailbox(t, nil)
	if _, notes := v.visit(v.c.Articles); !slices.Equal(notes, []string{"source.unread"}) {
		t.Errorf("without a way to mailboxes: %q", notes)
	}
	v = newMailbox(t, &box{})
	if v.visit(v.c.Articles); v.state().Health(v.now).Condition != digest.SourceEmpty {
		t.Errorf("an empty mailbox: %+v", v.state())
	}
}

func TestALineFindsAMailbox(t *testing.T) {
	v := newMailbox(t, &box{messages: []string{digestMail}})
	found, err := v.c.Discover(t.Context(), v.source.URL)
	if err != nil || len(found) != 1 || !found[0].Sure || found[0].Source.Kind != digest.SourceMailbox || len(found[0].Articles) != 3 {
		t.Errorf("%+v, %v", found, err)
	}
	v = newMailbox(t, &box{fail: ErrNoPassword})
	if _, err := v.c.Discover(t.Context(), v.source.URL); err == nil || !strings.Contains(err.Error(), "sources.mailboxes") || strings.Contains(err.Error(), "lettres") {
		t.Error(err)
	}
	for _, given := range []string{"imaps://anna:geheim@mail.example.org/INBOX", "imaps://mail.example.org/INBOX", "imaps://anna@/INBOX"} {
		if _, err := v.c.Discover(t.Context(), given); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", given, err)
		}
	}
}

func TestALinkThatConfirmsASubscriptionIsNoStory(t *testing.T) {
	mail := "From: a@x.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n" +
		`<p><a href="https://x.example/confirm/abc">Oui, je veux recevoir la lettre</a></p><p><a href="https://x.example/s/1">Confirm your subscription to the letter</a></p>` +
		`<p><a href="https://x.example/2026/labo-confirms-model">The laboratory confirms its new model</a></p>`
	finds, err := letterFinds([]byte(mail))
	if err != nil || len(finds) != 2 || finds[0].seen != "https://x.example/2026/labo-confirms-model" { // and the letter itself
		t.Errorf("%d finds, %v", len(finds), err)
	}
}
