package extract

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// enough is the length, in characters, from which a text tells a story.
const enough = 250

// accept names what can be read, pages first.
const accept = "text/html,application/xhtml+xml,text/plain;q=0.5,text/markdown;q=0.5"

// fill reads one article. Its error is ctx's.
func (e *Extractor) fill(ctx context.Context, a digest.Article) (digest.Article, []digest.Note, error) {
	own := e.raw(a)
	if a.URL == "" || !strings.HasPrefix(a.URL, "http") {
		return done(a, own), short(a, own), nil
	}
	if strings.Contains(a.URL, "#") && own.Readable() {
		// A part of a page (collect): the page tells of its other parts too.
		return done(a, own), nil, nil
	}
	page, err := e.page(ctx, a)
	if ctx.Err() != nil {
		return a, nil, ctx.Err()
	}
	switch {
	case err == nil && page.Readable() && utf8.RuneCountInString(page.Text) >= enough:
		if fuller(own, page) {
			page.Text, page.FAQ = own.Text, own.FAQ
		}
		return done(a, page), nil, nil
	case own.Readable() && utf8.RuneCountInString(own.Text) >= max(enough, utf8.RuneCountInString(page.Text)):
		// The feed gave the whole text along: nothing is lost.
		return done(a, merge(own, page)), nil, nil
	case err != nil && passing(err):
		return a, []digest.Note{note(digest.Info, "page.retry", a, detail(err))}, nil
	case err != nil:
		return done(a, digest.Article{Kind: digest.KindError}), []digest.Note{note(digest.Warning, code(err), a, detail(err))}, nil
	default:
		return done(a, page), short(a, page), nil
	}
}

// fuller tells whether the feed's own content holds clearly more than the
// page, as with pages that show the first lines only.
func fuller(own, page digest.Article) bool {
	return own.Readable() && page.Kind == digest.KindArticle && length(own.Text) > 2*length(page.Text)
}

// merge completes what the feed gave by what the page says of itself.
func merge(own, page digest.Article) digest.Article {
	own.Kind = digest.KindArticle
	if page.Kind == digest.KindWall || page.Kind == digest.KindError {
		return own
	}
	page.Text, page.FAQ, page.Kind, page.Language = own.Text, own.FAQ, own.Kind, own.Language
	return page
}

// page fetches an article's page and reads it. Where that only sends its
// readers on, as shorteners of addresses do, the page it names is read.
func (e *Extractor) page(ctx context.Context, a digest.Article) (digest.Article, error) {
	r, err := e.reading(ctx, a, landing(a.URL))
	if err != nil || r.Onward == "" {
		return r.Article, err
	}
	if further, err := e.reading(ctx, a, landing(r.Onward)); err == nil && length(further.Article.Text) > length(r.Article.Text) {
		r = further
	}
	return r.Article, ctx.Err()
}

func (e *Extractor) reading(ctx context.Context, a digest.Article, at string) (Reading, error) {
	got, err := e.getter.Get(ctx, fetch.Request{URL: at, Robots: true, Accept: accept, MaxBytes: MaxPage})
	if err != nil {
		return Reading{}, err
	}
	if sentHome(at, got.URL) {
		return Reading{Article: digest.Article{Kind: digest.KindError}}, nil
	}
	h := e.hint(a)
	h.ContentType = got.ContentType
	switch kind, _, _ := mime.ParseMediaType(got.ContentType); {
	case kind == "text/html", kind == "application/xhtml+xml", (kind == "" || kind == "text/plain") && looksLikeHTML(got.Body):
		return Read(got.Body, got.URL, h)
	case kind == "text/plain", kind == "text/markdown":
		page := PlainText(got.Body, h)
		page.URL = got.URL
		return Reading{Article: page}, nil
	default:
		return Reading{}, typeError(kind)
	}
}

// sentHome tells whether a site led from a page of its own to its home page, as
// many do with what they have taken down.
func sentHome(asked, got string) bool {
	from, ok := parseURL(asked)
	to, found := parseURL(got)
	return ok && found && sameSite(from, to) && strings.Trim(from.Path, "/") != "" && home(to)
}

// raw reads what the source gave along.
func (e *Extractor) raw(a digest.Article) digest.Article {
	if len(a.Raw.Body) == 0 {
		return digest.Article{}
	}
	h := e.hint(a)
	kind, _, _ := mime.ParseMediaType(a.Raw.Type)
	h.ContentType = a.Raw.Type
	switch {
	case kind == "text/html" && wholePage(a.Raw.Body):
		if page, err := Page(a.Raw.Body, a.URL, h); err == nil {
			return page
		}
		return digest.Article{}
	case kind == "text/html":
		return Fragment(a.Raw.Body, a.URL, h)
	case kind == "text/markdown":
		return Markdown(a.Raw.Body, h)
	default:
		return PlainText(a.Raw.Body, h)
	}
}

func (e *Extractor) hint(a digest.Article) Hint {
	return Hint{Title: a.Title, Authors: a.Authors, Language: a.Language, Source: a.SourceName, Zone: e.zone, Now: e.now()}
}

// done writes what was read into the article the source named. The feed's
// date stands, for it is not found by guessing; of a day without a time the
// page may tell the time.
func done(a, page digest.Article) digest.Article {
	page = bounded(page)
	a.State = digest.ArticleExtracted
	a.Raw = digest.Raw{}
	a.Kind, a.Text, a.FAQ = page.Kind, page.Text, page.FAQ
	if a.Kind == "" {
		a.Kind = digest.KindError
	}
	if a.Kind == digest.KindWall || a.Kind == digest.KindError {
		// What stands in the article's way says nothing of the article.
		page = digest.Article{}
	}
	if page.Title != "" {
		a.Title = page.Title
	}
	if len(page.Authors) > 0 {
		a.Authors = page.Authors
	}
	if a.Published.IsZero() || bareDay(a.Published) && !page.Published.IsZero() && a.Published.Sub(page.Published).Abs() <= 24*time.Hour {
		a.Published = page.Published.UTC()
	}
	if !page.Modified.IsZero() {
		a.Modified = page.Modified.UTC()
	}
	if page.Language != "" {
		a.Language = page.Language
	}
	if a.Excerpt == "" {
		a.Excerpt = page.Excerpt
	}
	if page.Image != "" {
		a.Image, a.Picture = page.Image, page.Picture
	}
	if page.Site != "" {
		a.Site = page.Site
	}
	if page.URL != "" && page.URL != a.URL {
		if a.URL != "" {
			a.Aliases = append(a.Aliases, a.URL)
		}
		a.URL = page.URL
	}
	for _, alias := range page.Aliases {
		if alias != a.URL && !slices.Contains(a.Aliases, alias) {
			a.Aliases = append(a.Aliases, alias)
		}
	}
	a.Key = key(a)
	return a
}

// bareDay tells whether a source gave a day and no time: feeds' days begin at
// midnight, those of lists are noon (collect).
func bareDay(t time.Time) bool {
	t = t.UTC()
	return t.Hour()%12 == 0 && t.Minute() == 0 && t.Second() == 0
}

// short notes that an article tells little or nothing.
func short(a, page digest.Article) []digest.Note {
	if code, ok := codes[page.Kind]; ok {
		return []digest.Note{note(digest.Info, code, a, "")}
	}
	switch n := utf8.RuneCountInString(page.Text); {
	case n == 0:
		return []digest.Note{note(digest.Warning, "page.empty", a, "")}
	case n < enough:
		return []digest.Note{note(digest.Info, "page.short", a, strconv.Itoa(n))}
	}
	return nil
}

// codes are the notes on pages that were had and hold no article.
var codes = map[digest.ArticleKind]string{
	digest.KindWall:    "page.wall",
	digest.KindError:   "page.missing",
	digest.KindListing: "page.listing",
}

func note(l digest.Level, code string, a digest.Article, detail string) digest.Note {
	where := fetch.Public(a.URL)
	if where == "" {
		where = a.Seen
	}
	return digest.Note{Level: l, Stage: "extract", Code: code, Where: where, Detail: detail}
}

// typeError: the address leads to something that is no text.
type typeError string

func (t typeError) Error() string { return "a document of type " + string(t) + " is not read" }

// passing tells whether the page may be had at the next run.
func passing(err error) bool {
	var f fetch.Failure
	if !errors.As(err, &f) {
		return false
	}
	switch f.Kind {
	case fetch.KindTimeout, fetch.KindNetwork, fetch.KindRefused, fetch.KindDNS:
		return true
	case fetch.KindStatus:
		return f.Status >= 500 || f.Status == http.StatusTooManyRequests || f.Status == http.StatusRequestTimeout
	}
	return false
}

// code is the message key of a failure.
func code(err error) string {
	var t typeError
	var f fetch.Failure
	switch {
	case errors.As(err, &t):
		return "page.type"
	case errors.As(err, &f) && f.Kind == fetch.KindRobots:
		return "page.robots"
	case errors.As(err, &f):
		return "page.unreachable"
	default:
		return "page.unreadable"
	}
}

// detail says what happened, without the URL that the note names already.
func detail(err error) string {
	var f fetch.Failure
	switch {
	case !errors.As(err, &f):
		return err.Error()
	case f.Status != 0:
		return "HTTP " + strconv.Itoa(f.Status)
	default:
		return string(f.Kind)
	}
}

func looksLikeHTML(b []byte) bool {
	b = bytes.TrimLeft(head(b, 512), "\xef\xbb\xbf \t\r\n")
	return len(b) > 0 && b[0] == '<'
}

func wholePage(b []byte) bool {
	low := bytes.ToLower(head(b, 4096))
	return bytes.Contains(low, []byte("<html")) || bytes.Contains(low, []byte("<body")) || bytes.Contains(low, []byte("<!doctype"))
}
