package web

import (
	"fmt"
	"net/http"
	"runtime/debug"
)

// maxBody is the most that a form may have, in bytes.
const maxBody = 64 << 10

// policy lets pages load from their own host only, and no script or style
// inside the page. Pictures of the web edition may stand elsewhere: sources
// that allow it are shown with theirs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; " +
	"img-src 'self' https: data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// hardened sets the headers every answer carries and bounds every request.
//
// The referrer policy is same-origin, not no-referrer: with the latter
// browsers send "Origin: null" along with forms, which cross-origin
// protection has to refuse (Fetch standard, "append a request Origin header").
func (s *site) hardened(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if s.SecureCookies {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// guard refuses what another site's page sends in a visitor's name. Leaving is
// exempt: whoever has the token may leave from wherever he is, a webmail's
// page included, and no cookie gives that request any power (RFC 8058, 3.2).
func (s *site) guard(next http.Handler) (http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(s.PublicURL.Scheme + "://" + s.PublicURL.Host); err != nil {
		return nil, fmt.Errorf("web: public URL %s: %w", s.PublicURL, err)
	}
	protection.AddInsecureBypassPattern("POST /u/{token}")
	protection.SetDenyHandler(s.page(func(http.ResponseWriter, *http.Request) error {
		return problem{http.StatusForbidden, "crossorigin"}
	}))
	return protection.Handler(next), nil
}

// private keeps pages that belong to one person out of caches and search engines.
func private(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Robots-Tag", "noindex, nofollow")
		next.ServeHTTP(w, r)
	})
}

// recovering turns a fault of the program into an answer and a log line. The
// line names the pattern, not the path: paths hold tokens.
func (s *site) recovering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			fault := recover()
			if fault == nil {
				return
			}
			if fault == http.ErrAbortHandler {
				panic(fault)
			}
			s.Logger.ErrorContext(r.Context(), "page failed", "method", r.Method, "page", r.Pattern, "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}()
		next.ServeHTTP(w, r)
	})
}
