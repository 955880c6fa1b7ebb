package audience

import (
	"context"
	"slices"

	"hebdo/internal/digest"
)

// trays is a Staging in memory over a shelf, true to its interface's comments.
type trays struct {
	shelf *shelf
	open  map[string]*tray // by key
	fail  func(step string) error
}

type tray struct {
	state   digest.Import
	lines   []digest.Incoming
	repeats map[int]int
	ask     []digest.Incoming
}

func (t *trays) at(step string) error {
	if t.fail == nil {
		return nil
	}
	return t.fail(step)
}

func (t *trays) BeginImport(_ context.Context, want digest.Import) (digest.Import, error) {
	if t.open == nil {
		t.open = map[string]*tray{}
	}
	if t.open[want.Key] == nil {
		want.ID, want.Counts = want.Key, map[digest.Outcome]int{}
		t.open[want.Key] = &tray{state: want, repeats: map[int]int{}}
	}
	return t.open[want.Key].state, t.at("begin")
}

func (t *trays) Stage(_ context.Context, i digest.Import, upTo int, lines []digest.Incoming) (digest.Import, error) {
	tray := t.open[i.ID]
	if err := t.at("stage"); err != nil || tray.state.Staged != i.Staged {
		return i, err
	}
	tray.lines = append(tray.lines, slices.Clone(lines)...)
	tray.state.Staged = upTo
	return tray.state, nil
}

func (t *trays) Repeats(_ context.Context, i digest.Import, tell func(line, kept int)) error {
	tray, kept := t.open[i.ID], map[string]int{}
	for _, what := range []digest.Outcome{digest.ImportSuppressed, digest.ImportParted, digest.ImportDeclined, ""} {
		for _, l := range tray.lines {
			if match := l.Reader.Subscriber.Match; kept[match] == 0 && (what == "" || l.Outcome == what) {
				kept[match] = l.Line
			}
		}
	}
	for _, l := range tray.lines {
		if k := kept[l.Reader.Subscriber.Match]; k != l.Line {
			tray.repeats[l.Line] = k
			tell(l.Line, k)
		}
	}
	return t.at("repeats")
}

func (t *trays) MergeImport(ctx context.Context, i digest.Import, limit int, settle func(digest.Incoming, digest.Subscription) (digest.Subscription, digest.Outcome, bool)) (digest.Import, error) {
	tray := t.open[i.ID]
	if err := t.at("merge"); err != nil {
		return i, err
	}
	var save []digest.Subscription
	for _, l := range tray.lines {
		if l.Line <= i.Merged || limit == 0 {
			continue
		}
		limit--
		tray.state.Merged = l.Line
		if tray.repeats[l.Line] > 0 {
			continue
		}
		sub, what, changed := l.Reader, l.Outcome, true
		sub.Length = lengthOr(sub.Length, digest.Full)
		if l.Outcome == digest.ImportDeclined {
			changed = false
		} else if l.Outcome == digest.ImportSuppressed {
			if changed = false; !i.Dry {
				t.shelf.suppress(l.Reader.Subscriber.Match, l.Reader.Subscriber.Suppression.Kind)
			}
		} else if known, err := t.shelf.SubscriptionOf(ctx, i.Newsletter, l.Reader.Subscriber.Match); err == nil || known.Subscriber.Match != "" {
			sub, what, changed = settle(l, known)
		}
		if tray.state.Counts[what]++; changed {
			save = append(save, sub)
		}
		if what == digest.ImportAsked {
			tray.ask = append(tray.ask, l)
		}
	}
	if len(save) == 0 || i.Dry {
		return tray.state, nil
	}
	return tray.state, t.shelf.SaveSubscriptions(ctx, save)
}

func (t *trays) Unasked(_ context.Context, id string, after, limit int) (out []digest.Incoming, err error) {
	for _, l := range t.open[id].ask {
		if l.Line > after && len(out) < limit {
			out = append(out, l)
		}
	}
	return out, t.at("unasked")
}

func (t *trays) EndImport(_ context.Context, id string) error {
	delete(t.open, id)
	return t.at("end")
}
