package pipeline

import (
	"context"
	"errors"
	"time"

	"hebdo/internal/digest"
)

// late is how long after its slot an issue still goes out by itself; later, a
// person decides.
const late = 24 * time.Hour

// Decide does what is due before a newsletter's issues go out: it writes to an
// editor whose mail was not accepted before, and approves the draft that nobody
// objected to. Call it every step; what it finds wrong with one issue does not
// keep it from the others.
func (p *Pipeline) Decide(ctx context.Context, nl digest.Newsletter, step time.Duration) error {
	return p.each(ctx, nl, func(issue digest.Issue) error {
		issue, err := p.tell(ctx, nl, issue)
		if err != nil || issue.State != digest.InReview {
			return err
		}
		return p.decide(ctx, nl, issue, step)
	}, digest.InReview, digest.Skipped)
}

func (p *Pipeline) decide(ctx context.Context, nl digest.Newsletter, issue digest.Issue, step time.Duration) error {
	if nl.Review.Mode != digest.ReviewAuto || issue.Told.IsZero() || !p.inTime(issue) {
		return nil
	}
	waited, err := p.Progress.CountWait(ctx, issue.ID, p.Now(), 2*step)
	if err != nil || waited < nl.Review.After {
		return err
	}
	_, err = p.Approve(ctx, nl, issue.ID, issue.Version, digest.ByRule, "")
	var blocked Blocked
	if errors.As(err, &blocked) || errors.Is(err, digest.ErrConflict) { // an editor's turn
		return nil
	}
	return err
}

// Due lists the issues for which Send has something to do: those approved whose
// time has come, and those being sent, unless all that waits was put off.
func (p *Pipeline) Due(ctx context.Context, nl digest.Newsletter) (due []digest.Issue, err error) {
	err = p.each(ctx, nl, func(issue digest.Issue) error {
		now := issue.State == digest.Sending || p.due(issue)
		if issue.State == digest.Sending {
			at, open, err := p.Progress.NextDue(ctx, issue.ID)
			if err != nil {
				return err
			}
			now = !open || !at.After(p.Now())
		}
		if now {
			due = append(due, issue)
		}
		return nil
	}, digest.Approved, digest.Sending)
	return due, err
}

// each does something for the newsletter's issues in some states.
func (p *Pipeline) each(ctx context.Context, nl digest.Newsletter, do func(digest.Issue) error, states ...digest.State) error {
	open, err := p.Issues.Issues(ctx, nl.Slug, "", 50, states...)
	if err != nil {
		return err
	}
	var faults []error
	for _, issue := range open {
		faults = append(faults, do(issue))
	}
	return errors.Join(faults...)
}

// due tells whether an approved issue goes out now: its slot has come and is
// not long past, or a person approved it after its slot. One that was drafted
// by hand has no time and is sent by hand.
func (p *Pipeline) due(issue digest.Issue) bool {
	slot, ok := issue.Time()
	if !ok || p.Now().Before(slot) {
		return false
	}
	person := issue.ApprovedBy != digest.ByRule && issue.Approved.After(slot)
	return p.inTime(issue) || person
}

// inTime tells whether the issue may still go out without a person.
func (p *Pipeline) inTime(issue digest.Issue) bool {
	slot, ok := issue.Time()
	return ok && p.Now().Before(slot.Add(late))
}
