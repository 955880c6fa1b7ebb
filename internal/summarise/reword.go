package summarise

import (
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// Reword is a story's wording with an editor's words in the place of its own. A
// sentence that stands in them as it was stays tied to its source; the others
// are the editor's.
func Reword(was digest.Wording, w digest.Words, lang digest.Language, editor string) digest.Wording {
	now := was
	now.Editor = editor
	if w.Headline != was.Words().Headline {
		now.Headline, now.HeadlineLanguage = w.Headline, lang
	}
	now.Sentences = nil
	for rest := w.Summary; rest != ""; {
		s, length := kept(was.Sentences, rest)
		if length == 0 {
			length = len(rest)
			if spans := text.Sentences(rest, lang); len(spans) > 0 {
				length = spans[0].End
			}
			s = digest.Sentence{Text: rest[:length], Language: lang}
		}
		now.Sentences = append(now.Sentences, s)
		rest = strings.TrimLeft(rest[length:], " ")
	}
	return now
}

// kept gives the sentence that a text begins with, if it is one of those, and
// how long it is there.
func kept(sentences []digest.Sentence, s string) (digest.Sentence, int) {
	for _, q := range sentences {
		as := digest.Words{Summary: q.Text}.Tidy().Summary
		if rest, ok := strings.CutPrefix(s, as); ok && as != "" && (rest == "" || rest[0] == ' ') {
			return q, len(as)
		}
	}
	return digest.Sentence{}, 0
}
