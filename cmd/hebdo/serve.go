package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"hebdo/internal/digest"
	"hebdo/internal/pipeline"
	"hebdo/internal/schedule"
	"hebdo/internal/web"
)

// beat is how often a server looks for what is due, and glance how often for
// letters to send: an issue that somebody resumes goes on within a second.
const (
	beat   = 5 * time.Second
	glance = 500 * time.Millisecond
)

// serve is `hebdo serve`: the pages, the schedule and the delivery.
func (c *console) serve() *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: c.t("serve.short"), Long: c.t("serve.long"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.steady = true
			for _, flag := range []string{"serve.role", "role"} { // empty, such as by "$ROLE", they do not mean all roles
				if cmd.Flags().Changed(flag) {
					c.flags["serve.role"] = flag
				}
			}
			h, err := c.open(cmd.Context())
			if err != nil && cmd.Context().Err() != nil {
				return nil // told to stop before it had begun: that is a stop in order
			}
			if err != nil {
				return err
			}
			defer h.Close()
			listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", h.config.Listen)
			if err != nil {
				return usage("http.listen %s: %v", h.config.Listen, err)
			}
			return h.serve(cmd.Context(), listener, func() {
				c.warn("serve.at", "Address", "http://"+listener.Addr().String()+"/", "Public", h.config.PublicURL.String())
			})
		},
	}
	cmd.Flags().StringVar(c.given["serve.role"], "role", "", c.t("flag.role"))
	return cmd
}

// serve does its part of the work until ctx ends; what was begun is finished
// first. It says when nothing stands in its way any more.
func (h *house) serve(ctx context.Context, listener net.Listener, ready func()) error {
	handler, err := h.site()
	if err != nil {
		return usageError{err}
	}
	metrics, err := h.listenMetrics(ctx)
	if err != nil {
		return err
	}
	ready()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveHTTP(ctx, listener, h.counted(handler)) })
	group.Go(func() error { return h.serveMetrics(ctx, metrics) })
	group.Go(func() error { return h.watchSchema(ctx) })
	if h.config.takes(roleSchedule) {
		group.Go(func() error { return h.runSchedule(ctx) })
		group.Go(func() error { return h.runTicks(ctx, h.beat, h.decisions) })
		group.Go(func() error { return h.keepHouse(ctx) })
		group.Go(func() error { return h.watchInbox(ctx) })
	}
	if h.config.takes(roleDeliver) {
		group.Go(func() error { return h.runTicks(ctx, h.glance, h.letters) })
	}
	return group.Wait()
}

// pages is the whole site. Secure keeps the desk's session off plain HTTP.
func (h *house) pages(secure bool) (http.Handler, error) {
	return web.New(h.store, desk{h}, h.book, h.store, web.Options{
		PublicURL: h.config.PublicURL, Links: h.links, Control: desk{h}, Sorting: desk{h}, Revising: desk{h}, Themes: pipeline.ThemesOf, Sessions: h.store.Sessions(),
		Templates: overlay(h.config), Now: h.out.now, Logger: h.log,
		SecureCookies: secure, TrustedProxies: h.config.Proxies,
		Views: h.renderer, Ready: h.store.Ping, Roles: h.config.roles(), Sources: h.store, Suppressions: h.store, Deliveries: desk{h}, Hooks: h.hooks(),
	})
}

// farewell is how long requests may go on once the server is to stop. Then
// their contexts end: streams would go on for ever.
const farewell = 2 * time.Second

// serveHTTP serves until ctx ends, then lets requests finish. Who neither reads
// nor writes is not waited for; streams set deadlines of their own.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	lasting, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return lasting },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	defer time.AfterFunc(farewell, end).Stop()
	bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*farewell)
	defer cancel()
	err := server.Shutdown(bound)
	if <-failed; errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}

// task is something that is due, and not done twice at the same time, unless it
// was not due in between: what is still at its end must not keep it waiting.
type task struct {
	key string
	do  func(context.Context) error
}

// decisions is to take those of a newsletter that are due.
func (h *house) decisions(_ context.Context, nl digest.Newsletter) ([]task, error) {
	return []task{{nl.Slug, func(ctx context.Context) error { return h.pipeline.Decide(ctx, nl, h.beat) }}}, nil
}

// letters is to send each issue that is due; none waits for another.
func (h *house) letters(ctx context.Context, nl digest.Newsletter) (all []task, err error) {
	due, err := h.pipeline.Due(ctx, nl)
	for _, issue := range due {
		all = append(all, task{issue.ID, func(ctx context.Context) error {
			_, err := h.pipeline.Send(ctx, nl, issue.ID)
			if errors.Is(err, digest.ErrConflict) { // somebody paused or cancelled it at this very moment
				return nil
			}
			return err
		}})
	}
	return all, err
}

// runTicks does what is due for every newsletter, again and again; what takes
// long keeps nothing else waiting. Trouble is logged, and tried again a beat
// later.
func (h *house) runTicks(ctx context.Context, every time.Duration, look func(context.Context, digest.Newsletter) ([]task, error)) error {
	type turn struct{ newsletter string }
	var running sync.Map // the turns of tasks under way, by their keys
	var group sync.WaitGroup
	defer group.Wait()
	trouble := func(what string, err error, more ...any) {
		if err != nil && ctx.Err() == nil {
			h.log.ErrorContext(ctx, what, append(more, "error", err)...)
			pause(ctx, h.beat-every)
		}
	}
	for {
		all, err := h.store.Newsletters(ctx)
		trouble("the newsletters could not be read", err)
		for _, nl := range all {
			tasks, err := look(ctx, nl)
			trouble("what is due could not be read", err, "newsletter", nl.Slug)
			if err != nil {
				continue
			}
			running.Range(func(key, its any) bool {
				due := slices.ContainsFunc(tasks, func(t task) bool { return t.key == key })
				if its.(*turn).newsletter == nl.Slug && !due {
					running.CompareAndDelete(key, its)
				}
				return true
			})
			for _, t := range tasks {
				its := &turn{nl.Slug}
				if _, busy := running.LoadOrStore(t.key, its); busy {
					continue
				}
				group.Go(func() {
					defer running.CompareAndDelete(t.key, its)
					trouble("what is due could not be done", t.do(ctx), "newsletter", nl.Slug)
				})
			}
		}
		if !pause(ctx, every) {
			return nil
		}
	}
}

// runSchedule drafts every newsletter at its times, and takes up new times
// when a newsletter is applied again.
func (h *house) runSchedule(ctx context.Context) error {
	clock := schedule.New(h.store, schedule.Options{Node: h.node(), Now: h.out.now, Tick: 6 * h.beat, Logger: h.log})
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return clock.Run(ctx) })
	group.Go(func() error {
		set := map[string]bool{}
		for {
			all, err := h.store.Newsletters(ctx)
			if err == nil {
				err = h.setTimes(clock, all, set)
			}
			if err != nil && ctx.Err() == nil {
				h.log.ErrorContext(ctx, "the newsletters' times could not be set", "error", err)
			}
			if !pause(ctx, h.beat) {
				return nil
			}
		}
	})
	return group.Wait()
}

// visits is when a server looks which sources ask for a visit: between the
// round minutes at which letters are drafted.
const visits = "3-59/10 * * * *"

// setTimes gives the clock two jobs for each newsletter, its drafts and the
// visits of its sources, and takes those away that no newsletter has any more. A changed time is another job: it
// begins with its next slot, and does not catch up one in the past.
func (h *house) setTimes(clock *schedule.Clockwork, all []digest.Newsletter, set map[string]bool) error {
	wanted := map[string]bool{}
	var faults []error
	for _, nl := range all {
		round := "visit/" + nl.Slug
		if wanted[round] = true; !set[round] {
			visit := func(ctx context.Context, _ time.Time) error { return h.visit(ctx, nl.Slug) }
			err := clock.AddWithin(round, visits, time.UTC, 10*time.Minute, visit)
			set[round] = err == nil
			faults = append(faults, err)
		}
		if nl.DraftAt == "" {
			continue
		}
		name := strings.Join([]string{"draft", nl.Slug, nl.DraftAt, nl.Zone}, "/")
		wanted[name] = true
		if set[name] {
			continue
		}
		zone, err := zoneOf(nl)
		if err == nil {
			draft := func(ctx context.Context, slot time.Time) error { return h.draftPatiently(ctx, nl.Slug, slot) }
			err = clock.Add(name, nl.DraftAt, zone, draft)
		}
		set[name] = err == nil
		faults = append(faults, err)
	}
	for name := range set {
		if !wanted[name] {
			clock.Remove(name)
			delete(set, name)
		}
	}
	return errors.Join(faults...)
}

// visit brings in what is new at the sources that are due. What is wrong with
// one is remembered with it, and told with the next draft.
func (h *house) visit(ctx context.Context, slug string) error {
	nl, err := h.store.Newsletter(ctx, slug)
	if err != nil {
		return err
	}
	harvest, err := h.pipeline.Visit(ctx, nl)
	if err == nil && harvest.Found > 0 {
		h.log.InfoContext(ctx, "sources visited", "newsletter", slug, "found", harvest.Found, "read", harvest.Read)
	}
	return err
}

func zoneOf(nl digest.Newsletter) (*time.Location, error) {
	zone, err := time.LoadLocation(nl.Zone)
	if err != nil {
		return nil, fmt.Errorf("%s: zone: %w", nl.Slug, err)
	}
	return zone, nil
}

// pause waits; false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
