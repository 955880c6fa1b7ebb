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
	failed       string        // code of the note that says why there is nothing; empty: the visit went well
	unchanged    bool          // nothing was read, since nothing is new
	dateless     bool          // its articles are not expected to have dates
	moved        string        // where the site says the source is for good
	patience     time.Duration // the server asked to be left alone for
	gone         bool          // for good
	asked        time.Duration // between visits, by the source's own word
}

// find is something that may be an article not seen before. The article is
// made only when it is: of a feed read every hour nearly all are known.
type find struct {
	seen    string
	at      time.Time     // its date, as far as it is known without making the article
	mark    func() string // Article.Mark; nil: an edit cannot be told
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

// unseen makes the articles the memory does not know yet, or not as they are now.
func (c *Collector) unseen(ctx context.Context, s digest.Source, h *harvest) ([]digest.Article, error) {
	if len(h.finds) == 0 {
		return nil, nil
	}
	names := make([]string, 0, len(h.finds))
	made := make(map[string]find, len(h.finds))
	for _, f := range h.finds {
		if _, twice := made[f.seen]; !twice {
			names = append(names, f.seen)
			made[f.seen] = f
		}
	}
	fresh, err := c.memory.Unseen(ctx, s.ID, names)
	if err != nil {
		return nil, err
	}
	articles := make([]digest.Article, 0, len(fresh))
	for _, name := range fresh {
		if f, ok := made[name]; ok {
			if a, ok := c.make(s, h, f); ok {
				articles = append(articles, a)
			}
			delete(made, name)
		}
	}
	edited, err := c.edited(ctx, s, h, made)
	return append(articles, edited...), err
}

// edited makes those of the articles known before that the source has changed.
func (c *Collector) edited(ctx context.Context, s digest.Source, h *harvest, known map[string]find) ([]digest.Article, error) {
	marks := map[string]string{}
	for name, f := range known {
		if f.mark != nil {
			marks[name] = f.mark()
		}
	}
	if len(marks) == 0 {
		return nil, nil
	}
	names, err := c.memory.Edited(ctx, s.ID, marks)
	if err != nil {
		return nil, err
	}
	var articles []digest.Article
	for _, name := range names {
		if a, ok := c.make(s, h, known[name]); ok {
			a.State = digest.ArticleRevised
			articles = append(articles, a)
		}
	}
	return articles, nil
}

// make is the article of a find; false when there is nothing to read.
func (c *Collector) make(s digest.Source, h *harvest, f find) (digest.Article, bool) {
	a := f.article()
	if a.URL == "" && len(a.Raw.Body) == 0 {
		return a, false
	}
	a.Seen = f.seen
	if f.mark != nil {
		a.Mark = f.mark()
	}
	return c.finish(s, h, a), true
}

// slack is how far ahead of our clock a date may be before it is taken as a
// mistake: a day covers every time zone left out.
const slack = 24 * time.Hour

// finish fills in what the source says about all of its articles, and takes
// back dates from the future.
func (c *Collector) finish(s digest.Source, h *harvest, a digest.Article) digest.Article {
	a.ID, a.SourceID, a.Found, a.State = c.newID(), s.ID, c.now().UTC(), digest.ArticleFound
	a.SourceName = first(s.Name, a.SourceName, h.title, siteName(s.URL))
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
