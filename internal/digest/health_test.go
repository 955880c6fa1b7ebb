package digest

import (
	"testing"
	"time"
)

func TestHealthIsWhatAnEditorWouldSay(t *testing.T) {
	now := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	fine := SourceState{Checked: now, Newest: now.Add(-day), Rhythm: day, Entries: 20}
	with := func(change func(*SourceState)) SourceState {
		s := fine
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		state SourceState
		want  Health
	}{
		"never visited":             {SourceState{SourceID: "s"}, Health{Condition: SourceFresh}},
		"fine":                      {fine, Health{Condition: SourceFine}},
		"silent":                    {with(func(s *SourceState) { s.Newest = now.Add(-20 * day) }), Health{SourceSilent, 20}},
		"monthly is not silent":     {with(func(s *SourceState) { s.Newest, s.Rhythm = now.Add(-40*day), 30*day }), Health{Condition: SourceFine}},
		"a page, new last month":    {with(func(s *SourceState) { s.Newest, s.Rhythm, s.Changed = time.Time{}, 0, now.Add(-30*day) }), Health{SourceSilent, 30}},
		"empty":                     {with(func(s *SourceState) { s.Entries = 0 }), Health{Condition: SourceEmpty}},
		"undated":                   {with(func(s *SourceState) { s.Undated = 20 }), Health{Condition: SourceUndated}},
		"a page in place of a feed": {with(func(s *SourceState) { s.Trouble = "source.notfeed" }), Health{Condition: SourceHTML}},
		"forbidden":                 {with(func(s *SourceState) { s.Trouble = "source.forbidden" }), Health{Condition: SourceBlocked}},
		"without its password":      {with(func(s *SourceState) { s.Trouble = "source.nopassword" }), Health{Condition: SourceBlocked}},
		"asked for patience":        {with(func(s *SourceState) { s.Trouble = "source.busy" }), Health{Condition: SourceBusy}},
		"gone, though not tried":    {with(func(s *SourceState) { s.Gone = now }), Health{Condition: SourceGone}},
		"too slow":                  {with(func(s *SourceState) { s.Trouble = "source.timeout" }), Health{Condition: SourceSlow}},
		"slow":                      {with(func(s *SourceState) { s.Took = 9 * time.Second }), Health{Condition: SourceSlow}},
		"anything else":             {with(func(s *SourceState) { s.Trouble = "source.dns" }), Health{Condition: SourceFailing}},
	} {
		if got := c.state.Health(now); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestASourceOfWhichNothingCanBeReadIsNotWell(t *testing.T) {
	for _, c := range []struct {
		health Condition
		cover  Coverage
		want   Condition
	}{
		{SourceFine, Coverage{Found: 9}, SourceUnread},
		{SourceUndated, Coverage{Found: 3}, SourceUnread},
		{SourceFine, Coverage{Found: 2}, SourceFine}, // that may be chance
		{SourceFine, Coverage{Found: 9, Read: 1}, SourceFine},
		{SourceFine, Coverage{Found: 9, Waiting: 9}, SourceFine}, // just added: nobody has tried
		{SourceFine, Coverage{Found: 9, Waiting: 6}, SourceUnread},
		{SourceGone, Coverage{Found: 9}, SourceGone},
		{SourceFine, Coverage{}, SourceFine},
	} {
		got := Health{Condition: c.health}.Given(c.cover)
		if got.Condition != c.want || got.Well() != (c.want == SourceFine) {
			t.Errorf("%s, %+v: %+v, want %s", c.health, c.cover, got, c.want)
		}
	}
}
