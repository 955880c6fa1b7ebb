package digest_test

import (
	"errors"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

func TestAnEditorsWordsAreOneLineOfText(t *testing.T) {
	got := digest.Words{Headline: "\t Un titre\r\n sur deux\x00 lignes\u00a0! ", Summary: "Il a dit\u00a0:\n\n«\u00a0oui\u00a0»\xff.\u00a0"}.Tidy()
	if want := (digest.Words{Headline: "Un titre sur deux lignes\u00a0!", Summary: "Il a dit\u00a0: «\u00a0oui\u00a0»."}); got != want {
		t.Errorf("%q", got)
	}
}

func TestAnEditorsWordsAreBounded(t *testing.T) {
	for _, c := range []struct {
		words digest.Words
		want  error
	}{
		{digest.Words{Headline: strings.Repeat("é", digest.MaxHeadline), Summary: strings.Repeat("é", digest.MaxSummary)}, nil},
		{digest.Words{Headline: strings.Repeat("é", digest.MaxHeadline+1), Summary: "x"}, digest.ErrTooLong},
		{digest.Words{Headline: "x", Summary: strings.Repeat("é", digest.MaxSummary+1)}, digest.ErrTooLong},
		{digest.Words{Summary: "x"}, digest.ErrNoWords},
		{digest.Words{Headline: "x"}, digest.ErrNoWords},
	} {
		if err := c.words.Check(); !errors.Is(err, c.want) {
			t.Errorf("%.20q: %v, want %v", c.words, err, c.want)
		}
	}
}
