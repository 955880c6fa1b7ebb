package pipeline

import (
	"context"
	"fmt"

	"hebdo/internal/digest"
)

// Blocked says which note forbids the approval of an issue.
type Blocked struct{ Note digest.Note }

func (b Blocked) Error() string {
	return fmt.Sprintf("the issue cannot be approved: %s %s %s", b.Note.Code, b.Note.Where, b.Note.Detail)
}

// Approve gives the issue its number and freezes every edition of it as it
// will be sent. Version is the one that was looked at: an issue that changed
// meanwhile is ErrConflict, one that a note blocks is Blocked.
func (p *Pipeline) Approve(ctx context.Context, nl digest.Newsletter, id string, version int, by, remark string) (digest.Issue, error) {
	issue, err := p.Issues.Issue(ctx, id)
	if err != nil {
		return issue, err
	}
	if issue.Version != version {
		return issue, fmt.Errorf("the issue %s of %s: %w", issue.Slot, nl.Slug, digest.ErrConflict)
	}
	if err := issue.State.Move(digest.Approved); err != nil {
		return issue, err
	}
	issue.Notes = without(issue.Notes, "render") // the letters are looked at anew, as they are now
	if note, blocked := issue.Blocked(); blocked {
		return issue, Blocked{note}
	}
	issue.State, issue.Approved, issue.ApprovedBy, issue.Remark = digest.Approved, p.Now(), by, remark
	return p.Progress.ApproveIssue(ctx, issue, func(numbered digest.Issue) ([]digest.Edition, error) {
		return p.editions(numbered, nl)
	})
}

// editions are the letters of an issue as they will be sent.
func (p *Pipeline) editions(issue digest.Issue, nl digest.Newsletter) ([]digest.Edition, error) {
	letters, notes, err := p.letters(issue, nl)
	if err != nil {
		return nil, err
	}
	if note, blocked := (digest.Issue{Notes: notes}).Blocked(); blocked {
		return nil, Blocked{note}
	}
	var all []digest.Edition
	for _, letter := range letters {
		all = append(all, p.Courier.Edition(issue.ID, letter))
	}
	return all, nil
}

// Reject sends the issue back; the remark says why. ApprovedBy names whose
// remark it is, and Approved, which stays empty, that it is no approval.
func (p *Pipeline) Reject(ctx context.Context, id string, version int, by, remark string) (digest.Issue, error) {
	issue, err := p.Issues.Issue(ctx, id)
	if err != nil {
		return issue, err
	}
	if issue.Version != version {
		return issue, fmt.Errorf("the issue %s: %w", issue.Slot, digest.ErrConflict)
	}
	if issue.State == digest.Approved { // an objection in time: first back to review
		issue.State = digest.InReview
		if issue, err = p.Issues.SaveIssue(ctx, issue); err != nil {
			return issue, err
		}
	}
	if err := issue.State.Move(digest.Rejected); err != nil {
		return issue, err
	}
	issue.State, issue.Remark, issue.ApprovedBy = digest.Rejected, remark, by
	return p.Issues.SaveIssue(ctx, issue)
}
