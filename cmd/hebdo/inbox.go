package main

import (
	"bytes"
	"context"
	"errors"
	"time"

	"hebdo/internal/bounce"
	"hebdo/internal/digest"
	"hebdo/internal/mail"
)

// watchInbox reads the mailbox that bounces, complaints and wishes to leave
// come to, if one is configured. Several nodes may do it at once: what is said
// twice counts once.
func (h *house) watchInbox(ctx context.Context) error {
	b := h.config.Bounces
	if b.Host == "" {
		return nil
	}
	inbox := mail.NewInbox(mail.InboxOptions{
		Host: b.Host, Port: b.Port, TLS: b.TLS, Username: b.Username, Password: b.Password, Mailbox: b.Mailbox, Folder: b.Folder,
		Most: bounce.MaxMessage,
	})
	for {
		did, err := h.readInbox(ctx, inbox)
		if err != nil && ctx.Err() == nil {
			h.log.ErrorContext(ctx, "the mailbox for bounces could not be read", "error", err)
		}
		if len(did) > 0 {
			h.log.InfoContext(ctx, "read what came back", "bounced", did[digest.EffectBounced], "noted", did[digest.EffectNoted],
				"complained", did[digest.EffectComplained], "left", did[digest.EffectLeft],
				"nothing", did[digest.EffectNone], "unproven", did[digest.EffectUnproven])
		}
		if !pause(ctx, max(b.Every, 10*time.Second)) {
			return nil
		}
	}
}

// readInbox takes in what is new in the mailbox, and counts what was done.
func (h *house) readInbox(ctx context.Context, inbox *mail.Inbox) (map[digest.EffectKind]int, error) {
	did := map[digest.EffectKind]int{}
	err := inbox.Read(ctx, func(raw []byte, came time.Time) (bool, error) {
		r, effect, err := h.takeBack(ctx, bytes.NewReader(raw), came)
		if errors.Is(err, bounce.ErrMessage) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		did[effect.Did]++
		return settled(r, effect), nil
	})
	return did, err
}
