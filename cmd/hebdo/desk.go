package main

import (
	"context"
	"errors"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/pipeline"
)

// desk is what the browser's editor does, in terms of the pipeline.
type desk struct{ *house }

// Preview gives an edition as it is or would be sent.
func (d desk) Preview(ctx context.Context, id string, v digest.Variant) (digest.Letter, error) {
	nl, issue, err := d.newsletterOf(ctx, id)
	if err != nil {
		return digest.Letter{}, err
	}
	return d.letter(ctx, nl, issue, v)
}

// Readers counts those who would get an issue of a newsletter now.
func (d desk) Readers(ctx context.Context, newsletter string) (int, error) {
	return d.store.CountReaders(ctx, newsletter)
}

func (d desk) Approve(ctx context.Context, id string, version int, editor, remark string) error {
	nl, _, err := d.newsletterOf(ctx, id)
	if err != nil {
		return err
	}
	_, err = d.pipeline.Approve(ctx, nl, id, version, editor, remark)
	var blocked pipeline.Blocked
	if errors.As(err, &blocked) {
		return errors.Join(digest.ErrNotApproved, err)
	}
	return d.remember(ctx, id, editor, "approve", remark, err)
}

func (d desk) Reject(ctx context.Context, id string, version int, editor, remark string) error {
	_, err := d.pipeline.Reject(ctx, id, version, editor, remark)
	return d.remember(ctx, id, editor, "reject", remark, err)
}

// Test sends one edition to one address; it is no delivery.
func (d desk) Test(ctx context.Context, id string, v digest.Variant, to string) error {
	nl, issue, err := d.newsletterOf(ctx, id)
	if err != nil {
		return err
	}
	letter, err := d.letter(ctx, nl, issue, v)
	if err != nil {
		return err
	}
	return d.courier.Test(ctx, issue, nl, letter, to)
}

// Progress counts the deliveries.
func (d desk) Progress(ctx context.Context, id string) (digest.Tally, error) {
	return d.store.Tally(ctx, id)
}

// Deliveries lists what became of an issue for each reader.
func (d desk) Deliveries(ctx context.Context, id string, states []digest.DeliveryState, after string, limit int) ([]digest.Delivery, error) {
	return d.store.Deliveries(ctx, id, states, after, limit)
}

// CountAgain is how many Again would send to.
func (d desk) CountAgain(ctx context.Context, id string, state digest.DeliveryState) (int, error) {
	return d.store.CountAgain(ctx, id, state)
}

// Again puts those in one state back into the queue; servers send to them at
// their next look.
func (d desk) Again(ctx context.Context, id string, state digest.DeliveryState, editor string) (int, error) {
	n, err := d.store.Again(ctx, id, state, d.out.now())
	return n, d.remember(ctx, id, editor, "again", string(state), err)
}

// Move pauses, resumes, cancels, or releases an approved issue now.
func (d desk) Move(ctx context.Context, id string, to digest.State, editor string) error {
	issue, err := d.store.Issue(ctx, id)
	if err != nil {
		return err
	}
	if issue.State == digest.Approved && to == digest.Sending {
		_, err = d.pipeline.Release(ctx, id)
	} else {
		_, err = d.store.MoveIssue(ctx, id, to, d.out.now())
	}
	return d.remember(ctx, id, editor, string(to), "", err)
}

// Join makes one story of two, now and in later issues.
func (d desk) Join(ctx context.Context, id string, version int, story, with, editor string) error {
	nl, _, err := d.newsletterOf(ctx, id)
	if err != nil {
		return err
	}
	_, err = d.pipeline.Join(ctx, nl, id, version, story, with, editor)
	return d.remember(ctx, id, editor, "join", story+" "+with, err)
}

// Part takes an article out of a story, now and in later issues.
func (d desk) Part(ctx context.Context, id string, version int, story, article, editor string) error {
	nl, _, err := d.newsletterOf(ctx, id)
	if err != nil {
		return err
	}
	_, err = d.pipeline.Part(ctx, nl, id, version, story, article, editor)
	return d.remember(ctx, id, editor, "part", story+" "+article, err)
}

// Place puts a story under another theme; later issues learn from it.
func (d desk) Place(ctx context.Context, id string, version int, story, theme, editor string) error {
	nl, _, err := d.newsletterOf(ctx, id)
	if err != nil {
		return err
	}
	_, err = d.pipeline.Place(ctx, nl, id, version, story, theme, editor)
	return d.remember(ctx, id, editor, "place", story+" "+theme, err)
}

// Order moves a theme, or a story within it, one place up or down.
func (d desk) Order(ctx context.Context, id string, version int, theme, story string, up bool, editor string) error {
	nl, _, err := d.newsletterOf(ctx, id)
	if err != nil {
		return err
	}
	_, err = d.pipeline.Order(ctx, nl, id, version, theme, story, up, editor)
	return d.remember(ctx, id, editor, "order", strings.TrimSpace(theme+" "+story), err)
}

// Reword puts an editor's words in the place of a story's.
func (d desk) Reword(ctx context.Context, id string, version int, story string, words map[digest.Language]digest.Words, editor string) error {
	nl, _, err := d.newsletterOf(ctx, id)
	if err != nil {
		return err
	}
	changed, err := d.pipeline.Reword(ctx, nl, id, version, story, words, editor)
	if err != nil || !changed {
		return err
	}
	return d.remember(ctx, id, editor, "reword", story, nil)
}

// Undo takes back the last edit of an issue.
func (d desk) Undo(ctx context.Context, id string, version int, editor string) error {
	nl, _, err := d.newsletterOf(ctx, id)
	if err != nil {
		return err
	}
	_, err = d.pipeline.Undo(ctx, nl, id, version, editor)
	return d.remember(ctx, id, editor, "undo", "", err)
}

// remember keeps what an editor did, as an example to learn from.
func (d desk) remember(ctx context.Context, id, editor, what, remark string, err error) error {
	if err != nil {
		return err
	}
	return d.store.AddCorrection(ctx, digest.Correction{IssueID: id, Editor: editor, At: d.out.now(), What: what, Remark: remark})
}
