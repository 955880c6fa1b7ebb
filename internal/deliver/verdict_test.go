package deliver_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// A short list cannot show ten refusals in a row; that its issue reached nobody
// is told all the same, once.
func TestAnIssueThatReachedNobodyStopsTheRun(t *testing.T) {
	blocked := digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.7.1", Text: "your IP is blocked"}
	gone := digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1", Text: "no such user"}
	for name, c := range map[string]struct {
		answers []error // to the readers
		stops   bool
	}{
		"refused by policy":             {[]error{blocked, blocked, blocked, blocked, blocked, blocked, blocked, blocked, blocked}, true},
		"one reader, refused by policy": {[]error{blocked}, true},
		"perhaps accepted":              {[]error{digest.ErrPerhapsAccepted, digest.ErrPerhapsAccepted, digest.ErrPerhapsAccepted, digest.ErrPerhapsAccepted}, true},
		"policy beside a mailbox gone":  {[]error{blocked, gone, blocked}, true},
		"not fit to be sent":            {[]error{digest.ErrUnsendable}, true},
		"mailboxes gone":                {[]error{gone, gone, gone}, false},
		"one reader has it":             {[]error{blocked, blocked, nil, blocked}, false},
		"one still waits":               {[]error{blocked, blocked, digest.Refusal{Code: 450, Enhanced: "4.7.1", Text: "later"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			clk := newClock()
			l := readers(len(c.answers), clk.now)
			answers := map[string]error{}
			for i, err := range c.answers {
				answers["<"+address(i)+">"] = err
			}
			cr := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error { return answers[m.To] }), clk.now, deliver.Options{})
			_, err := cr.Drain(t.Context(), issue, newsletter)
			if errors.Is(err, deliver.ErrStopped) != c.stops || !c.stops && err != nil {
				t.Fatalf("stopped: want %v, got %v", c.stops, err)
			}
			if err != nil && strings.Contains(err.Error(), "is blocked") {
				t.Errorf("a server's words are in the error: %v", err)
			}
			if report, err := cr.Drain(t.Context(), issue, newsletter); err != nil {
				t.Errorf("resumed, with nothing left to do: %v, %+v", err, report)
			}
		})
	}
}

// Put off until it is given up is no better than refused.
func TestAnIssuePutOffUntilItIsGivenUpStopsTheRun(t *testing.T) {
	clk := newClock()
	l := readers(4, clk.now)
	c := courier(t, l, senderFunc(func(context.Context, digest.Mail) error {
		return digest.Refusal{Code: 450, Enhanced: "4.7.1", Text: "later"}
	}), clk.now, deliver.Options{})
	for range 50 {
		report, err := c.Drain(t.Context(), issue, newsletter)
		if report.Deferred == 0 {
			if !errors.Is(err, deliver.ErrStopped) || report.Refused != 4 {
				t.Errorf("want ErrStopped: %v, %+v", err, report)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		clk.add(l.due().Sub(clk.now()))
	}
	t.Error("still tried")
}

// What had reached somebody before is no issue that reached nobody.
func TestAStragglerRefusedInALaterRunStopsNothing(t *testing.T) {
	clk := newClock()
	l := readers(3, clk.now)
	var answer error = digest.Refusal{Code: 450, Enhanced: "4.7.1"}
	c := courier(t, l, senderFunc(func(_ context.Context, m digest.Mail) error {
		if m.To == "<"+address(2)+">" {
			return answer
		}
		return nil
	}), clk.now, deliver.Options{})
	if report, err := c.Drain(t.Context(), issue, newsletter); err != nil || report.Sent != 2 {
		t.Fatal(err, report)
	}
	answer = digest.Refusal{Permanent: true, Code: 550, Enhanced: "5.7.1"}
	clk.add(time.Hour)
	report, err := c.Drain(t.Context(), issue, newsletter)
	if err != nil || report.Refused != 1 {
		t.Errorf("%v, %+v", err, report)
	}
}

// A wrong password weighs more than it was tried; who reads about it is told
// how often it was.
func TestFailuresAreToldAsOftenAsTheyWere(t *testing.T) {
	clk := newClock()
	var tries atomic.Int32
	c := courier(t, readers(50, clk.now), senderFunc(func(context.Context, digest.Mail) error {
		tries.Add(1)
		return digest.Refusal{Code: 535, Enhanced: "5.7.8", Permanent: true, Connection: true}
	}), clk.now, deliver.Options{Connections: 1})
	_, err := c.Drain(t.Context(), issue, newsletter)
	if err == nil {
		t.Fatal("nothing stopped it")
	}
	_, words, _ := strings.Cut(err.Error(), "it failed ")
	told, _ := strconv.Atoi(strings.SplitN(words, " ", 2)[0])
	// The other of the two that send may have been trying when it was enough.
	if n := int(tries.Load()); told < n-1 || told > n || n > 5 {
		t.Errorf("%d tries: %v", n, err)
	}
}
