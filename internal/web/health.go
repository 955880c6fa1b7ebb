package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Health answers GET /healthz, as long as the process does, and /readyz, when
// ready (nil: always) does too within two seconds. Both say what part of the
// work the process has.
func Health(ready func(context.Context) error, roles string, log *slog.Logger) http.Handler {
	says := func(word string) string { return strings.TrimSpace(word+" "+roles) + "\n" }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		plain(w, http.StatusOK, says("ok"))
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if ready != nil {
			ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
			defer cancel()
			if err := ready(ctx); err != nil {
				log.WarnContext(ctx, "not ready", "error", err)
				plain(w, http.StatusServiceUnavailable, says("not ready"))
				return
			}
		}
		plain(w, http.StatusOK, says("ready"))
	})
	return mux
}

// robots keeps crawlers off what belongs to one person.
func robots(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "User-agent: *\nDisallow: /desk/\nDisallow: /c/\nDisallow: /u/\nDisallow: /p/\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-cache")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the visitor may have gone
}
