package collect

import (
	"context"
	"errors"
	"hash/fnv"
	"net/url"
	"slices"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// When a source is visited again.
const (
	soonest     = 15 * time.Minute
	latest      = 12 * time.Hour
	unknown     = time.Hour // a source whose articles have no dates
	latestAfter = 24 * time.Hour
	mostHeld    = 7 * 24 * time.Hour // a Retry-After beyond this is not believed
	rhythmOf    = 20                 // the youngest articles a rhythm is taken from
	movedAfter  = 3                  // visits led to one address before it is taken for the source's own
)

// leftAlone tells whether a source is not to be visited now, and what its
// editor should hear of it.
func leftAlone(s digest.Source, state digest.SourceState, now time.Time, due bool) ([]digest.Note, bool) {
	note := func(level digest.Level, code string, since time.Time) []digest.Note {
		return []digest.Note{{Level: level, Stage: "collect", Code: code, Where: fetch.Public(s.URL), Detail: since.Format(time.RFC3339)}}
	}
	switch {
	case !state.Gone.IsZero():
		return note(digest.Warning, "source.gone", state.Gone), true
	case now.Before(state.HeldUntil):
		return note(digest.Info, "source.held", state.HeldUntil), true
	case due && now.Before(state.NextVisit):
		return nil, true
	}
	return nil, false
}

// after is the source's state after a visit.
func after(state digest.SourceState, h *harvest, begun, now time.Time, changed bool) digest.SourceState {
	state.Checked, state.Took = now, now.Sub(begun)
	state.HeldUntil = time.Time{}
	if h.failed != "" {
		state.Failures++
		state.Trouble = h.failed
		if h.gone {
			state.Gone = now
		}
		if h.patience > 0 {
			state.HeldUntil = now.Add(min(h.patience, mostHeld))
		}
		state.NextVisit = later(now.Add(jitter(state, backoff(state.Failures))), state.HeldUntil)
		if h.gone {
			state.NextVisit = time.Time{}
		}
		return state
	}
	state.Failures, state.Trouble = 0, ""
	state.ETag, state.LastModified = h.etag, h.lastModified
	if h.title != "" {
		state.Title = h.title
	}
	if !h.unchanged {
		observe(&state, h, now)
		state.Asked = h.asked
	}
	if changed {
		state.Changed = now
	}
	switch {
	case h.moved == "":
		state.Moved, state.MovedTimes = "", 0
	case h.moved == state.Moved:
		state.MovedTimes++
	default:
		state.Moved, state.MovedTimes = h.moved, 1
	}
	state.NextVisit = later(now.Add(jitter(state, interval(state, now))), now.Add(wish(state)))
	return state
}

// observe takes down what a source held.
func observe(state *digest.SourceState, h *harvest, now time.Time) {
	state.Entries, state.Undated = len(h.finds), 0
	var dates []time.Time
	for _, f := range h.finds {
		switch {
		case f.at.IsZero() && !h.dateless:
			state.Undated++
		case !f.at.IsZero() && !f.at.After(now):
			dates = append(dates, f.at)
		}
	}
	state.Newest, state.Rhythm = time.Time{}, 0
	if len(dates) == 0 {
		return
	}
	slices.SortFunc(dates, func(a, b time.Time) int { return b.Compare(a) })
	state.Newest = dates[0]
	if dates = dates[:min(len(dates), rhythmOf)]; len(dates) > 2 {
		state.Rhythm = dates[0].Sub(dates[len(dates)-1]) / time.Duration(len(dates)-1)
	}
}

// interval is how long a source may wait: half of its usual time between two
// articles, and longer when it has been silent, or asks for it. A feed shows at
// least three, so that none is missed.
func interval(state digest.SourceState, now time.Time) time.Duration {
	if state.Newest.IsZero() || state.Entries < 3 {
		return max(unknown, wish(state))
	}
	return min(max(state.Rhythm/2, now.Sub(state.Newest)/16, soonest, wish(state)), latest)
}

// wish is how long the source wants to be left alone, as far as nothing is
// lost by it: at most until half of what it shows is new.
func wish(state digest.SourceState) time.Duration {
	most := latest
	if state.Rhythm > 0 && state.Entries >= 3 {
		most = min(latest, max(soonest, state.Rhythm/2*time.Duration(min(state.Entries, maxEntries))))
	}
	return min(state.Asked, most)
}

func backoff(failures int) time.Duration {
	return min(soonest<<min(failures, 10), latestAfter)
}

// jitter takes up to a tenth off a wait, or adds as much: sources added
// together are not visited together for ever. It depends on the source and the
// visit alone, so that a test can tell what it is.
func jitter(state digest.SourceState, d time.Duration) time.Duration {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(state.SourceID + state.Checked.Format(time.RFC3339)))
	return d + d/10*time.Duration(int(sum.Sum32()%2001)-1000)/1000
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// follow takes a source to where it was found often enough.
func (c *Collector) follow(ctx context.Context, s digest.Source, h *harvest, state digest.SourceState) error {
	if h.moved == "" || h.failed != "" {
		return nil
	}
	where := fetch.Public(s.URL)
	if u, err := url.Parse(s.URL); state.MovedTimes < movedAfter || err != nil || u.User != nil { // the new address would lack the password
		h.note(digest.Info, "source.moved", where, h.moved)
		return nil
	}
	err := c.memory.MoveSource(ctx, s.ID, h.moved)
	switch {
	case errors.Is(err, digest.ErrConflict):
		h.note(digest.Warning, "source.twice", where, h.moved)
		return nil
	case err != nil:
		return err
	}
	h.note(digest.Info, "source.rewritten", where, h.moved)
	return nil
}
