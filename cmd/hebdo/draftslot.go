package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/schedule"
)

// draftPatiently is draftSlot, tried again after a minute and after five more:
// a database or a disk may be at fault for a while. When it fails for good the
// editor is told, who would wait for a draft that never comes.
func (h *house) draftPatiently(ctx context.Context, slug string, drafted time.Time) error {
	for _, beats := range []time.Duration{12, 60} {
		err := h.draftSlot(ctx, slug, drafted)
		if err == nil || ctx.Err() != nil {
			return err
		}
		h.log.WarnContext(ctx, "the draft failed, and is tried again", "newsletter", slug, "slot", drafted, "error", err)
		if !pause(ctx, beats*h.beat) {
			return err
		}
	}
	err := h.draftSlot(ctx, slug, drafted)
	if err == nil || ctx.Err() != nil {
		return err
	}
	return errors.Join(err, bell{h}.Undrafted(ctx, slug, err))
}

// draftSlot collects and drafts the issue that goes out at the first time to
// send after the draft's own.
func (h *house) draftSlot(ctx context.Context, slug string, drafted time.Time) error {
	nl, err := h.store.Newsletter(ctx, slug)
	if err != nil {
		return err
	}
	zone, err := zoneOf(nl)
	if err != nil {
		return err
	}
	send, err := schedule.Parse(nl.SendAt, zone)
	if err != nil {
		return fmt.Errorf("%s: send_at: %w", slug, err)
	}
	slot := send.Next(drafted).UTC().Format(time.RFC3339)
	if done, err := h.drafted(ctx, slug, slot); done || err != nil {
		return err
	}
	harvest, err := h.pipeline.Collect(ctx, nl)
	if err != nil {
		return err
	}
	// Collecting takes long. A node whose slot was given to this one may have been at the end of its draft.
	if done, err := h.drafted(ctx, slug, slot); done || err != nil {
		return err
	}
	issue, err := h.pipeline.Draft(ctx, nl, slot, harvest.Notes)
	if err == nil {
		h.log.InfoContext(ctx, "drafted", "newsletter", slug, "slot", slot, "state", issue.State, "stories", issue.Stories())
	}
	return err
}

// drafted tells whether the slot's issue is in an editor's hands, or decided on:
// a repeated slot changes nothing then.
func (h *house) drafted(ctx context.Context, slug, slot string) (bool, error) {
	kept, err := h.store.IssueAt(ctx, slug, slot)
	if errors.Is(err, digest.ErrNotFound) {
		return false, nil
	}
	return err == nil && kept.State != digest.Draft, err
}
