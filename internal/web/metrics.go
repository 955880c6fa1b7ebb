package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"hebdo/internal/digest"
)

// Metrics are what Prometheus reads of one process. No label has an address in
// it, nor a domain that only few readers have; every label has few values.
type Metrics struct {
	registry *prometheus.Registry
	letters  *prometheus.CounterVec
	replies  *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	requests *prometheus.CounterVec
	answers  *prometheus.HistogramVec
	token    [sha256.Size]byte
	guarded  bool
	log      *slog.Logger
}

// MetricsOptions are what Metrics need.
type MetricsOptions struct {
	Books   Books  // nil: the counts of the process alone
	Token   string // that whoever reads them has to give as a bearer token; empty: nobody is asked
	Release string
	Node    string
	Now     func() time.Time
	Logger  *slog.Logger // nil: silent
}

// NewMetrics begins to count.
func NewMetrics(o MetricsOptions) *Metrics {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	name := func(n, help string) prometheus.Opts { return prometheus.Opts{Namespace: "hebdo", Name: n, Help: help} }
	spans := func(n, help string, buckets []float64) prometheus.HistogramOpts {
		return prometheus.HistogramOpts{Namespace: "hebdo", Name: n, Help: help, Buckets: buckets}
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(), log: o.Logger, token: sha256.Sum256([]byte(o.Token)), guarded: o.Token != "",
		letters: prometheus.NewCounterVec(prometheus.CounterOpts(name("letters_total", "Tries to send a letter, by what became of them.")), []string{"newsletter", "result"}),
		replies: prometheus.NewCounterVec(prometheus.CounterOpts(name("smtp_replies_total", "Last replies of mail servers, by code and mailbox provider.")), []string{"code", "provider"}),
		latency: prometheus.NewHistogramVec(spans("smtp_seconds", "Time from handing a letter to the mail server to its reply.",
			[]float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}), []string{"result"}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts(name("http_requests_total", "Requests answered, by part of the site and status.")), []string{"part", "method", "code"}),
		answers: prometheus.NewHistogramVec(spans("http_seconds", "Time to answer a request; streams are left out.",
			[]float64{.001, .005, .01, .05, .1, .5, 1, 5, 10}), []string{"part"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "hebdo", Name: "build_info", Help: "1, with the release and the node as labels.",
		ConstLabels: prometheus.Labels{"release": o.Release, "node": o.Node}})
	build.Set(1)
	m.registry.MustRegister(m.letters, m.replies, m.latency, m.requests, m.answers, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if o.Books != nil {
		m.registry.MustRegister(newLedger(o.Books, o.Now, o.Logger))
	}
	return m
}

// Tried counts a try to send a letter: what became of it, the server's reply
// (0: none), the recipient's domain and how long it took.
func (m *Metrics) Tried(newsletter string, state digest.DeliveryState, code int, domain string, took time.Duration) {
	result := string(state)
	if state == digest.Queued {
		result = "unreachable"
	}
	m.letters.WithLabelValues(newsletter, result).Inc()
	m.latency.WithLabelValues(result).Observe(took.Seconds())
	reply := "none"
	switch {
	case code >= 200 && code < 600:
		reply = strconv.Itoa(code)
	case code != 0:
		reply = "other"
	}
	m.replies.WithLabelValues(reply, mailboxProvider(domain)).Inc()
}

// Handler answers with everything counted, to who knows the token.
func (m *Metrics) Handler() http.Handler {
	answer := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 3, ErrorLog: faults{m.log},
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		given, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		sum := sha256.Sum256([]byte(given))
		if m.guarded && subtle.ConstantTimeCompare(sum[:], m.token[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="metrics"`)
			http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		answer.ServeHTTP(w, r)
	})
}

// Watch counts the requests that a site answers.
func (m *Metrics) Watch(site http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		part := partOf(r.URL.Path)
		seen := &status{ResponseWriter: w, code: http.StatusOK}
		timer := prometheus.NewTimer(prometheus.ObserverFunc(func(seconds float64) {
			if !strings.HasSuffix(r.URL.Path, "/progress") {
				m.answers.WithLabelValues(part).Observe(seconds)
			}
			m.requests.WithLabelValues(part, methodOf(r.Method), strconv.Itoa(seen.code)).Inc()
		}))
		defer timer.ObserveDuration()
		site.ServeHTTP(seen, r)
	})
}

// partOf is the part of the site that a path belongs to: never the path
// itself, which may hold a token, or be made up by whoever asks.
func partOf(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch first {
	case "desk", "assets", "hooks", "c", "u", "p", "healthz", "readyz", "metrics":
		return first
	}
	return "site"
}

func methodOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return method
	}
	return "other"
}

// status notes the code of an answer.
type status struct {
	http.ResponseWriter
	code    int
	written bool
}

func (s *status) WriteHeader(code int) {
	if !s.written && code >= 200 {
		s.code, s.written = code, true
	}
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Write(p []byte) (int, error) {
	s.written = true
	return s.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController through to the connection.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// faults writes what could not be read to the log.
type faults struct{ log *slog.Logger }

func (f faults) Println(v ...any) { f.log.Warn("metrics could not all be read", "cause", v) }
