package digest

import "time"

// Condition is how a source does, in the words of an editor: each is a message
// key "health.…".
type Condition string

// The conditions of a source.
const (
	SourceFresh   Condition = "new"     // never visited
	SourceFine    Condition = "fine"    //
	SourceSilent  Condition = "silent"  // it answers, and has had nothing new for days
	SourceEmpty   Condition = "empty"   // it answers, and holds no article at all
	SourceUndated Condition = "undated" // none of its articles has a date
	SourceHTML    Condition = "html"    // a web page came in place of the feed
	SourceBlocked Condition = "blocked" // the site refuses us: 401, 403, robots.txt; a mailbox without its password
	SourceBusy    Condition = "busy"    // the site asked for patience
	SourceGone    Condition = "gone"    // removed for good; not visited any more
	SourceSlow    Condition = "slow"    // it takes long, or too long
	SourceFailing Condition = "failing" // any other trouble
	SourceUnread  Condition = "unread"  // it announces articles, and the page of none could be read
)

// Health is a source's condition and what is needed to say it.
type Health struct {
	Condition Condition
	Days      int // of silence
}

// What an editor would call silent and slow. A source that writes once a month
// is not silent after two weeks: it is after three of its own intervals.
const (
	silentAfter = 14 * 24 * time.Hour
	silentTimes = 3
	slowAfter   = 8 * time.Second
	unreadAfter = 3 // articles; fewer may be chance
)

// Health judges the source's state at a moment.
func (s SourceState) Health(now time.Time) Health {
	switch {
	case !s.Gone.IsZero() || s.Trouble == "source.gone":
		return Health{Condition: SourceGone}
	case s.Checked.IsZero():
		return Health{Condition: SourceFresh}
	case s.Trouble != "":
		return Health{Condition: s.ailment()}
	case s.Entries == 0:
		return Health{Condition: SourceEmpty}
	case s.Undated == s.Entries:
		return Health{Condition: SourceUndated}
	}
	last := s.Newest
	if s.Changed.After(last) && s.Newest.IsZero() {
		last = s.Changed
	}
	if silence := now.Sub(last); !last.IsZero() && silence > max(silentAfter, silentTimes*s.Rhythm) {
		return Health{Condition: SourceSilent, Days: int(silence / (24 * time.Hour))}
	}
	if s.Took > slowAfter {
		return Health{Condition: SourceSlow}
	}
	return Health{Condition: SourceFine}
}

// Given is the health once it is known what became of the articles.
func (h Health) Given(c Coverage) Health {
	switch h.Condition {
	case SourceFine, SourceUndated, SourceSlow:
		if c.Found-c.Waiting >= unreadAfter && c.Read == 0 {
			return Health{Condition: SourceUnread}
		}
	}
	return h
}

// ailment names the trouble of the last visit.
func (s SourceState) ailment() Condition {
	switch s.Trouble {
	case "source.notfeed":
		return SourceHTML
	case "source.forbidden", "source.robots", "source.private-address", "source.nopassword":
		return SourceBlocked
	case "source.busy":
		return SourceBusy
	case "source.timeout":
		return SourceSlow
	}
	return SourceFailing
}

// Well tells whether an editor has nothing to do about it.
func (h Health) Well() bool { return h.Condition == SourceFine || h.Condition == SourceFresh }
