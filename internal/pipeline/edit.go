package pipeline

import (
	"context"
	"fmt"
	"slices"

	"hebdo/internal/compose"
	"hebdo/internal/digest"
)

// editable gives the issue that an editor saw, and what is kept of it when the
// editor does something to it. It fails with digest.ErrConflict when the issue is
// neither in review nor approved, or not of that version.
func (p *Pipeline) editable(ctx context.Context, id string, version int, what, editor string) (digest.Issue, digest.Edit, error) {
	issue, err := p.Issues.Issue(ctx, id)
	if err == nil && (issue.Version != version || issue.State != digest.InReview && issue.State != digest.Approved) {
		err = fmt.Errorf("issue %s is %s, version %d, and cannot be edited as it was seen: %w", id, issue.State, issue.Version, digest.ErrConflict)
	}
	edit := digest.Edit{Editor: editor, At: p.Now(), What: what, LeftOut: issue.LeftOut, Notes: issue.Notes}
	for _, s := range issue.Sections {
		s.Items = slices.Clone(s.Items)
		edit.Sections = append(edit.Sections, s)
	}
	return issue, edit, err
}

// edited stores what an editor made of an issue, and what stood there before.
// Subject and "L’essentiel" follow the stories, and the letters are looked at
// anew. What the editor was told, and since when, stays; but an approved issue
// goes back to review, where the wait for objections begins anew.
func (p *Pipeline) edited(ctx context.Context, nl digest.Newsletter, issue digest.Issue, edit digest.Edit) (digest.Issue, error) {
	issue.Last = &edit
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
