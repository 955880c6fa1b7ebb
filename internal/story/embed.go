package story

import (
	"context"
	"fmt"
	"math"

	"hebdo/internal/digest"
)

// Embedder turns texts into vectors that are near where texts mean the same.
type Embedder interface {
	// Embed gives one vector for each text, in order, all of one length.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// embedded is how much of an article an Embedder reads, in bytes.
const embedded = 2000

// Embed asks for the vectors of articles, for Options.Vectors.
func Embed(ctx context.Context, e Embedder, articles []digest.Article) (map[string][]float32, error) {
	texts := make([]string, len(articles))
	for i, a := range articles {
		texts[i] = a.Title + "\n\n" + cutAt(body(a), embedded)
	}
	vectors, err := e.Embed(ctx, texts)
	if err != nil {
		return nil, fmt.Errorf("embedding %d articles: %w", len(articles), err)
	}
	if len(vectors) != len(articles) {
		return nil, fmt.Errorf("embedding %d articles: %d vectors came back", len(articles), len(vectors))
	}
	out := make(map[string][]float32, len(articles))
	for i, a := range articles {
		out[a.ID] = vectors[i]
	}
	return out, nil
}

// cutAt shortens a text to so many bytes at the beginning of a character.
func cutAt(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// vectors brings the embeddings of the articles to length one, in their order.
func (o Options) vectors(articles []digest.Article) [][]float32 {
	if o.Vectors == nil {
		return nil
	}
	out := make([][]float32, len(articles))
	for i, a := range articles {
		v := o.Vectors[a.ID]
		sum := 0.0
		for _, x := range v {
			sum += float64(x) * float64(x)
		}
		if sum == 0 {
			continue
		}
		unit := make([]float32, len(v))
		for k, x := range v {
			unit[k] = x / float32(math.Sqrt(sum))
		}
		out[i] = unit
	}
	return out
}

// Embeddings of unrelated news still have a cosine of about unrelated; what is
// above it counts, by embeddedShare, beside the words.
const (
	unrelated     = .6
	embeddedShare = .4
)

// blend sharpens the similarity of words with that of embeddings, where both
// articles have one of the same length.
func (s scorer) blend(i, j int, words float64) float64 {
	if s.vectors == nil || len(s.vectors[i]) == 0 || len(s.vectors[i]) != len(s.vectors[j]) {
		return words
	}
	dot := 0.0
	for k, x := range s.vectors[i] {
		dot += float64(x) * float64(s.vectors[j][k])
	}
	return (1-embeddedShare)*words + embeddedShare*max(0, dot-unrelated)/(1-unrelated)
}
