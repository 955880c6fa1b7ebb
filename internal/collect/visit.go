package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// get brings a source's page, conditionally when it was had before. ok is
// false when there is nothing to read: it failed, or has not changed.
func (c *Collector) get(ctx context.Context, h *harvest, r fetch.Request, state digest.SourceState) (page fetch.Page, ok bool) {
	r.ETag, r.LastModified = state.ETag, state.LastModified
	page, err := c.client.Get(ctx, r)
	if err != nil {
		h.unreachable(r.URL, err)
		return page, false
	}
	h.moved, h.unchanged, h.asked = page.PermanentURL, page.NotModified, page.Fresh
	h.keep(page)
	return page, !page.NotModified
}

// unreachable notes why a page could not be had, by what can be done about it.
func (h *harvest) unreachable(at string, err error) {
	at = fetch.Public(at)
	var f fetch.Failure
	if !errors.As(err, &f) {
		h.fail("source.unreachable", at, err.Error())
		return
	}
	h.patience, h.gone = f.RetryAfter, f.Gone()
	detail := ""
	switch {
	case f.Err != nil:
		detail = f.Err.Error()
	case f.Status != 0:
		detail = fmt.Sprintf("HTTP %d %s", f.Status, http.StatusText(f.Status))
	}
	h.fail(codeOf(f), at, detail)
}

// codeOf names the note for a failure.
func codeOf(f fetch.Failure) string {
	switch f.Kind {
	case fetch.KindStatus:
		switch f.Status {
		case http.StatusGone:
			return "source.gone"
		case http.StatusNotFound:
			return "source.missing"
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusPaymentRequired, http.StatusUnavailableForLegalReasons:
			return "source.forbidden"
		case http.StatusTooManyRequests, http.StatusServiceUnavailable:
			return "source.busy"
		}
		return "source.status"
	case fetch.KindRefused, fetch.KindNetwork:
		return "source.unreachable"
	}
	return "source." + string(f.Kind)
}
