package main

import (
	"context"
	"net"
	"net/http"

	"hebdo/internal/deliver"
	"hebdo/internal/web"
)

// counts are the metrics of this process.
func (h *house) counts() *web.Metrics {
	return web.NewMetrics(web.MetricsOptions{
		Books: h.store, Token: h.config.Metrics.Token, Release: release, Node: h.name(), Now: h.out.now, Logger: h.log,
	})
}

// tried tells the metrics of a try to send a letter.
func tried(m *web.Metrics) func(deliver.Tried) {
	return func(t deliver.Tried) { m.Tried(t.Newsletter, t.State, t.Code, t.Domain, t.Took) }
}

// counted is the site with its requests counted, and with /metrics where a
// token keeps it from the public.
func (h *house) counted(site http.Handler) http.Handler {
	watched, metrics := h.metrics.Watch(site), h.metrics.Handler()
	if h.config.Metrics.Token == "" {
		return watched
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/metrics" {
			metrics.ServeHTTP(w, r)
			return
		}
		watched.ServeHTTP(w, r)
	})
}

// listenMetrics opens the address of their own that the metrics may have; nil:
// they have none.
func (h *house) listenMetrics(ctx context.Context) (net.Listener, error) {
	if h.config.Metrics.Listen == "" {
		return nil, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", h.config.Metrics.Listen)
	if err != nil {
		return nil, usage("metrics.listen %s: %v", h.config.Metrics.Listen, err)
	}
	return listener, nil
}

// serveMetrics answers /metrics at its own address until ctx ends.
func (h *house) serveMetrics(ctx context.Context, listener net.Listener) error {
	if listener == nil {
		<-ctx.Done()
		return nil
	}
	h.log.InfoContext(ctx, "metrics are served", "address", listener.Addr().String())
	mux := http.NewServeMux()
	mux.Handle("/metrics", h.metrics.Handler())
	return serveHTTP(ctx, listener, mux)
}
