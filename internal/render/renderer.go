package render

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strconv"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/locale"
)

// Options are what a Renderer needs.
type Options struct {
	// PublicURL is the address below which the web edition stands.
	PublicURL *url.URL
	// Overlay holds the user's own templates under the paths of the built-in
	// ones ("email/issue.html"); nil: none.
	Overlay fs.FS
}

// Renderer writes letters. It is safe for concurrent use.
type Renderer struct {
	public *url.URL
	sets   map[digest.Language]*set
}

// New parses the templates for every language of the interface and, where some
// are the user's own, tries them on made-up data: a trial of the built-in ones
// alone belongs to the tests, and would take longer than most commands. Its error
// names file and line of what is broken.
func New(o Options) (*Renderer, error) {
	if o.PublicURL == nil || o.PublicURL.Host == "" {
		return nil, errors.New("render: the public address of the web edition is missing")
	}
	sources, err := load(o.Overlay)
	if err != nil {
		return nil, err
	}
	r := &Renderer{public: o.PublicURL, sets: map[digest.Language]*set{}}
	for _, lang := range locale.Languages() {
		if r.sets[lang], err = parseAll(sources, locale.For(lang)); err != nil {
			return nil, err
		}
	}
	if o.Overlay == nil {
		return r, nil
	}
	for _, lang := range locale.Languages() {
		if err := r.try(lang); err != nil {
			return nil, fmt.Errorf("trying the e-mail templates in %q: %w", lang, err)
		}
	}
	return r, nil
}

// set gives the templates for a reader of lang, those of English where the
// interface does not speak it.
func (r *Renderer) set(lang digest.Language) *set {
	if s, ok := r.sets[lang]; ok {
		return s
	}
	return r.sets[digest.English]
}

// Archive is the page that lists a newsletter's issues.
func (r *Renderer) Archive(nl digest.Newsletter, lang digest.Language) string {
	return r.address(nl, lang, "")
}

// Feed is the address of a newsletter's Atom feed.
func (r *Renderer) Feed(nl digest.Newsletter, lang digest.Language) string {
	return r.address(nl, lang, "feed.atom")
}

// Online is the page of an issue's web edition. An issue without a number has
// no page yet: its link leads to the archive.
func (r *Renderer) Online(nl digest.Newsletter, number int, lang digest.Language) string {
	if number == 0 {
		return r.Archive(nl, lang)
	}
	return r.address(nl, lang, strconv.Itoa(number))
}

// address is PUBLIC/SLUG/page, with "?lang=" where the language is not the
// newsletter's main one.
func (r *Renderer) address(nl digest.Newsletter, lang digest.Language, page string) string {
	u := r.public.JoinPath(nl.Slug, page)
	if page == "" && !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	if lang != nl.MainLanguage() {
		u.RawQuery = url.Values{"lang": {string(lang)}}.Encode()
	}
	return u.String()
}
