package main

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/store"
)

// theNewsletter is the one named, or the only one there is.
func (c *console) theNewsletter(ctx context.Context, s *store.Store, slug string) (digest.Newsletter, error) {
	if slug != "" {
		nl, err := s.Newsletter(ctx, slug)
		if errors.Is(err, digest.ErrNotFound) {
			return nl, usage("%s", c.t("newsletter.unknown", "Newsletter", slug))
		}
		return nl, err
	}
	all, err := s.Newsletters(ctx)
	if err != nil {
		return digest.Newsletter{}, err
	}
	switch len(all) {
	case 0:
		return digest.Newsletter{}, usage("%s", c.t("newsletter.none"))
	case 1:
		return all[0], nil
	}
	var slugs []string
	for _, nl := range all {
		slugs = append(slugs, nl.Slug)
	}
	return digest.Newsletter{}, usage("%s", c.t("newsletter.several", "Names", strings.Join(slugs, ", ")))
}

// notSkipped are the states of an issue that has something to show: all, but of a
// week that was skipped.
var notSkipped = []digest.State{digest.Draft, digest.InReview, digest.Approved, digest.Sending, digest.Paused, digest.Sent, digest.Cancelled, digest.Rejected}

// theIssue is the one named by ID, slot or number, or the newsletter's latest
// that stands in one of the states.
func (c *console) theIssue(ctx context.Context, s *store.Store, nl digest.Newsletter, name string, states ...digest.State) (digest.Issue, error) {
	if name == "" {
		issue, err := s.LastIssue(ctx, nl.Slug, states...)
		if errors.Is(err, digest.ErrNotFound) {
			return issue, c.noIssue(ctx, s, nl, states)
		}
		return issue, err
	}
	return c.named(ctx, s, nl, name)
}

// noIssue says that a newsletter has none in the states, or none at all.
func (c *console) noIssue(ctx context.Context, s *store.Store, nl digest.Newsletter, states []digest.State) error {
	_, err := s.LastIssue(ctx, nl.Slug)
	if err == nil {
		return refusedError{errors.New(c.t("issue.nonethat", "Newsletter", nl.Slug, "States", c.either(states)))}
	}
	if !errors.Is(err, digest.ErrNotFound) {
		return err
	}
	return refusedError{errors.New(c.t("issue.none", "Newsletter", nl.Slug))}
}

// either names states as a choice: "sending, paused or sent".
func (c *console) either(states []digest.State) string {
	var names []string
	for _, state := range states {
		names = append(names, c.t("state.issue."+string(state)))
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " " + c.t("or") + " " + names[last]
}

// named finds an issue by its number, its slot or its ID.
func (c *console) named(ctx context.Context, s *store.Store, nl digest.Newsletter, name string) (digest.Issue, error) {
	if number, err := strconv.Atoi(name); err == nil && number > 0 {
		recent, err := s.Issues(ctx, nl.Slug, "", 1000)
		if err != nil {
			return digest.Issue{}, err
		}
		for _, issue := range recent {
			if issue.Number == number {
				return issue, nil
			}
		}
	}
	issue, err := s.IssueAt(ctx, nl.Slug, name)
	if errors.Is(err, digest.ErrNotFound) {
		issue, err = s.Issue(ctx, name)
	}
	if errors.Is(err, digest.ErrNotFound) || err == nil && issue.Newsletter != nl.Slug {
		return digest.Issue{}, usage("%s", c.t("issue.unknown", "Issue", name))
	}
	return issue, err
}
