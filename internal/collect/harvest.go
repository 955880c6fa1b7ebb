package collect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"hebdo/internal/digest"
	"hebdo/internal/fetch"
)

// harvest is what a source holds when it is visited.
type harvest struct {
	finds        []find
	notes        []digest.Note
	title        string // the source's own name for itself
	etag         string // to keep for the next visit
	lastModified string
	failed       string // code of the note that says why there is nothing; empty: the visit went well
}

// find is something that may be an article not seen before. The article is
// made only when it is: of a feed read every hour nearly all are known.
type find struct {
	seen    string
	article func() digest.Article
}

// note adds one; a second of the same code and place is passed over.
func (h *harvest) note(level digest.Level, code, where, detail string) {
	for _, n := range h.notes {
		if n.Code == code && n.Where == where {
			return
		}
	}
	h.notes = append(h.notes, digest.Note{Level: level, Stage: "collect", Code: code, Where: where, Detail: detail})
}

// fail notes why a source gave nothing.
func (h *harvest) fail(code, where, detail string) {
	h.note(digest.Warning, code, where, detail)
	h.failed = code
}

// keep remembers the validators of a page for the next, conditional, visit.
func (h *harvest) keep(p fetch.Page) { h.etag, h.lastModified = p.ETag, p.LastModified }

// unseen makes the articles the memory does not know yet.
func (c *Collector) unseen(ctx context.Context, s digest.Source, h *harvest) ([]digest.Article, error) {
	if len(h.finds) == 0 {
		return nil, nil
	}
	names := make([]string, 0, len(h.finds))
	made := make(map[string]func() digest.Article, len(h.finds))
	for _, f := range h.finds {
		if _, twice := made[f.seen]; !twice {
			names = append(names, f.seen)
			made[f.seen] = f.article
		}
	}
	fresh, err := c.memory.Unseen(ctx, s.ID, names)
	if err != nil {
		return nil, err
	}
	articles := make([]digest.Article, 0, len(fresh))
	for _, name := range fresh {
		if made[name] != nil {
			a := made[name]()
			if a.URL == "" && len(a.Raw.Body) == 0 { // nothing to read
				continue
			}
			a.Seen = name
			articles = append(articles, c.finish(s, h, a))
		}
	}
	return articles, nil
}

// slack is how far ahead of our clock a date may be before it is taken as a
// mistake: a day covers every time zone left out.
const slack = 24 * time.Hour

// finish fills in what the source says about all of its articles, and takes
// back dates from the future.
func (c *Collector) finish(s digest.Source, h *harvest, a digest.Article) digest.Article {
	a.ID, a.SourceID, a.Found, a.State = c.newID(), s.ID, c.now().UTC(), digest.ArticleFound
	a.SourceName = first(s.Name, h.title, siteName(s.URL))
	if a.Weight = s.Weight; a.Weight == 0 {
		a.Weight = 1
	}
	if s.Language != "" {
		a.Language = s.Language
	}
	for _, t := range []*time.Time{&a.Published, &a.Modified} {
		if t.After(a.Found.Add(slack)) {
			h.note(digest.Warning, "date.future", first(a.URL, a.Title), t.Format(time.RFC3339))
			*t = a.Found
		}
	}
	return a
}

// siteName is the name of last resort: the host, or a folder's last element.
func siteName(raw string) string {
	if u, err := url.Parse(raw); err == nil && u.Host != "" {
		return strings.TrimPrefix(u.Hostname(), "www.")
	}
	parts := strings.FieldsFunc(raw, func(r rune) bool { return r == '/' || r == '\\' })
	if len(parts) == 0 {
		return raw
	}
	return parts[len(parts)-1]
}

// maxSeen is the longest name a memory has to keep, in bytes.
const maxSeen = 300

// seenName shortens what a source calls an article to what a memory keeps.
func seenName(name string) string {
	if len(name) <= maxSeen {
		return name
	}
	return "sha256:" + hash([]byte(name))
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
