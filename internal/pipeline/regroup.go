package pipeline

import (
	"context"
	"fmt"
	"slices"

	"hebdo/internal/digest"
)

// Join makes one story of two of an issue, under the ID of the one that stands
// first, for good: no later run parts them. The issue is made again from the
// same articles. It fails as every edit does (editable), and with
// digest.ErrNotFound when it has no such stories.
func (p *Pipeline) Join(ctx context.Context, nl digest.Newsletter, id string, version int, story, with, editor string) (digest.Issue, error) {
	issue, edit, err := p.editable(ctx, id, version, "join", editor)
	if err != nil {
		return issue, err
	}
	one, other := issue.Item(story), issue.Item(with)
	if one == nil || other == nil || story == with {
		return issue, fmt.Errorf("stories %s and %s of issue %s: %w", story, with, id, digest.ErrNotFound)
	}
	words, err := p.words(ctx, digest.Join, articlesOf(*one), articlesOf(*other))
	if err != nil {
		return issue, err
	}
	if edit.Rulings, err = p.rule(ctx, nl, words); err != nil {
		return issue, err
	}
	return p.regroup(ctx, nl, issue, edit)
}

// Part takes an article out of a story of an issue, for good: it never joins
// the others again. It fails as Join does.
func (p *Pipeline) Part(ctx context.Context, nl digest.Newsletter, id string, version int, story, article, editor string) (digest.Issue, error) {
	issue, edit, err := p.editable(ctx, id, version, "part", editor)
	if err != nil {
		return issue, err
	}
	it := issue.Item(story)
	if it == nil || len(it.Citations) < 2 || !slices.Contains(articlesOf(*it), article) {
		return issue, fmt.Errorf("article %s of story %s of issue %s: %w", article, story, id, digest.ErrNotFound)
	}
	rest := slices.DeleteFunc(articlesOf(*it), func(a string) bool { return a == article })
	words, err := p.words(ctx, digest.NeverJoin, []string{article}, rest)
	if err != nil {
		return issue, err
	}
	if edit.Rulings, err = p.rule(ctx, nl, words); err != nil {
		return issue, err
	}
	return p.regroup(ctx, nl, issue, edit)
}

// words say the same of every pair of articles, so that a later word on the same
// stories replaces all of it.
func (p *Pipeline) words(ctx context.Context, kind digest.ConstraintKind, some, others []string) (all []digest.Constraint, err error) {
	for _, a := range some {
		for _, b := range others {
			pair, err := p.Archive.ArticlesByID(ctx, []string{a, b})
			if err != nil {
				return nil, err
			}
			if len(pair) < 2 {
				continue // one is no longer kept: nothing could join them again
			}
			all = append(all, digest.Constraint{A: pair[0].Key, B: pair[1].Key, Kind: kind})
		}
	}
	return all, nil
}

// rule keeps an editor's words on articles, and gives what was said of the same
// before.
func (p *Pipeline) rule(ctx context.Context, nl digest.Newsletter, words []digest.Constraint) (before []digest.Constraint, err error) {
	said, err := p.Archive.Constraints(ctx, nl.Slug)
	if err != nil {
		return nil, err
	}
	for _, w := range words {
		was := digest.Constraint{A: w.A, B: w.B}
		if i := slices.IndexFunc(said, w.Same); i >= 0 {
			was.Kind = said[i].Kind
		}
		before = append(before, was)
		if err := p.Rulings.AddConstraint(ctx, nl.Slug, w); err != nil {
			return nil, err
		}
	}
	return before, nil
}

// regroup makes the issue again from the articles of its window. The order that
// an editor gave it stays, and so do an editor's words.
func (p *Pipeline) regroup(ctx context.Context, nl digest.Newsletter, issue digest.Issue, edit digest.Edit) (digest.Issue, error) {
	composed, err := p.compose(ctx, nl, issue, without(issue.Notes, "story", "summarise", "compose", "render"))
	if err != nil {
		return issue, err
	}
	lost := inWords(issue, composed.Sections)
	issue.Sections, issue.LeftOut, issue.Notes = inOrder(issue, composed.Sections), composed.LeftOut, append(composed.Notes, lost...)
	return p.edited(ctx, nl, issue, edit)
}

// without leaves out what stages noted that run again.
func without(notes []digest.Note, stages ...string) []digest.Note {
	return slices.DeleteFunc(slices.Clone(notes), func(n digest.Note) bool { return slices.Contains(stages, n.Stage) })
}

func articlesOf(it digest.Item) []string {
	ids := make([]string, len(it.Citations))
	for i, c := range it.Citations {
		ids[i] = c.Article
	}
	return ids
}
