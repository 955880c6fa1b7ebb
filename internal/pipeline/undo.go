package pipeline

import (
	"context"
	"fmt"

	"hebdo/internal/digest"
)

// Undo brings an issue back to what it was before its last edit, whoever made
// it, and takes back what was to be remembered of it. It is an edit itself: once
// more, and the other is there again. It fails as every edit does (editable),
// and with digest.ErrNotFound where there is none to undo.
func (p *Pipeline) Undo(ctx context.Context, nl digest.Newsletter, id string, version int, editor string) (digest.Issue, error) {
	issue, edit, err := p.editable(ctx, id, version, "undo", editor)
	if err != nil {
		return issue, err
	}
	last := issue.Last
	if last == nil {
		return issue, fmt.Errorf("an edit of issue %s: %w", id, digest.ErrNotFound)
	}
	if edit.Rulings, err = p.rule(ctx, nl, last.Rulings); err != nil {
		return issue, err
	}
	placed := last.Lesson.Story != ""
	if placed {
		if edit.Lesson, err = p.lesson(ctx, nl, id, last.Lesson.Story); err != nil {
			return issue, err
		}
	}
	issue.Sections, issue.LeftOut, issue.Notes = last.Sections, last.LeftOut, last.Notes
	saved, err := p.edited(ctx, nl, issue, edit)
	if err != nil || !placed {
		return saved, err
	}
	return saved, p.Lessons.AddPlacement(ctx, nl.Slug, last.Lesson)
}
