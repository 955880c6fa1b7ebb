package collect

import (
	"strconv"
	"strings"
	"time"
)

// asked is how long the feed wants between two visits: its <ttl> (RSS 2.0) or
// its updatePeriod and updateFrequency (RSS 1.0 Syndication), the longer of the
// two. 0: it does not say, or nothing that can be meant.
func (r *rawFeed) asked() time.Duration {
	var ttl, every time.Duration
	if minutes, err := strconv.ParseUint(strings.TrimSpace(r.ttl), 10, 20); err == nil {
		ttl = time.Duration(minutes) * time.Minute
	}
	switch strings.ToLower(strings.TrimSpace(r.period)) {
	case "hourly":
		every = time.Hour
	case "daily":
		every = 24 * time.Hour
	case "weekly":
		every = 7 * 24 * time.Hour
	case "monthly":
		every = 30 * 24 * time.Hour
	case "yearly":
		every = 365 * 24 * time.Hour
	case "":
		if r.times != "" {
			every = 24 * time.Hour // the default of the module
		}
	}
	if times, err := strconv.ParseUint(strings.TrimSpace(r.times), 10, 16); err == nil && times > 0 {
		every /= time.Duration(times)
	}
	return max(ttl, every)
}
