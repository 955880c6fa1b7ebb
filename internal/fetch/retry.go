package fetch

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	unreachableFor = time.Minute // a host nobody answers at is left alone
	longestHold    = time.Hour   // a Retry-After beyond this is not believed
)

// again decides whether a failed try is repeated, and after which wait. When
// it is not, it closes a host that would only waste the time of others.
func (c *Client) again(f Failure, try int) (time.Duration, bool) {
	if f.settled {
		return 0, false
	}
	last := try >= c.options.Retries
	host := hostOf(f.URL)
	switch f.Kind {
	case KindStatus:
		return c.busy(f, host, try, last)
	case KindDNS, KindRefused:
		if last {
			c.hosts.close(host, f, unreachableFor)
		}
		return c.backoff(try), !last
	case KindTimeout:
		// A connection that was never made may be; a page that took the whole
		// time once will take it again.
		if last && dialling(f.Err) {
			c.hosts.close(host, f, unreachableFor)
		}
		return c.backoff(try), !last && dialling(f.Err)
	case KindNetwork:
		return c.backoff(try), !last
	}
	return 0, false
}

// busy handles the statuses that mean "later" (RFC 6585, 4; RFC 9110, 15.6).
func (c *Client) busy(f Failure, host string, try int, last bool) (time.Duration, bool) {
	switch f.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	default:
		return 0, false
	}
	if f.RetryAfter > c.options.Patience {
		c.hosts.close(host, f, min(f.RetryAfter, longestHold))
		return 0, false
	}
	return max(f.RetryAfter, c.backoff(try)), !last
}

func (c *Client) backoff(try int) time.Duration { return c.options.Backoff << min(try, 6) }

// retryAfter reads the header in both its forms (RFC 9110, 10.2.3).
func (c *Client) retryAfter(resp *http.Response) time.Duration {
	v := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(v, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, at.Sub(c.now()))
	}
	return 0
}

// hostOf names who answers at an address: the same host may be open at one
// port and closed at another.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return laneOf(u)
}

func laneOf(u *url.URL) string {
	if u.Port() == "" {
		return u.Host + ":" + u.Scheme
	}
	return u.Host
}
