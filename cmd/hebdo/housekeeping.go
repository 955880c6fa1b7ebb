package main

import (
	"context"
	"time"
)

// rounds is how often a server looks after its lists.
const rounds = 5 * time.Minute

// keepHouse sends the confirmation mails that are still owed, and drops the
// addresses of consents older than a year, again and again. On several nodes
// it may run at the same time: each step is safe to repeat.
func (h *house) keepHouse(ctx context.Context) error {
	for {
		all, err := h.store.Newsletters(ctx)
		if err != nil && ctx.Err() == nil {
			h.log.ErrorContext(ctx, "the newsletters could not be read", "error", err)
		}
		for _, nl := range all {
			asked, err := h.book.AskAgain(ctx, nl.Slug)
			if err == nil {
				_, err = h.book.Purge(ctx, nl.Slug)
			}
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
