// Package pipeline is the order of a week's work, in plain calls:
//
//	Collect → Extract → Cluster → Theme → Rank → Summarise → Compose → Render → Review → Deliver
//
// Every step can be repeated: what it did is stored before the next begins.
package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"hebdo/internal/collect"
	"hebdo/internal/compose"
	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	"hebdo/internal/extract"
	"hebdo/internal/render"
	"hebdo/internal/story"
	"hebdo/internal/summarise"
)

// Pipeline holds the stages. It is safe for concurrent use.
type Pipeline struct {
	Collector *collect.Collector
	Extractor *extract.Extractor
	Writer    *summarise.Writer
	Renderer  *render.Renderer
	Courier   *deliver.Courier
	Archive   Archive
	Issues    Issues
	Progress  Progress
	Rulings   Rulings
	Lessons   Lessons // nil: nothing is learned
	Bell      Bell
	// Embedder sharpens which articles are one story; nil: words alone decide.
	Embedder story.Embedder
	// Vocabulary is what is known of words and names; nil: what is built in.
	Vocabulary *story.Vocabulary
	Now        func() time.Time
	NewID      func() string
}

// Collect brings in what is new at the newsletter's sources and reads it.
func (p *Pipeline) Collect(ctx context.Context, nl digest.Newsletter) (Harvest, error) {
	found, notes, err := p.Collector.Articles(ctx, nl.Sources)
	if err != nil {
		return Harvest{}, fmt.Errorf("collecting for %s: %w", nl.Slug, err)
	}
	waiting, err := p.Archive.Waiting(ctx, nl.Slug, p.Now().Add(-patience))
	if err != nil {
		return Harvest{}, err
	}
	read, more, err := p.Extractor.Fill(ctx, waiting)
	if err != nil {
		return Harvest{}, fmt.Errorf("reading articles of %s: %w", nl.Slug, err)
	}
	if err := p.Archive.SaveArticles(ctx, read); err != nil {
		return Harvest{}, err
	}
	// Articles come in as their sites answer; the editor's list is the same every time.
	slices.SortStableFunc(more, func(a, b digest.Note) int { return cmp.Compare(a.Where, b.Where) })
	return Harvest{Found: len(found), Read: readable(read), Notes: append(notes, more...)}, nil
}

// Draft makes the issue of a slot out of what was collected, and puts it up
// for review, or skips it when the week was too thin.
func (p *Pipeline) Draft(ctx context.Context, nl digest.Newsletter, slot string, notes []digest.Note) (digest.Issue, error) {
	issue, err := p.begin(ctx, nl, slot)
	if err != nil {
		return issue, err
	}
	composed, err := p.compose(ctx, nl, issue, notes)
	if err == nil {
		composed, err = p.proof(composed, nl)
	}
	if err != nil {
		return issue, fmt.Errorf("making the issue %s of %s: %w", slot, nl.Slug, err)
	}
	return p.propose(ctx, nl, issue, composed)
}

// compose makes stories of the articles of an issue's window, and the issue of them.
func (p *Pipeline) compose(ctx context.Context, nl digest.Newsletter, issue digest.Issue, notes []digest.Note) (digest.Issue, error) {
	articles, err := p.Archive.Material(ctx, issue)
	if err != nil {
		return issue, err
	}
	said, err := p.Archive.Constraints(ctx, nl.Slug)
	if err != nil {
		return issue, err
	}
	themes := nl.Themes
	if len(themes) == 0 {
		themes = story.Taxonomy()
	}
	past, err := p.past(ctx, nl, issue)
	if err != nil {
		return issue, err
	}
	shown, arrived := seen(issue, articles)
	how, trouble := p.compared(ctx, articles)
	notes = append(notes, trouble...)
	stories := story.Update(shown, arrived, said, how)
	stories = story.Remember(stories, past, how)
	if nl.Topic != digest.AnyTopic {
		stories = story.Relevant(stories)
	}
	stories, learned, err := p.theme(ctx, nl, issue, stories, themes)
	if err != nil {
		return issue, err
	}
	notes = append(notes, learned...)
	stories = story.Rank(stories, story.RankOptions{Now: issue.To, Weights: nl.Rank})
	stories, more, err := p.Writer.Write(ctx, stories, nl.Languages, nl.Budget)
	if err != nil {
		return issue, err
	}
	return compose.Issue(stories, compose.Plan{
		Newsletter: nl.Slug, Slot: issue.Slot, Themes: themes, Languages: nl.Languages, Budget: nl.Budget,
		From: issue.From, To: issue.To, Date: issue.Date, Images: pictured(nl.Sources), PerSource: share(nl.Sources), Notes: append(notes, more...),
	}), nil
}
