// Package extract makes an article's text of what a page, a file or a feed
// holds: text, title, authors, dates, language, picture, address. What is no
// article (a consent page, a paywall, a log-in, a page that is not there) is
// recognised and never passes as a text.
package extract

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// Getter brings a page; *fetch.Client is one. It fails with a fetch.Failure
// when the page could not be had, and with ctx's error when that ended first.
type Getter interface {
	Get(ctx context.Context, r fetch.Request) (fetch.Page, error)
}

// Options is what an Extractor needs besides its Getter.
type Options struct {
	Now      func() time.Time
	Logger   *slog.Logger   // nil: silent
	Parallel int            // articles worked on at the same time; 0: 4
	Zone     *time.Location // of dates that name none; nil: Europe/Paris
}

// Extractor fills articles. It is safe for concurrent use.
type Extractor struct {
	getter   Getter
	now      func() time.Time
	log      *slog.Logger
	parallel int
	zone     *time.Location
}

// New makes an Extractor. Options.Now is needed.
func New(g Getter, o Options) *Extractor {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Parallel <= 0 {
		o.Parallel = 4
	}
	if o.Zone == nil {
		o.Zone = time.UTC
		if paris, err := time.LoadLocation("Europe/Paris"); err == nil {
			o.Zone = paris
		}
	}
	return &Extractor{getter: g, now: o.Now, log: o.Logger, parallel: o.Parallel, zone: o.Zone}
}

// Fill reads each article that is only found: its page (robots.txt is
// honoured), or its Raw where it has no page. The result has the same length
// and order. An article that could not be had for a passing reason stays
// found, for the next run; any other becomes extracted, if need be from what
// its feed gave along, or else with a Kind that says why it has no text. A
// paragraph that several of the articles of one site begin or end with goes.
// Sources take turns; what one has beyond its share of the time stays found.
// What an editor should know is in the notes, in the order of the articles. It
// fails only when ctx ends.
func (e *Extractor) Fill(ctx context.Context, articles []digest.Article) ([]digest.Article, []digest.Note, error) {
	out := make([]digest.Article, len(articles))
	notes := make([][]digest.Note, len(articles))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(e.parallel)
	spent := &shares{now: e.now, took: map[string]time.Duration{}, left: map[string]int{}}
	for _, i := range turns(articles) {
		a := articles[i]
		if a.State == digest.ArticleExtracted {
			out[i] = a
			continue
		}
		work.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			end, ok := spent.begin(a.SourceID)
			if !ok {
				out[i] = a
				return nil
			}
			defer end()
			var err error
			out[i], notes[i], err = e.fill(ctx, a)
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, nil, err
	}
	refrains(out)
	var all []digest.Note
	for _, n := range notes {
		all = append(all, n...)
	}
	return out, append(all, spent.notes(articles)...), nil
}
