package web

import (
	"testing"
	"time"

	"hebdo/internal/digest"
)

func TestThePaceOfADeliveryIsToldWithTheTimeLeft(t *testing.T) {
	fr, en := sampleFrame(digest.French), sampleFrame(digest.English)
	for _, c := range []struct {
		f          frame
		done, left int
		after      time.Duration
		want       string
	}{
		{en, 0, 900, time.Second, ""},
		{en, 100, 900, time.Second, "100 letters a second, about 9 s left"},
		{fr, 100, 60_000, 2 * time.Second, "50 lettres par seconde, encore 20 min environ"},
		{fr, 3, 27_000, 2 * time.Second, "1,5 lettres par seconde, encore 5 h 00 min environ"},
		{en, 100, 0, time.Second, "100 letters a second, about 0 s left"},
		{en, 10, 5, 0, ""},
	} {
		var p pacer
		if got := p.tell(c.f, monday, 0, c.left); got != "" {
			t.Errorf("at once: %q", got)
		}
		if got := p.tell(c.f, monday.Add(c.after), c.done, c.left); got != c.want {
			t.Errorf("%d in %s with %d left: %q, want %q", c.done, c.after, c.left, got, c.want)
		}
	}
	var p pacer
	for second := range 60 { // fast, then slow
		done := min(second, 30)*100 + max(0, second-30)*10
		got := p.tell(en, monday.Add(time.Duration(second)*time.Second), done, 100)
		if second == 59 && got != "10 letters a second, about 10 s left" {
			t.Errorf("after it slowed down: %q", got)
		}
	}
	if got := p.tell(en, monday.Add(time.Minute), 5, 5000); got != "" {
		t.Errorf("after some were put back: %q", got)
	}
}
