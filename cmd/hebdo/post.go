package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/render"
)

// postman sends the mails that are no letters: confirmations, and the word to
// an editor.
type postman struct{ *house }

// Confirm asks somebody whether they want the newsletter.
func (p postman) Confirm(ctx context.Context, sub digest.Subscription, link string) error {
	nl, err := p.store.Newsletter(ctx, sub.Newsletter)
	if err != nil {
		return err
	}
	letter, err := p.renderer.Confirmation(nl, sub.Language, link)
	if err != nil {
		return err
	}
	m, err := p.mail(nl, nl.Sender, (&netmail.Address{Name: sub.Name, Address: sub.Subscriber.Address}).String(), letter)
	if err != nil {
		return err
	}
	return p.smtp.Send(ctx, m)
}

func (h *house) mail(nl digest.Newsletter, from, to string, letter digest.Letter) (digest.Mail, error) {
	zone, err := zoneOf(nl)
	if err != nil {
		return digest.Mail{}, err
	}
	return digest.Mail{
		From: from, ReplyTo: nl.ReplyTo, To: to,
		Subject: letter.Subject, Text: letter.Text, HTML: letter.HTML,
		Language: letter.Variant.Language, Date: h.out.now().In(zone),
		Headers: []digest.Header{{Name: "Auto-Submitted", Value: "auto-generated"}},
	}, nil
}

// bell tells a newsletter's editor what waits for a person.
type bell struct{ *house }

// telling is after how long a mail that was not accepted is tried again.
const telling = time.Minute

// errTold: another process writes, or wrote, to the editor.
var errTold = errors.New("the editor is told by another process")

// Drafted says that an issue waits for review, or that the week was too thin.
// The draft's maker and every server's beat call it: the ledger of slots lets
// one of them write.
func (b bell) Drafted(ctx context.Context, nl digest.Newsletter, issue digest.Issue) error {
	job := "tell/" + issue.ID
	mine, err := b.store.BeginSlot(ctx, job, issue.To, b.node(), b.out.now(), telling)
	if err != nil {
		return err
	}
	if !mine {
		return errTold
	}
	if err := b.tell(ctx, nl, issue); err != nil {
		return err // the slot is free again after telling
	}
	if err := b.store.EndSlot(ctx, job, issue.To, b.out.now(), ""); err != nil {
		b.log.ErrorContext(ctx, "that the editor was told could not be kept", "newsletter", nl.Slug, "issue", issue.Slot, "error", err)
	}
	return nil
}

func (b bell) tell(ctx context.Context, nl digest.Newsletter, issue digest.Issue) error {
	desk := b.config.PublicURL.JoinPath("desk", "issues", issue.ID).String()
	lang := nl.MainLanguage()
	var letter digest.Letter
	var err error
	if issue.State == digest.Skipped {
		letter, err = b.renderer.Alert(nl, lang, render.Alert{Kind: render.AlertThin, Issue: issue, Notes: issue.Notes, Desk: desk})
	} else {
		letter, err = b.renderer.Review(nl, lang, issue, desk, b.goesOut(nl, issue))
	}
	if err != nil {
		return err
	}
	if err := b.toEditor(ctx, nl, letter); err != nil {
		b.log.WarnContext(ctx, "the editor could not be told", "newsletter", nl.Slug, "issue", issue.Slot, "error", err)
		return fmt.Errorf("telling the editor of %s: %w", nl.Slug, err)
	}
	return nil
}

func (b bell) toEditor(ctx context.Context, nl digest.Newsletter, letter digest.Letter) error {
	m, err := b.fromHouse(nl, letter)
	if err != nil {
		return err
	}
	return b.smtp.Send(ctx, m)
}

// fromHouse is a mail of the house to the newsletter's editor.
func (b bell) fromHouse(nl digest.Newsletter, letter digest.Letter) (digest.Mail, error) {
	return b.mail(nl, cmp.Or(b.config.MailFrom, nl.Sender), nl.Editor, letter)
}

// Undrafted says that no draft could be made at its time.
func (b bell) Undrafted(ctx context.Context, slug string, why error) error {
	nl, err := b.store.Newsletter(ctx, slug)
	if err != nil {
		return err
	}
	letter, err := b.renderer.Alert(nl, nl.MainLanguage(), render.Alert{Kind: render.AlertUndrafted, Detail: why.Error(),
		Desk: b.config.PublicURL.JoinPath("desk").String()})
	if err != nil {
		return err
	}
	return b.toEditor(ctx, nl, letter)
}

// Stopped says that sending waits for a person. The mail goes through any
// server that takes it, the one that carries least first, and may fail all the
// same: the desk shows the pause in any case, and the log says why.
func (b bell) Stopped(ctx context.Context, nl digest.Newsletter, issue digest.Issue, why error) error {
	b.log.ErrorContext(ctx, "sending was paused: the mail server takes nothing", "newsletter", nl.Slug, "issue", issue.Slot, "error", why)
	refused, err := b.store.CountAgain(ctx, issue.ID, digest.Refused)
	unsure, fault := b.store.CountAgain(ctx, issue.ID, digest.Unsure)
	if err = errors.Join(err, fault); err != nil { // the editor is told all the same
		b.log.WarnContext(ctx, "who could be sent to again was not counted", "issue", issue.ID, "error", err)
	}
	letter, err := b.renderer.Alert(nl, nl.MainLanguage(), render.Alert{Kind: render.AlertPaused, Issue: issue, Detail: why.Error(),
		Refused: refused, Unsure: unsure, Desk: b.config.PublicURL.JoinPath("desk", "issues", issue.ID).String()})
	if err != nil {
		return err
	}
	m, err := b.fromHouse(nl, letter)
	if err == nil {
		err = b.smtp.Insist(ctx, m)
	}
	if err != nil {
		b.log.WarnContext(ctx, "the editor could not be told", "newsletter", nl.Slug, "issue", issue.Slot, "error", err)
	}
	return nil
}

// goesOut is when an issue is sent without a person; the zero time: never.
func (b bell) goesOut(nl digest.Newsletter, issue digest.Issue) time.Time {
	slot, timed := issue.Time()
	if !timed || nl.Review.Mode != digest.ReviewAuto {
		return time.Time{}
	}
	if free := b.out.now().Add(nl.Review.After); free.After(slot) {
		return free
	}
	return slot
}
