package web

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hebdo/internal/digest"
)

// Books are where the state of the whole installation is kept; *store.Store is
// one.
type Books interface {
	Newsletters(ctx context.Context) ([]digest.Newsletter, error)
	Issues(ctx context.Context, newsletter, before string, limit int, states ...digest.State) ([]digest.Issue, error)
	Tally(ctx context.Context, issueID string) (digest.Tally, error)
	SourceStates(ctx context.Context, newsletter string) ([]digest.SourceState, error)
}

// ledger tells Prometheus what stands in the database: the deliveries of the
// issues on their way, and the latest sent, by state, and how sources do. What
// it read is good for a while, so that several readers cost no more than one.
type ledger struct {
	books Books
	now   func() time.Time
	log   *slog.Logger

	deliveries, sources, up *prometheus.Desc

	mu     sync.Mutex
	last   []prometheus.Metric
	failed bool
	until  time.Time
}

// A ledger is read for readFor at most. What was read is good for goodFor, and
// for twenty times as long as it took: counting a million rows takes seconds.
const (
	readFor = 10 * time.Second
	goodFor = 5 * time.Second
)

func newLedger(books Books, now func() time.Time, log *slog.Logger) *ledger {
	return &ledger{
		books: books, now: now, log: log,
		deliveries: prometheus.NewDesc("hebdo_deliveries", "Deliveries of issues on their way and of the latest sent, by state.", []string{"newsletter", "issue", "state"}, nil),
		sources:    prometheus.NewDesc("hebdo_sources", "Sources by condition.", []string{"newsletter", "condition"}, nil),
		up:         prometheus.NewDesc("hebdo_database_up", "Whether the database could be read for these counts.", nil, nil),
	}
}

// Describe is of prometheus.Collector.
func (l *ledger) Describe(to chan<- *prometheus.Desc) {
	to <- l.deliveries
	to <- l.sources
	to <- l.up
}

// Collect is of prometheus.Collector.
func (l *ledger) Collect(to chan<- prometheus.Metric) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if begun := l.now(); !begun.Before(l.until) {
		ctx, cancel := context.WithTimeout(context.Background(), readFor)
		all, err := l.read(ctx)
		cancel()
		if l.last, l.failed = all, err != nil; err != nil {
			l.log.Warn("the database could not be read for the metrics", "error", err)
		}
		took := l.now().Sub(begun)
		l.until = begun.Add(took + max(goodFor, 20*took))
	}
	up := 1.0
	if l.failed {
		up = 0
	}
	to <- prometheus.MustNewConstMetric(l.up, prometheus.GaugeValue, up)
	for _, m := range l.last {
		to <- m
	}
}

func (l *ledger) read(ctx context.Context) (all []prometheus.Metric, err error) {
	gauge := func(d *prometheus.Desc, n int, labels ...string) {
		all = append(all, prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...))
	}
	letters, err := l.books.Newsletters(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range letters {
		issues, err := l.books.Issues(ctx, n.Slug, "", 10, digest.Sending, digest.Paused)
		if err != nil {
			return nil, err
		}
		sent, err := l.books.Issues(ctx, n.Slug, "", 1, digest.Sent)
		if err != nil {
			return nil, err
		}
		for _, i := range append(issues, sent...) {
			t, err := l.books.Tally(ctx, i.ID)
			if err != nil {
				return nil, err
			}
			for state, n := range map[digest.DeliveryState]int{
				digest.Queued: t.Queued, digest.Claimed: t.Claimed, digest.Begun: t.Begun, digest.Delivered: t.Delivered,
				digest.Deferred: t.Deferred, digest.Refused: t.Refused, digest.Unsure: t.Unsure,
			} {
				gauge(l.deliveries, n, i.Newsletter, i.Slot, string(state))
			}
		}
		states, err := l.books.SourceStates(ctx, n.Slug)
		if err != nil {
			return nil, err
		}
		conditions := map[digest.Condition]int{}
		for _, s := range states {
			conditions[s.Health(l.now()).Condition]++
		}
		for condition, count := range conditions {
			gauge(l.sources, count, n.Slug, string(condition))
		}
	}
	return all, nil
}

// providers are where most mailboxes are, by domain. A list made here, not
// learnt from the readers: a domain that few have would tell who they are.
var providers = map[string]string{
	"gmail.com": "google", "googlemail.com": "google",
	"outlook.com": "microsoft", "outlook.fr": "microsoft", "hotmail.com": "microsoft", "hotmail.fr": "microsoft", "hotmail.co.uk": "microsoft",
	"live.com": "microsoft", "live.fr": "microsoft", "msn.com": "microsoft",
	"yahoo.com": "yahoo", "yahoo.fr": "yahoo", "yahoo.co.uk": "yahoo", "ymail.com": "yahoo", "aol.com": "yahoo",
	"icloud.com": "apple", "me.com": "apple", "mac.com": "apple",
	"orange.fr": "orange", "wanadoo.fr": "orange", "free.fr": "free", "aliceadsl.fr": "free",
	"sfr.fr": "sfr", "neuf.fr": "sfr", "cegetel.net": "sfr", "club-internet.fr": "sfr", "numericable.fr": "sfr",
	"laposte.net": "laposte", "bbox.fr": "bouygues", "proton.me": "proton", "protonmail.com": "proton", "pm.me": "proton",
	"gmx.com": "gmx", "gmx.net": "gmx", "gmx.de": "gmx", "gmx.fr": "gmx", "web.de": "gmx", "mail.com": "gmx",
	"t-online.de": "telekom", "fastmail.com": "fastmail", "zoho.com": "zoho", "qq.com": "tencent", "163.com": "netease",
	"yandex.ru": "yandex", "mail.ru": "vk",
}

// mailboxProvider is who keeps the mailboxes of a domain, "other" for most domains.
func mailboxProvider(domain string) string {
	if name, ok := providers[domain]; ok {
		return name
	}
	return "other"
}
