package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
	"hebdo/templates"
)

// pages are the parsed templates by file: site/issue.html.
type pages map[string]*template.Template

// loadPages parses every page together with the layout of its folder and tries
// it on a made-up view in both languages, so that a template which names a
// field that does not exist is refused now and not when a reader comes.
func loadPages(overlay fs.FS, a assets) (pages, error) {
	if err := misspelt(overlay); err != nil {
		return nil, err
	}
	all := pages{}
	tried := samples()
	for _, name := range slices.Sorted(maps.Keys(tried)) { // in order, so that the same fault is named each time
		view := tried[name]
		t := template.New("").Funcs(template.FuncMap{"asset": a.URL})
		for _, file := range []string{path.Dir(name) + "/layout.html", name} {
			body, err := read(overlay, file)
			if err != nil {
				return nil, fmt.Errorf("web: %w", err)
			}
			if _, err := t.New(file).Parse(string(body)); err != nil {
				return nil, fmt.Errorf("web: %w", err)
			}
		}
		all[name] = t
		for _, lang := range []digest.Language{digest.French, digest.English} {
			if err := all.write(io.Discard, name, view(sampleFrame(lang))); err != nil {
				return nil, fmt.Errorf("web: %w", err)
			}
		}
	}
	return all, nil
}

// misspelt refuses a user's file that would replace nothing.
func misspelt(overlay fs.FS) error {
	if overlay == nil {
		return nil
	}
	for _, dir := range []string{"site", "desk"} {
		names, err := fs.Glob(overlay, dir+"/*")
		if err != nil {
			return err
		}
		for _, name := range names {
			if _, err := fs.Stat(templates.FS, name); err != nil {
				return fmt.Errorf("web: template %s replaces nothing: there is no built-in file of that name", name)
			}
		}
	}
	return nil
}

func (p pages) write(w io.Writer, name string, view any) error {
	t, ok := p[name]
	if !ok {
		return fmt.Errorf("there is no page %s", name)
	}
	return t.ExecuteTemplate(w, path.Dir(name)+"/layout.html", view)
}

// show answers with a page, whole or not at all.
func (s *site) show(w http.ResponseWriter, r *http.Request, status int, name string, view any) {
	var body bytes.Buffer
	if err := s.pages.write(&body, name, view); err != nil {
		s.Logger.ErrorContext(r.Context(), "page failed", "page", name, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	page := unturned(body.Bytes())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "Accept-Language")
	if status != http.StatusOK {
		w.WriteHeader(status)
		_, _ = w.Write(page) // the visitor may have gone
		return
	}
	serve(w, r, page)
}

// unturned drops the characters that change the direction of writing. A title
// or a name from outside could turn round what stands behind it with one, and
// no words of our own need any.
func unturned(page []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, page)
}

// serve sends a body that caches may keep as long as they ask whether it
// changed; what is private says so already.
func serve(w http.ResponseWriter, r *http.Request, body []byte) {
	if r.Method != http.MethodPost && w.Header().Get("Cache-Control") == "" {
		sum := sha256.Sum256(body)
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// frontOf is the issue's front in lang, else in any language it has.
func frontOf(i digest.Issue, lang digest.Language) digest.Front {
	if f, ok := i.Fronts[lang]; ok {
		return f
	}
	for _, l := range sorted(i.Fronts) {
		return i.Fronts[l]
	}
	return digest.Front{}
}

func sorted[V any](m map[digest.Language]V) []digest.Language {
	var langs []digest.Language
	for l := range m {
		langs = append(langs, l)
	}
	slices.SortFunc(langs, func(a, b digest.Language) int { return strings.Compare(string(a), string(b)) })
	return langs
}

// sampleFrame is the frame that templates are tried on.
func sampleFrame(lang digest.Language) frame {
	return frame{
		Words: locale.For(lang), Lang: lang, Title: "Title", zone: time.UTC, Editor: "editor@example.org",
		Said: "Done", Failed: "Failed",
		Languages: []tongue{{digest.French, "français", "/?lang=fr", true}, {digest.English, "English", "/?lang=en", false}},
		Letter:    &letterhead{"letter", "Letter", "A letter", "Publisher", "1 Street", "https://example.org/privacy", digest.French},
	}
}
