package story

import (
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

const (
	leadWords  = 60  // of title and beginning, compared on their own
	topWords   = 20  // of these, the first ones once more
	bodyWords  = 800 // a longer text is read so far
	nameBoost  = 1.3 // a name says more about an event than a word
	numberLoss = .85 // a number a little less
	ownerCount = .5  // naming a model names its maker half
	quoteBoost = 1.5 // the same quotation, word for word
	pageBoost  = 2.0 // a link to the same page
)

// bag counts the keys of one article.
type bag struct {
	all, lead, top map[string]float64
	boost          map[string]float64
	written        map[string]string // key → as it stands in the text
	lang           digest.Language
}

// bagger reads articles one after the other; it is not for several goroutines at once.
type bagger struct {
	vocabulary *Vocabulary
	reader     text.Reader
	keys       keyer
}

func newBagger(v *Vocabulary) *bagger { return &bagger{vocabulary: v, keys: keyer{words: v.words}} }

// body is what an article is compared by: a page that could not be read is
// known by what its source said of it.
func body(a digest.Article) string {
	if a.Readable() {
		return a.Text
	}
	return a.Excerpt
}

// read counts names, numbers and words of an article, whatever its language,
// under keys that both languages share.
func (r *bagger) read(a digest.Article) bag {
	s := strings.TrimSpace(a.Title + "\n\n" + body(a))
	b := bag{
		all: map[string]float64{}, lead: map[string]float64{}, top: map[string]float64{},
		boost: map[string]float64{}, written: map[string]string{}, lang: a.Language,
	}
	if b.lang == "" {
		b.lang = text.Language(s)
	}
	words := r.reader.Words(s, b.lang)
	proper := text.Proper(s, words)
	n := 0
	for i := 0; i < len(words) && n < bodyWords; {
		f := r.next(s, words, proper, i, b.lang)
		if f.key != "" {
			n++
			b.add(f, n, s[words[i].Start:words[i+f.used-1].End])
		}
		i += f.used
	}
	for _, page := range pages(a, s) {
		b.all[page], b.boost[page], b.written[page] = 1, pageBoost, page
	}
	for _, q := range quotations(s, words) {
		b.all[q.key], b.boost[q.key], b.written[q.key] = 1, quoteBoost, q.written
	}
	return b
}

// found is what the next words of a text are to the comparison.
type found struct {
	key   string // empty: nothing
	owner string
	boost float64
	used  int // words
	name  bool
}

func (r *bagger) next(s string, words []text.Word, proper []bool, i int, lang digest.Language) found {
	if k, ok := r.vocabulary.name(words, proper, i); ok {
		f := found{key: k.key, owner: k.owner, boost: 1, used: len(k.words), name: true}
		if k.proper {
			f.boost = nameBoost
		}
		return f
	}
	w := words[i]
	switch {
	case w.Number:
		key, used := amount(s, words, i, lang)
		return found{key: key, boost: numberLoss, used: used}
	case w.Stop && !proper[i]:
		return found{used: 1}
	case proper[i]:
		return found{key: r.keys.key(w, lang, true), boost: nameBoost, used: 1, name: true}
	}
	return found{key: r.keys.key(w, lang, false), boost: 1, used: 1}
}

// add counts the n-th entry of the text.
func (b *bag) add(f found, n int, written string) {
	b.count(f.key, 1, f.boost, n)
	if f.owner != "" {
		b.count(f.owner, ownerCount, nameBoost, n)
		if _, ok := b.written[f.owner]; !ok {
			b.written[f.owner] = written
		}
	}
	if _, ok := b.written[f.key]; !ok || f.name {
		b.written[f.key] = written
	}
}

func (b *bag) count(key string, by, boost float64, n int) {
	b.all[key] += by
	if n <= leadWords {
		b.lead[key] += by
	}
	if n <= topWords {
		b.top[key] += by
	}
	if boost != 1 {
		b.boost[key] = max(boost, b.boost[key])
	}
}
