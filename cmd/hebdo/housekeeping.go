package main

import (
	"context"
	"time"
)

// rounds is how often a server looks after its lists.
const rounds = 5 * time.Minute

// keepHouse sends the confirmation mails that are still owed, and drops what
// may not be kept for longer (servers' replies, addresses of consents, ended
// sessions), again and again. On several nodes it may run at the same time:
// each step is safe to repeat.
func (h *house) keepHouse(ctx context.Context) error {
	for {
		if err := h.store.Purge(ctx, h.out.now()); err != nil && ctx.Err() == nil {
			h.log.ErrorContext(ctx, "what has had its time could not be dropped", "error", err)
		}
		all, err := h.store.Newsletters(ctx)
		if err != nil && ctx.Err() == nil {
			h.log.ErrorContext(ctx, "the newsletters could not be read", "error", err)
		}
		for _, nl := range all {
			asked, err := h.book.AskAgain(ctx, nl.Slug)
			if err != nil && ctx.Err() == nil {
				h.log.ErrorContext(ctx, "the list could not be looked after", "newsletter", nl.Slug, "error", err)
			}
			if asked > 0 {
				h.log.InfoContext(ctx, "owed confirmation mails sent", "newsletter", nl.Slug, "count", asked)
			}
		}
		if !pause(ctx, rounds) {
			return nil
		}
	}
}
