package story

import (
	"crypto/sha256"
	"math"
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

// entry is one key of an article: how often it stands there, in all of it, at
// its beginning, and in its first words.
type entry struct {
	key            string
	hash           uint64
	all, lead, top float32
	boost          float32
	place          place
	named          bool      // place is where it stands as a name
	unsure         [2]string // keys as a name and as a word, where the capital does not tell which
}

// bag counts the keys of one article.
type bag struct {
	entries []entry
	at      map[string]int
	imprint imprint
	spelled []trigram
	lang    digest.Language
}

// imprint stands for the words of an article's text, without case, accents,
// punctuation and spacing; zero for a text too short to tell.
type imprint [16]byte

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

// whole is what is read of an article; places are offsets into it.
func whole(a digest.Article) string { return strings.TrimSpace(a.Title + "\n\n" + body(a)) }

// read counts names, numbers and words of an article, whatever its language,
// under keys that both languages share. It empties the bag first.
func (r *bagger) read(a digest.Article, b *bag) {
	s := whole(a)
	b.entries, b.lang = b.entries[:0], a.Language
	if b.at == nil {
		b.at = map[string]int{}
	}
	clear(b.at)
	if b.lang == "" {
		b.lang = text.Language(s)
	}
	words := r.reader.Words(s, b.lang)
	b.imprint = printed(a, words, len(s)-len(strings.TrimSpace(body(a))))
	b.spelled = spelled(words, b.spelled)
	proper := text.Proper(s, words)
	n := 0
	for i := 0; i < len(words) && n < bodyWords; {
		f := r.next(s, words, proper, i, b.lang)
		if f.key != "" {
			n++
			b.add(f, n, placed(words[i].Start, words[i+f.used-1].End))
		}
		i += f.used
	}
	for _, page := range pages(a, s) {
		b.trace(page, pageBoost, 0)
	}
	for _, q := range quotations(s, words) {
		b.trace(q.key, quoteBoost, placed(q.start, q.end))
	}
}

// printed hashes the words of the text, which begins at so many bytes.
func printed(a digest.Article, words []text.Word, from int) (p imprint) {
	if !a.Readable() {
		return p
	}
	h, n := sha256.New(), 0
	for _, w := range words {
		if w.Start >= from {
			h.Write([]byte(w.Fold))
			h.Write([]byte{' '})
			n++
		}
	}
	if n >= tellingWords {
		copy(p[:], h.Sum(nil))
	}
	return p
}

// found is what the next words of a text are to the comparison.
type found struct {
	key    string // empty: nothing
	owner  string
	boost  float32
	used   int // words
	name   bool
	unsure [2]string
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
	case w.Capital: // of a headline, or first of its sentence
		name, word := r.keys.key(w, lang, true), r.keys.key(w, lang, false)
		if name != word {
			return found{key: r.keys.unsure(w, lang), boost: 1, used: 1, unsure: [2]string{name, word}}
		}
	}
	return found{key: r.keys.key(w, lang, false), boost: 1, used: 1}
}

// add counts the n-th entry of the text.
func (b *bag) add(f found, n int, at place) {
	e := b.count(f.key, 1, f.boost, n)
	if f.name && !e.named || e.place == 0 {
		e.place, e.named = at, f.name
	}
	e.unsure = f.unsure
	if f.owner != "" {
		if e = b.count(f.owner, ownerCount, nameBoost, n); e.place == 0 {
			e.place = at
		}
	}
}

func (b *bag) count(key string, by, boost float32, n int) *entry {
	e := b.entry(key)
	e.all += by
	if n <= leadWords {
		e.lead += by
	}
	if n <= topWords {
		e.top += by
	}
	e.boost = max(e.boost, boost)
	return e
}

// trace enters what the article has but once.
func (b *bag) trace(key string, boost float32, at place) {
	e := b.entry(key)
	e.all, e.boost, e.place = 1, boost, at
}

func (b *bag) entry(key string) *entry {
	i, ok := b.at[key]
	if !ok {
		i = len(b.entries)
		b.at[key] = i
		b.entries = append(b.entries, entry{key: key, hash: hashed(key)})
	}
	return &b.entries[i]
}

// hashed is FNV-1a: keys are many, and their letters are not needed again.
func hashed(key string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	return h
}

// place is where a key stands in its article: 23 bits of offset, 9 of length.
type place uint32

func placed(start, end int) place {
	if start >= 1<<23 {
		return 0
	}
	return place(start)<<9 | place(min(end-start, 1<<9-1))
}

func (p place) in(s string) string {
	start := int(p >> 9)
	return s[min(start, len(s)):min(start+int(p&(1<<9-1)), len(s))]
}

// small is a count kept in a byte, in halves.
func small(n float32) uint8 { return uint8(math.Min(255, math.Round(2*float64(n)))) }
