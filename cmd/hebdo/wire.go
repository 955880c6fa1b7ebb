package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/google/uuid"

	"hebdo/internal/audience"
	"hebdo/internal/collect"
	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	"hebdo/internal/extract"
	"hebdo/internal/fetch"
	"hebdo/internal/llm"
	"hebdo/internal/mail"
	"hebdo/internal/pipeline"
	"hebdo/internal/render"
	"hebdo/internal/store"
	"hebdo/internal/summarise"
	"hebdo/internal/track"
	"hebdo/internal/web"
)

// The store is every stage's memory.
var (
	_ collect.Memory    = (*store.Store)(nil)
	_ deliver.Outbox    = (*store.Store)(nil)
	_ deliver.Issues    = (*store.Store)(nil)
	_ deliver.Leases    = (*store.Store)(nil)
	_ audience.Register = (*store.Store)(nil)
	_ audience.Staging  = (*store.Store)(nil)
	_ pipeline.Archive  = (*store.Store)(nil)
	_ pipeline.Issues   = (*store.Store)(nil)
	_ pipeline.Progress = (*store.Store)(nil)
	_ web.Shelf         = (*store.Store)(nil)
	_ web.Editors       = (*store.Store)(nil)
)

// outside is the one seam between the program and the world, for tests.
type outside struct {
	now   func() time.Time
	newID func() string
	fetch fetch.Options // what the client of a test or of the demo has of its own
}

func theWorld() outside {
	return outside{now: clock(), newID: func() string { return uuid.Must(uuid.NewV7()).String() }}
}

// house is the program put together. Close it when done.
type house struct {
	config   Config
	out      outside
	log      *slog.Logger
	store    *store.Store
	links    *track.Links
	renderer *render.Renderer
	smtp     *mail.Fleet
	courier  *deliver.Courier
	book     *audience.Book
	pipeline *pipeline.Pipeline
	fetcher  *fetch.Client
	metrics  *web.Metrics
	beat     time.Duration // how often a server looks for what is due
	glance   time.Duration // how often for letters to send
}

// openStore opens the database that the configuration names and brings its
// schema up to date.
func (c *console) openStore(ctx context.Context) (*store.Store, error) {
	config, _, err := c.configure()
	if err != nil {
		return nil, err
	}
	return openStore(ctx, config, theWorld(), nil)
}

func openStore(ctx context.Context, config Config, out outside, log *slog.Logger) (*store.Store, error) {
	s, err := store.Open(ctx, config.DatabaseURL, store.Options{Now: out.now, NewID: out.newID, Logger: log})
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// open puts the house together as configured.
func (c *console) open(ctx context.Context) (*house, error) {
	config, _, err := c.configure()
	if err != nil {
		return nil, err
	}
	log, err := c.logger(config.LogLevel)
	if err != nil {
		return nil, usageError{err}
	}
	return build(ctx, config, theWorld(), log)
}

// build wires the stages by hand. Broken templates are found here.
func build(ctx context.Context, config Config, out outside, log *slog.Logger) (_ *house, err error) {
	h := &house{config: config, out: out, log: log, beat: beat, glance: glance}
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	if h.renderer, err = render.New(render.Options{PublicURL: config.PublicURL, Overlay: overlay(config)}); err != nil {
		return nil, usageError{err}
	}
	if h.smtp, err = fleet(config, out.now, log); err != nil {
		return nil, usageError{err}
	}
	var keys []track.Key
	err = patiently(ctx, log, func() (err error) {
		if h.store == nil {
			if h.store, err = openStore(ctx, config, out, log); err != nil {
				return err
			}
		}
		keys, err = h.keys(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if h.links, err = track.New(config.PublicURL, keys); err != nil {
		return nil, err
	}
	h.fetcher = fetch.New(fetchOptions(config, out, log))
	h.metrics = h.counts()
	h.courier = deliver.New(h.store, h.store, h.smtp, h.links, deliver.Options{
		Node: h.node(), Connections: h.smtp.Connections(), Rate: config.SMTP.Rate,
		Limits: config.Limits, Ramp: config.Ramp, Volume: h.store,
		Leases: h.store, Lease: config.Lease, GiveUpAfter: config.GiveUpAfter, Now: out.now, Logger: log, Tried: tried(h.metrics),
	})
	h.book = audience.NewBook(h.store, postman{h}, h.links, audience.Options{Now: out.now, NewID: out.newID, Staging: h.store, Logger: log})
	h.pipeline = &pipeline.Pipeline{
		Collector: collect.New(h.fetcher, h.store, collect.Options{Now: out.now, NewID: out.newID, Logger: log, Postbox: postbox(config.Mailboxes)}),
		Extractor: extract.New(h.fetcher, extract.Options{Now: out.now, Logger: log}),
		Writer:    summarise.New(summarise.Options{}),
		Renderer:  h.renderer, Courier: h.courier,
		Archive: h.store, Issues: h.store, Progress: h.store, Rulings: h.store, Lessons: h.store, Bell: bell{h},
		Now: out.now, NewID: out.newID,
	}
	if config.LLM.URL != "" && config.LLM.EmbedModel != "" {
		h.pipeline.Embedder = llm.New(&http.Client{Timeout: time.Minute}, config.LLM.URL, config.LLM.Key, config.LLM.EmbedModel)
	}
	if h.pipeline.Vocabulary, err = config.vocabulary(); err != nil {
		return nil, err
	}
	return h, nil
}

// Close gives everything back.
func (h *house) Close() error {
	var faults []error
	if h.book != nil {
		h.book.Wait()
	}
	if h.fetcher != nil {
		h.fetcher.Close()
	}
	if h.smtp != nil {
		faults = append(faults, h.smtp.Close())
	}
	if h.store != nil {
		faults = append(faults, h.store.Close())
	}
	return errors.Join(faults...)
}

func overlay(config Config) fs.FS {
	if config.Templates == "" {
		return nil
	}
	return os.DirFS(config.Templates)
}

// dkimKeys are those that sign, RSA first: there are verifiers that look at
// one signature only.
func dkimKeys(config Config) (keys []mail.Key) {
	d := config.DKIM
	if d.Domain == "" {
		return nil
	}
	if d.RSA != nil {
		keys = append(keys, mail.Key{Domain: d.Domain, Selector: d.RSASelector, Private: d.RSA})
	}
	if d.Ed25519 != nil {
		keys = append(keys, mail.Key{Domain: d.Domain, Selector: d.Ed25519Selector, Private: d.Ed25519})
	}
	return keys
}

func fetchOptions(config Config, out outside, log *slog.Logger) fetch.Options {
	o := out.fetch
	o.UserAgent, o.Now, o.Logger = config.FetchAgent, out.now, log
	if o.Interval == 0 {
		if o.Interval = config.FetchEvery; o.Interval == 0 {
			o.Interval = -1 // "0s" means no pause
		}
	}
	if o.PerHost == 0 {
		o.PerHost = config.FetchHost
	}
	o.AllowPrivate = append(o.AllowPrivate, config.FetchFrom...)
	return o
}

// keys are those that sign links: the configured secret before the one the
// database keeps, so that links of before it was configured still work.
func (h *house) keys(ctx context.Context) ([]track.Key, error) {
	id, secret, err := h.store.Secret(ctx, func() ([]byte, error) {
		fresh := make([]byte, 32)
		_, err := rand.Read(fresh)
		return fresh, err
	})
	if err != nil {
		return nil, fmt.Errorf("the secret that signs links: %w", err)
	}
	keys := []track.Key{{ID: id, Secret: secret}}
	if h.config.Secret != nil {
		keys = append([]track.Key{{ID: 0, Secret: h.config.Secret}}, keys...)
	}
	return keys, nil
}

// node names this process among those that share the database.
func (h *house) node() string { return h.name() + "/" + h.out.newID() }

// name is that of the machine, or what its operator calls this process.
func (h *house) name() string {
	if h.config.Node != "" {
		return h.config.Node
	}
	name, _ := os.Hostname() // a name is for people to read
	return name
}

// newsletterOf finds the newsletter of an issue.
func (h *house) newsletterOf(ctx context.Context, issueID string) (digest.Newsletter, digest.Issue, error) {
	issue, err := h.store.Issue(ctx, issueID)
	if err != nil {
		return digest.Newsletter{}, issue, err
	}
	nl, err := h.store.Newsletter(ctx, issue.Newsletter)
	return nl, issue, err
}
