package pipeline

import (
	"context"
	"fmt"

	"hebdo/internal/compose"
	"hebdo/internal/digest"
)

// editable gives the issue that an editor saw. It fails with digest.ErrConflict
// when the issue is neither in review nor approved, or not of that version.
func (p *Pipeline) editable(ctx context.Context, id string, version int) (digest.Issue, error) {
	issue, err := p.Issues.Issue(ctx, id)
	if err == nil && (issue.Version != version || issue.State != digest.InReview && issue.State != digest.Approved) {
		err = fmt.Errorf("issue %s is %s, version %d, and cannot be edited as it was seen: %w", id, issue.State, issue.Version, digest.ErrConflict)
	}
	return issue, err
}

// edited stores what an editor made of an issue: what stands before the stories
// follows them, and the letters are looked at anew. What the editor was told,
// and since when, stays; but an approved issue goes back to review, where the
// wait for objections begins anew.
func (p *Pipeline) edited(ctx context.Context, nl digest.Newsletter, issue digest.Issue) (digest.Issue, error) {
	issue.Fronts = compose.Fronts(issue, nl.Languages)
	issue.Notes = without(issue.Notes, "render")
	issue, err := p.proof(issue, nl)
	if err != nil {
		return issue, err
	}
	if issue.State == digest.Approved {
		issue.State, issue.Remark = digest.InReview, ""
		if !issue.Told.IsZero() {
			issue.Told, issue.Waited = p.Now(), 0
		}
	}
	return p.Issues.SaveIssue(ctx, issue)
}
