package main

import (
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed testdata/site
var siteFiles embed.FS

// page is an article of the little site that tests collect from: a head of
// "name: value" lines, an empty line, then paragraphs.
type page struct {
	Slug, Title, Author, Language string
	Published                     time.Time
	Paragraphs                    []string
}

// pagesOf reads testdata/site as it would stand at the given time.
func pagesOf(now time.Time) ([]page, error) {
	files, err := siteFiles.ReadDir("testdata/site")
	if err != nil {
		return nil, err
	}
	var all []page
	for _, f := range files {
		body, err := siteFiles.ReadFile(path.Join("testdata/site", f.Name()))
		if err != nil {
			return nil, err
		}
		head, text, _ := strings.Cut(string(body), "\n\n")
		p := page{Slug: strings.TrimSuffix(f.Name(), ".txt"), Paragraphs: strings.Split(strings.TrimSpace(text), "\n\n")}
		for _, line := range strings.Split(head, "\n") {
			name, value, _ := strings.Cut(line, ": ")
			switch name {
			case "title":
				p.Title = value
			case "author":
				p.Author = value
			case "language":
				p.Language = value
			case "days":
				days, err := strconv.Atoi(value)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", f.Name(), err)
				}
				p.Published = now.AddDate(0, 0, -days).Truncate(time.Second)
			}
		}
		all = append(all, p)
	}
	return all, nil
}

var pageLook = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><title>{{.Title}} – Le Phare</title>
<meta property="og:title" content="{{.Title}}"><meta name="author" content="{{.Author}}">
<meta property="article:published_time" content="{{.Published.Format "2006-01-02T15:04:05Z07:00"}}"></head>
<body><nav><a href="/">Accueil</a> <a href="/contact">Contact</a></nav>
<main><article><h1>{{.Title}}</h1>{{range .Paragraphs}}<p>{{.}}</p>
{{end}}</article></main><footer>© Le Phare, mentions légales</footer></body></html>
`))

// site serves the pages, one feed of the French ones and one of the English
// ones, as a site that existed at the given time.
func site(now func() time.Time) (*httptest.Server, error) {
	pages, err := pagesOf(now())
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	for _, p := range pages {
		var body bytes.Buffer
		if err := pageLook.Execute(&body, p); err != nil {
			server.Close()
			return nil, err
		}
		mux.HandleFunc("GET /"+p.Slug, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(body.Bytes())
		})
	}
	for _, lang := range []string{"fr", "en"} {
		feed := rss("Le Phare "+lang, server.URL, lang, pages)
		mux.HandleFunc("GET /"+lang+".xml", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/rss+xml")
			_, _ = w.Write(feed)
		})
	}
	corners(mux)
	return server, nil
}

// rss is a feed of the pages in one language; empty: of all.
func rss(title, home, lang string, pages []page) []byte {
	var b bytes.Buffer
	text := func(s string) string {
		var t bytes.Buffer
		_ = xml.EscapeText(&t, []byte(s)) // a buffer takes everything
		return t.String()
	}
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>%s</title><link>%s/</link>`, text(title), home)
	for _, p := range pages {
		if lang == "" || p.Language == lang {
			fmt.Fprintf(&b, `<item><title>%s</title><link>%s/%s</link><pubDate>%s</pubDate></item>`+"\n",
				text(p.Title), home, p.Slug, p.Published.Format(time.RFC1123Z))
		}
	}
	b.WriteString(`</channel></rss>`)
	return b.Bytes()
}
