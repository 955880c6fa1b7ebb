package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"hebdo/internal/store"
	"hebdo/internal/web"
)

// The parts of the work that a server may take. Several may take the same: a
// slot is drafted once, a letter sent once, whoever does it.
const (
	roleWeb      = "web"      // the desk, the readers' pages, the hooks of relays
	roleSchedule = "schedule" // drafts, visits of sources, decisions that are due, the lists, the mailbox for bounces
	roleDeliver  = "deliver"  // letters
)

var allRoles = []string{roleWeb, roleSchedule, roleDeliver}

// readRoles takes "schedule,deliver".
func readRoles(c *Config, v string) error {
	c.Roles = nil
	for _, role := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' }) {
		if !slices.Contains(allRoles, role) {
			return fmt.Errorf("use any of %s", strings.Join(allRoles, ","))
		}
		if !c.takes(role) || c.Roles == nil {
			c.Roles = append(c.Roles, role)
		}
	}
	if c.Roles == nil {
		return fmt.Errorf("use any of %s", strings.Join(allRoles, ","))
	}
	return nil
}

// takes tells whether this process has a part of the work.
func (c Config) takes(role string) bool { return c.Roles == nil || slices.Contains(c.Roles, role) }

// roles are those of this process, for people to read.
func (c Config) roles() string {
	if c.Roles == nil {
		return strings.Join(allRoles, " ")
	}
	return strings.Join(c.Roles, " ")
}

// site is what this process answers over HTTP: the pages, if they are its
// part, else only how it is.
func (h *house) site() (http.Handler, error) {
	if h.config.takes(roleWeb) {
		return h.pages(h.config.PublicURL.Scheme == "https")
	}
	return web.Health(h.store.Ping, h.config.roles(), h.log), nil
}

// watchSchema ends the server when another process, newer than this one, has
// migrated the database: what this one would write may not fit any more.
// Whoever supervises it starts it again, and it refuses to run until it is
// the newer program as well.
func (h *house) watchSchema(ctx context.Context) error {
	for pause(ctx, h.beat) {
		err := h.store.CheckSchema(ctx)
		if errors.Is(err, store.ErrNewerSchema) {
			return fmt.Errorf("stopping, with what was begun ended: %w", err)
		}
		if err != nil && ctx.Err() == nil {
			h.log.ErrorContext(ctx, "the database's version could not be read", "error", err)
		}
	}
	return nil
}
