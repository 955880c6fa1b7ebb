package main

import (
	"fmt"
	"io"
	"net/http"
)

// corners are the pages of the little site that only `hebdo sources` meets: a
// home page that names both feeds, a page without a feed, one feed that moved,
// one that is gone, one that is empty, and one that became a page.
func corners(mux *http.ServeMux) {
	page := func(path, head, body string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, "<!doctype html><html><head><title>Le Phare</title>%s</head><body>%s</body></html>", head, body)
		})
	}
	page("/{$}", `<link rel="alternate" type="application/rss+xml" href="/fr.xml"><link rel="alternate" type="application/rss+xml" href="/en.xml">`, "")
	page("/became.xml", "", "<p>Bonjour")
	links := ""
	for i := range 8 {
		links += fmt.Sprintf(`<p><a href="/notes/une-note-du-phare-%d">Une note du phare numéro %d</a></p>`, i, i)
	}
	page("/notes", "", links)
	mux.Handle("GET /old.xml", http.RedirectHandler("/fr.xml", http.StatusMovedPermanently))
	mux.HandleFunc("GET /deadlinks.xml", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<rss><channel><title>Le Quai</title><item><title>Un quai disparu</title><link>/gone/1</link></item><item><title>Un autre</title><link>/gone/2</link></item></channel></rss>`)
	})
	mux.HandleFunc("GET /unreadable.xml", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<rss><channel><title>Le Mur</title><item><title>Un mur</title><link>/gone/a</link></item><item><title>Deux murs</title><link>/gone/b</link></item><item><title>Trois murs</title><link>/gone/c</link></item></channel></rss>`)
	})
	mux.HandleFunc("GET /gone.xml", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	mux.HandleFunc("GET /empty.xml", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<rss version="2.0"><channel><title>Rien</title></channel></rss>`))
	})
}
