package deliver_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

func TestMailThatTakesTooLongEndsAloneAndTheNextHasItsFullTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = time.Minute
		l := readers(9, time.Now)
		box := senderFunc(func(ctx context.Context, m digest.Mail) error {
			if strings.ContainsAny(m.To, "27") {
				<-ctx.Done()
				if !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
					t.Errorf("%s: the mail ended because %v", m.To, context.Cause(ctx))
				}
				return context.Cause(ctx)
			}
			select {
			case <-ctx.Done():
				t.Errorf("%s: its time was over at once", m.To)
			case <-time.After(limit / 2):
			}
			return nil
		})
		a := courier(t, l, box, time.Now, deliver.Options{Connections: 1, Try: limit})
		if _, err := a.Enqueue(t.Context(), issue); err != nil {
			t.Fatal(err)
		}
		report, err := a.Drain(t.Context(), issue, newsletter)
		if err != nil {
			t.Fatal(err)
		}
		if report.Sent != 7 || report.Deferred != 2 {
			t.Errorf("%d were sent and %d put off, want 7 and 2", report.Sent, report.Deferred)
		}
	})
}
