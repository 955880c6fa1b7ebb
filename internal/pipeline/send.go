package pipeline

import (
	"context"
	"errors"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// Release takes an approved issue into sending and freezes its audience: who
// is active now gets it. The ledger is filled before the state changes, so
// that an issue that is being sent always has its recipients; repeated, it
// adds nobody twice. An issue without approval is ErrNotApproved.
func (p *Pipeline) Release(ctx context.Context, id string) (digest.Issue, error) {
	issue, err := p.Issues.Issue(ctx, id)
	if err != nil || issue.State == digest.Sending {
		return issue, err
	}
	if issue.State != digest.Approved {
		return issue, issue.State.Move(digest.Sending)
	}
	if _, err := p.Courier.Enqueue(ctx, issue); err != nil {
		return issue, err
	}
	moved, err := p.Progress.MoveIssue(ctx, id, digest.Sending, p.Now())
	if errors.Is(err, digest.ErrConflict) { // another node was quicker, or an editor objected
		if issue, err = p.Issues.Issue(ctx, id); err != nil || issue.State == digest.Sending {
			return issue, err
		}
		return issue, issue.State.Move(digest.Sending)
	}
	return moved, err
}

// halt pauses an issue that the mail server takes from nobody, on all nodes,
// says why on the desk, and tells the editor once: going on is for a person to
// decide.
func (p *Pipeline) halt(ctx context.Context, nl digest.Newsletter, id string, why error) error {
	note := digest.Note{Level: digest.Warning, Stage: "deliver", Code: "deliver.stopped", Detail: why.Error()}
	issue, err := p.Progress.MoveIssue(ctx, id, digest.Paused, p.Now(), note)
	if errors.Is(err, digest.ErrConflict) { // another node was quicker
		return why
	}
	if err != nil {
		return errors.Join(why, err)
	}
	if err := p.Bell.Stopped(ctx, nl, issue, why); err != nil {
		return errors.Join(why, err)
	}
	return why
}

// Send brings an approved issue to everyone, or goes on with one that is being
// sent. When the mail server takes nothing, the issue is paused, the editor is
// told, and the error is deliver.ErrStopped. It returns when nothing can be
// done now: all is settled, or what was deferred waits for its time.
func (p *Pipeline) Send(ctx context.Context, nl digest.Newsletter, id string) (deliver.Report, error) {
	issue, err := p.Release(ctx, id)
	if err != nil || issue.State == digest.Sent { // another process sent the last one
		return deliver.Report{}, err
	}
	report, err := p.Courier.Drain(ctx, issue, nl)
	if errors.Is(err, deliver.ErrStopped) {
		return report, p.halt(ctx, nl, id, err)
	}
	if err != nil {
		return report, err
	}
	return report, p.finish(ctx, id)
}

// finish closes the issue once nothing waits any more.
func (p *Pipeline) finish(ctx context.Context, id string) error {
	tally, err := p.Progress.Tally(ctx, id)
	if err != nil || tally.Open() > 0 {
		return err
	}
	_, err = p.Progress.MoveIssue(ctx, id, digest.Sent, p.Now())
	if errors.Is(err, digest.ErrConflict) { // another node closed it, or an editor paused it
		return nil
	}
	return err
}
