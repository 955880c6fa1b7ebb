// Package collect visits the sources of a newsletter and brings the articles
// that were not seen before: entries of feeds, links of pages and sitemaps,
// files of folders, stories of the newsletters in a mailbox. What a source gave along with an article (the content of a
// feed's entry, the bytes of a file) is passed on raw; extraction reads it.
package collect

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// Options say how a Collector works.
type Options struct {
	Now      func() time.Time
	NewID    func() string
	Logger   *slog.Logger // nil: none
	Parallel int          // sources visited at the same time; 0: 32, since the pace is kept for each host apart
	Postbox  Postbox      // nil: mailboxes are not read
}

// Collector visits sources. It is safe for concurrent use.
type Collector struct {
	client *fetch.Client
	memory Memory
	now    func() time.Time
	newID  func() string
	log    *slog.Logger
	limit  int
	post   Postbox
}

// New makes a collector. Options.Now and Options.NewID are needed.
func New(client *fetch.Client, memory Memory, o Options) *Collector {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Parallel <= 0 {
		o.Parallel = 32
	}
	return &Collector{client: client, memory: memory, now: o.Now, newID: o.NewID, log: o.Logger, limit: o.Parallel, post: o.Postbox}
}

// Articles visits all sources and gives the articles that were not seen
// before, or were edited since, in the order of the sources; they are in the
// memory when it returns. A source that is gone is left out, and so is one
// whose server asked for patience. Whatever is wrong with a source is a note
// and holds up no other source. The error is that of the memory or of ctx;
// what other sources brought until then is kept, and given back with it.
func (c *Collector) Articles(ctx context.Context, sources []digest.Source) ([]digest.Article, []digest.Note, error) {
	return c.round(ctx, sources, false)
}

// Due is Articles for those sources only whose own rhythm asks for a visit
// now. Called every few minutes, it loses nothing of feeds that show their
// entries for a short while.
func (c *Collector) Due(ctx context.Context, sources []digest.Source) ([]digest.Article, []digest.Note, error) {
	return c.round(ctx, sources, true)
}

func (c *Collector) round(ctx context.Context, sources []digest.Source, due bool) ([]digest.Article, []digest.Note, error) {
	brought := make([]visited, len(sources))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(c.limit)
	for i, s := range sources {
		group.Go(func() error {
			v, err := c.visit(ctx, s, due)
			brought[i] = v
			return err
		})
	}
	err := group.Wait()
	var articles []digest.Article
	var notes []digest.Note
	for _, b := range brought {
		articles = append(articles, b.articles...)
		notes = append(notes, b.notes...)
	}
	return articles, notes, err
}

// visited is what one visit of one source led to.
type visited struct {
	articles []digest.Article
	notes    []digest.Note
}

// visit reads one source, if it may, and remembers what it brought.
func (c *Collector) visit(ctx context.Context, s digest.Source, due bool) (visited, error) {
	where := fetch.Public(s.URL)
	state, err := c.memory.SourceState(ctx, s.ID)
	if err != nil {
		return visited{}, fmt.Errorf("what is known of source %s: %w", where, err)
	}
	begun := c.now().UTC()
	if notes, leave := leftAlone(s, state, begun, due); leave {
		return visited{notes: notes}, nil
	}
	h := c.read(ctx, s, state)
	if err := ctx.Err(); err != nil {
		return visited{}, err
	}
	articles, err := c.unseen(ctx, s, &h)
	if err != nil {
		return visited{}, fmt.Errorf("what was seen of source %s: %w", where, err)
	}
	state = after(state, &h, begun, c.now().UTC(), len(articles) > 0)
	if err := c.memory.KeepFound(ctx, state, articles); err != nil {
		return visited{}, fmt.Errorf("keeping what source %s brought: %w", where, err)
	}
	if err := c.follow(ctx, s, &h, state); err != nil {
		return visited{}, fmt.Errorf("the new address of source %s: %w", where, err)
	}
	c.log.Info("source visited", "source", s.ID, "kind", s.Kind, "new", len(articles), "trouble", h.failed)
	return visited{articles: articles, notes: h.notes}, nil
}

// read chooses by kind. A new kind of source is one more case and one file.
func (c *Collector) read(ctx context.Context, s digest.Source, state digest.SourceState) harvest {
	switch s.Kind {
	case digest.SourceFeed:
		return c.readFeed(ctx, s, state)
	case digest.SourcePage:
		return c.readPage(ctx, s, state)
	case digest.SourceSitemap:
		return c.readSitemap(ctx, s, state)
	case digest.SourceFolder:
		return c.readFolder(ctx, s)
	case digest.SourceMailbox:
		return c.readMailbox(ctx, s, state)
	}
	var h harvest
	h.fail("source.unread", fetch.Public(s.URL), string(s.Kind))
	return h
}
