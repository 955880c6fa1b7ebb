package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestFresh bounds what a server may claim: a year is what RFC 7234 called
// the most that makes sense.
const longestFresh = 365 * 24 * time.Hour

// fresh is how long an answer is said to stay as it is (RFC 9111, 4.2.1):
// max-age before Expires, less the time it lay in caches on its way. What
// shared caches are told (s-maxage) is not for us.
func fresh(h http.Header, now time.Time) time.Duration {
	life := time.Duration(-1)
	for _, directive := range strings.Split(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch name {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			if n, err := strconv.ParseUint(strings.Trim(value, `" `), 10, 31); err == nil && life < 0 {
				life = time.Duration(n) * time.Second
			}
		}
	}
	if life < 0 {
		expires, err := http.ParseTime(h.Get("Expires"))
		if err != nil { // "0" and the like mean: at once
			return 0
		}
		if sent, err := http.ParseTime(h.Get("Date")); err == nil {
			now = sent
		}
		life = expires.Sub(now)
	}
	if age, err := strconv.ParseUint(strings.TrimSpace(h.Get("Age")), 10, 31); err == nil {
		life -= time.Duration(age) * time.Second
	}
	return min(max(life, 0), longestFresh)
}
