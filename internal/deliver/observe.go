package deliver

import (
	"log/slog"
	"time"

	"hebdo/internal/digest"
)

// Tried is one try to bring a letter to the server, for whoever counts them.
type Tried struct {
	Newsletter string
	State      digest.DeliveryState // what became of it: queued, where the server could not be reached
	Code       int                  // of the server's reply; 0: there was none
	Domain     string               // of the recipient, in lower case
	Took       time.Duration
}

// batch is what became of deliveries since the last line in the log.
type batch struct {
	begun   time.Time
	claimed int
	tally   digest.Tally // of those settled; Queued: given back
}

// note counts results that were settled, and tells of each try.
func (r *run) note(done []digest.Delivery, results []result) {
	for n, d := range done {
		r.batch.tally.Count(d.State, 1)
		if r.opt.Tried == nil || !results[n].tried {
			continue
		}
		r.opt.Tried(Tried{Newsletter: r.letter, State: d.State, Code: d.Code, Domain: domainOf(d.Address), Took: results[n].took})
	}
}

// claimed counts what was claimed. Claims may be small: a line in the log
// stands for a thousand mails or ten seconds.
func (r *run) claimed(n int) {
	if r.batch.tally.All() >= 1000 || r.batch.begun.IsZero() || r.opt.Now().Sub(r.batch.begun) >= 10*time.Second {
		r.turnBatch(n)
		return
	}
	r.batch.claimed += n
}

// turnBatch writes one line about the batch that ends, where there was one,
// and begins the next.
func (r *run) turnBatch(claimed int) {
	now, b := r.opt.Now(), r.batch
	r.batch = batch{begun: now, claimed: claimed}
	t := b.tally
	if t.All() == 0 {
		return
	}
	took := now.Sub(b.begun).Seconds()
	rate := 0.0
	if took > 0 {
		rate = float64(t.Delivered+t.Deferred+t.Refused+t.Unsure) / took
	}
	r.opt.Logger.Info("batch sent", slog.String("issue", r.issueID), slog.String("node", r.node), slog.Int("batch", b.claimed),
		slog.Int("sent", t.Delivered), slog.Int("deferred", t.Deferred), slog.Int("refused", t.Refused), slog.Int("unsure", t.Unsure),
		slog.Int("given_back", t.Queued), slog.Float64("seconds", round(took)), slog.Float64("rate", round(rate)),
		slog.Int("waiting", r.counter.tally.Open()))
}

// round keeps three places: a log is read by people too.
func round(f float64) float64 { return float64(int(f*1000+0.5)) / 1000 }
