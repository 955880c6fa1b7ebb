package summarise

import (
	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// Extract summarises one article in at most so many sentences and words of its
// own, in the order of the text. 0 is no limit; both 0 means three sentences.
// An article that cannot be read, or that has no sentence fit to stand alone,
// gives none.
func Extract(a digest.Article, sentences, words int) []digest.Sentence {
	var r text.Reader
	return extract(&r, a, sentences, words)
}

func extract(r *text.Reader, a digest.Article, sentences, words int) []digest.Sentence {
	if !a.Readable() {
		return nil
	}
	sentences, words = asked(sentences, words)
	d := read(r, a)
	return d.sentences(d.choose(limits{sentences: sentences, words: words}))
}

// many is no limit.
const many = 1 << 20

// asked turns the zeroes of a request into numbers.
func asked(sentences, words int) (int, int) {
	switch {
	case sentences <= 0 && words <= 0:
		return 3, many
	case sentences <= 0:
		return many, words
	case words <= 0:
		return sentences, many
	}
	return sentences, words
}

func (d reading) sentences(chosen []candidate) []digest.Sentence {
	var out []digest.Sentence
	for _, c := range chosen {
		out = append(out, digest.Sentence{Text: c.span.In(d.article.Text), Article: d.article.ID, Start: c.span.Start, End: c.span.End, Language: d.lang})
	}
	return out
}
