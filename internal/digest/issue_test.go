package digest

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestIssueMovesOnlyAlongItsStates(t *testing.T) {
	allowed := map[State][]State{
		Draft: {InReview, Skipped}, InReview: {Approved, Rejected}, Approved: {InReview, Sending},
		Sending: {Sent, Paused, Cancelled}, Paused: {Sending, Cancelled}, Sent: {Sending},
		Rejected: {Draft}, Skipped: {Draft}, Cancelled: nil,
	}
	for _, from := range States() {
		for _, to := range States() {
			if got, want := from.May(to), slices.Contains(allowed[from], to); got != want {
				t.Errorf("%s to %s: got %v, want %v", from, to, got, want)
			}
			if err := from.Move(to); (err == nil) != from.May(to) {
				t.Errorf("%s to %s: Move says %v, May says %v", from, to, err, from.May(to))
			}
		}
	}
}

func TestNothingIsSentUnapproved(t *testing.T) {
	for _, s := range []State{Draft, InReview, Rejected, Skipped} {
		if err := s.Move(Sending); !errors.Is(err, ErrNotApproved) {
			t.Errorf("%s: got %v, want ErrNotApproved", s, err)
		}
	}
	if err := Cancelled.Move(Sending); !errors.Is(err, ErrConflict) {
		t.Errorf("a cancelled issue: got %v, want ErrConflict", err)
	}
}

func TestNothingChangesOnceItIsSent(t *testing.T) {
	for _, s := range []State{Sending, Paused, Sent, Cancelled} {
		if s.Editable() {
			t.Errorf("an issue that is %s can be edited", s)
		}
	}
}

func TestBlockerForbidsApproval(t *testing.T) {
	i := Issue{Notes: []Note{{Level: Info}, {Level: Blocker, Code: "x"}}}
	if n, ok := i.Blocked(); !ok || n.Code != "x" {
		t.Errorf("got %v, %v", n, ok)
	}
	if _, ok := (Issue{Notes: []Note{{Level: Warning}}}).Blocked(); ok {
		t.Error("a warning blocks")
	}
}

func TestTallyCountsEveryState(t *testing.T) {
	var tally Tally
	states := []DeliveryState{Queued, Claimed, Begun, Delivered, Deferred, Refused, Unsure}
	for i, s := range states {
		tally.Count(s, i+1)
	}
	if tally.All() != 28 || tally.Open() != 1+2+3+5 {
		t.Errorf("all %d, open %d", tally.All(), tally.Open())
	}
	for _, s := range states {
		if s.Final() != (s == Delivered || s == Refused || s == Unsure) {
			t.Errorf("%s: Final says %v", s, s.Final())
		}
	}
}

// Approving what was approved used to blame somebody else.
func TestAStepThatIsNotThereBlamesNobody(t *testing.T) {
	if err := Sent.Move(Approved); !errors.Is(err, ErrConflict) || strings.Contains(err.Error(), "someone else") {
		t.Errorf("got %v", err)
	}
}
