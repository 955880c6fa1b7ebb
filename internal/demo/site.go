package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// site serves all outlets. A request for an outlet's own host is answered as
// by that host; on any other host the first segment of the path names the
// outlet, so that a browser can look at it: /echo/feed/.
//
// What machines read (feeds, canonical links) names the made-up hosts; what
// people click is relative, and so works in both places.
type site struct {
	week  week
	looks looks
	files map[string]file // by OUTLET + path
}

// file is one page or feed, ready to be served.
type file struct {
	body   []byte
	media  string
	status int
	stamp  time.Time // Last-Modified; zero: none
}

func newSite(w week) (*site, error) {
	l, err := openLooks(w.outlets)
	if err != nil {
		return nil, err
	}
	s := &site{week: w, looks: l, files: map[string]file{}}
	for _, o := range w.outlets {
		if err := s.print(o); err != nil {
			return nil, fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	for path, name := range map[string]string{"/": "start", privacyPath: "privacy"} {
		body, err := l.common(name, w)
		if err != nil {
			return nil, err
		}
		s.files[path] = file{body: body, media: "text/html; charset=utf-8", status: http.StatusOK}
	}
	s.files["/robots.txt"] = robots
	return s, nil
}

// robots welcomes every reader to everything there is.
var robots = file{body: []byte("User-agent: *\nDisallow: /admin/\n"), media: "text/plain; charset=utf-8", status: http.StatusOK}

// print makes every file of an outlet.
func (s *site) print(o outlet) error {
	entries := s.week.of(o.Key)
	s.files[o.Key+"/robots.txt"] = robots
	index, err := s.looks.index(o, listed(entries))
	if err != nil {
		return err
	}
	s.files[o.Key+"/"] = file{body: index, media: "text/html; charset=utf-8", status: http.StatusOK}
	if o.Kind != plain {
		body, media, err := feed(o, o.Home(), entries)
		if err != nil {
			return err
		}
		f := file{body: body, media: media, status: http.StatusOK}
		if len(entries) > 0 {
			f.stamp = entries[0].Published
		}
		s.files[o.Key+o.Feed] = f
	}
	for _, e := range entries {
		if e.Special == gone {
			continue
		}
		body, media, err := s.looks.article(e, entries)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Slug, err)
		}
		s.files[o.Key+e.Path()] = file{body: body, media: media, status: http.StatusOK}
	}
	about, err := s.looks.plain(o, "service")
	if err != nil {
		return err
	}
	for _, path := range o.service {
		s.files[o.Key+path] = file{body: about, media: "text/html; charset=utf-8", status: http.StatusOK}
	}
	missing, err := s.looks.plain(o, "missing")
	if err != nil {
		return err
	}
	s.files[o.Key+"404"] = file{body: missing, media: "text/html; charset=utf-8", status: http.StatusNotFound}
	return nil
}

// listed leaves out what the outlet's own front page does not link to any more.
func listed(entries []entry) []entry {
	var es []entry
	for _, e := range entries {
		if e.Special != gone {
			es = append(es, e)
		}
	}
	return es
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "GET or HEAD", http.StatusMethodNotAllowed)
		return
	}
	name := s.name(r)
	f, ok := s.files[name]
	if !ok {
		key, _, _ := strings.Cut(name, "/")
		if f, ok = s.files[key+"404"]; !ok {
			http.NotFound(w, r)
			return
		}
	}
	f.serve(w, r)
}

// name is the key of the file asked for.
func (s *site) name(r *http.Request) string {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if o, ok := s.week.byHost(host); ok {
		return o.Key + r.URL.Path
	}
	if _, ok := s.files[r.URL.Path]; ok {
		return r.URL.Path
	}
	return strings.TrimPrefix(r.URL.Path, "/")
}

// serve answers conditional requests (RFC 9110, 13) as a well-kept site does.
func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.media)
	h.Set("X-Content-Type-Options", "nosniff")
	if f.status != http.StatusOK {
		w.WriteHeader(f.status)
		_, _ = w.Write(f.body)
		return
	}
	sum := sha256.Sum256(f.body)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, "", f.stamp, bytes.NewReader(f.body))
}

// byHost finds the outlet of a made-up host.
func (w week) byHost(host string) (outlet, bool) {
	for _, o := range w.outlets {
		if strings.EqualFold(o.Host, host) {
			return o, true
		}
	}
	return outlet{}, false
}
