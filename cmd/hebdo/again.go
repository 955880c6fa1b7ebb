package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// further is a reason to send an issue that was sent to some more.
type further struct {
	ask   string // key of the question
	count func(ctx context.Context, h *house, issueID string) (int, error)
	queue func(ctx context.Context, h *house, issueID string) (int, error)
}

// retry sends again what ended in one state.
func retry(state digest.DeliveryState) further {
	return further{
		ask: "again.ask." + string(state),
		count: func(ctx context.Context, h *house, id string) (int, error) {
			return h.store.CountAgain(ctx, id, state)
		},
		queue: func(ctx context.Context, h *house, id string) (int, error) {
			return h.store.Again(ctx, id, state, h.out.now())
		},
	}
}

// late sends to those who joined since.
func late() further {
	return further{
		ask: "again.ask.joined",
		count: func(ctx context.Context, h *house, id string) (int, error) {
			return h.store.CountLate(ctx, id)
		},
		queue: func(ctx context.Context, h *house, id string) (int, error) {
			return h.store.EnqueueLate(ctx, id, h.out.now())
		},
	}
}

// sendFurther asks, queues and sends.
func (c *console) sendFurther(ctx context.Context, h *house, nl digest.Newsletter, issue digest.Issue, what further, dry, yes, asJSON bool) error {
	switch issue.State {
	case digest.Sent, digest.Sending, digest.Paused:
	case digest.Cancelled:
		return c.over(nl, issue)
	default:
		return refusedError{errors.New(c.t("again.notsent", "Newsletter", nl.Slug, "Issue", issue.Slot, "State", c.t("state.issue."+string(issue.State))))}
	}
	n, err := what.count(ctx, h, issue.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errNothing
	}
	if dry {
		return c.would(issue, n, asJSON, "again.dry", "Number", issue.Number, "Newsletter", nl.Name, "Count", n)
	}
	if !yes && !c.agreed(what.ask, "Number", issue.Number, "Newsletter", nl.Name, "Count", n) {
		return refusedError{errors.New(c.t("send.notagreed"))}
	}
	if n, err = what.queue(ctx, h, issue.ID); err != nil {
		return err
	}
	if n == 0 {
		return errNothing
	}
	if issue.State == digest.Paused {
		if asJSON {
			return c.printReport(issue, h.reported(ctx, issue.ID, h.out.now()), time.Time{})
		}
		c.say("again.queued", "Count", n)
		return nil
	}
	if issue, err = h.store.Issue(ctx, issue.ID); err != nil {
		return err
	}
	return c.bring(ctx, h, nl, issue, asJSON)
}

// over is the no to sending anything more of a cancelled issue.
func (c *console) over(nl digest.Newsletter, issue digest.Issue) error {
	return refusedError{errors.New(c.t("again.cancelled", "Number", issue.Number, "Newsletter", nl.Name))}
}

// bring delivers and tells how that ended.
func (c *console) bring(ctx context.Context, h *house, nl digest.Newsletter, issue digest.Issue, asJSON bool) error {
	report, fault := c.deliver(ctx, h, nl, issue, asJSON)
	err := c.sent(ctx, h, issue, report, asJSON)
	if err != nil && errors.Is(fault, digest.ErrConflict) {
		return err // which says how the issue was moved meanwhile
	}
	return errors.Join(fault, err)
}

// sent prints how sending ended: not only what went out, but whether that was
// all. It fails when the issue was paused or cancelled meanwhile: nobody should
// take that for the end.
func (c *console) sent(ctx context.Context, h *house, issue digest.Issue, report deliver.Report, asJSON bool) error {
	ctx = context.WithoutCancel(ctx)
	issue, err := h.store.Issue(ctx, issue.ID)
	if err != nil {
		return err
	}
	next, open, err := h.store.NextDue(ctx, issue.ID)
	if err != nil {
		return err
	}
	if asJSON {
		err = c.printReport(issue, report, next)
	} else {
		c.say("send.done", "Queued", report.Queued, "Sent", report.Sent, "Deferred", report.Deferred,
			"Refused", report.Refused, "Unsure", report.Unsure, "Seconds", fmt.Sprintf("%.1f", report.Seconds))
		if open && next.After(h.out.now()) {
			c.say("send.next", "Time", next.Format(time.RFC3339))
		}
	}
	if issue.State == digest.Paused || issue.State == digest.Cancelled {
		return errors.Join(err, errors.New(c.t("send."+string(issue.State), "Number", issue.Number, "Newsletter", issue.Newsletter)))
	}
	return err
}

// printReport prints where an issue's deliveries stand; next is when the first
// of those who wait is due, the zero time that nobody waits.
func (c *console) printReport(issue digest.Issue, report deliver.Report, next time.Time) error {
	return c.print(reportJSON{
		Issue: issue.ID, State: string(issue.State), Queued: report.Queued, Sent: report.Sent, Deferred: report.Deferred,
		Refused: report.Refused, Unsure: report.Unsure, Next: given(next), Seconds: report.Seconds,
	})
}
