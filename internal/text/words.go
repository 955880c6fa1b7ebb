package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"

	"hebdo/internal/digest"
)

// Word is one word of a text.
type Word struct {
	Start, End int    // byte offsets: s[Start:End] is the word as written
	Fold       string // lower case, without accents; of a number its plain value: "3.5"
	Stem       string // Fold without its ending; Fold itself where the language has no stemmer here
	Stop       bool   // carries no subject
	Number     bool
	Capital    bool // begins with a capital, or has one inside (iPhone)
	First      bool // stands where a capital says nothing: first of a sentence
}

// Reader takes texts apart and remembers the stems it has worked out, which is
// what makes reading a whole week quick. The zero Reader is ready; it is not
// for several goroutines at once.
type Reader struct {
	stems map[stemKey]stemmed
}

type stemKey struct {
	lang digest.Language
	word string
}

type stemmed struct {
	fold, stem string
	stop       bool
}

// Words gives the words and numbers of a text, in order. Elided words count
// for themselves ("l'éthique" is "l" and "éthique"), compounds are parted at
// the hyphen, and numbers lose their spacing: "1 000" and "1,000" are 1000.
func Words(s string, lang digest.Language) []Word {
	var r Reader
	return r.Words(s, lang)
}

// Words is the function Words, with memory.
func (r *Reader) Words(s string, lang digest.Language) []Word {
	if r.stems == nil {
		r.stems = map[stemKey]stemmed{}
	}
	out := make([]Word, 0, len(s)/6)
	first := true
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case c >= '0' && c <= '9':
			end, value := number(s, i)
			out = append(out, Word{Start: i, End: end, Fold: value, Stem: value, Number: true})
			i, first = end, false
		case unicode.IsLetter(c):
			end := wordEnd(s, i)
			w := Word{Start: i, End: end, First: first, Capital: hasCapital(s[i:end])}
			k := r.look(lang, s[i:end])
			w.Fold, w.Stem, w.Stop = k.fold, k.stem, k.stop
			out = append(out, w)
			i, first = end, false
		default:
			switch c {
			case '.', '!', '?', '…', '\n', ':', '•', '«', '“', '"', '|', '–', '—':
				first = true
			}
			i += size
		}
	}
	return out
}

// wordEnd goes over letters, combining marks and digits glued to them (GPT4, 4o, H100).
func wordEnd(s string, i int) int {
	for i < len(s) {
		c, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.Is(unicode.Mn, c) {
			break
		}
		i += size
	}
	return i
}

func hasCapital(w string) bool {
	for _, c := range w {
		if unicode.IsUpper(c) {
			return true
		}
	}
	return false
}

// camel: capitals and small letters after the first one, as in OpenAI or GPUs.
func camel(w string) bool {
	_, first := utf8.DecodeRuneInString(w)
	return strings.ContainsFunc(w[first:], unicode.IsUpper) && strings.ContainsFunc(w, unicode.IsLower)
}

// look folds and stems one word, once.
func (r *Reader) look(lang digest.Language, word string) stemmed {
	key := stemKey{lang, word}
	if k, ok := r.stems[key]; ok {
		return k
	}
	k := stemmed{fold: Fold(word)}
	k.stem = k.fold
	switch {
	case camel(word): // OpenAI, ChatGPT: no ending of French or English
		k.stem = strings.TrimSuffix(k.fold, "s")
	case lang == digest.French:
		k.stop = frenchStops()[k.fold]
		k.stem = Fold(french.Stem(strings.ToLower(word), true))
	case lang == digest.English:
		k.stop = englishStops()[k.fold]
		k.stem = english.Stem(k.fold, true)
	default:
		k.stop = frenchStops()[k.fold] && englishStops()[k.fold]
	}
	if utf8.RuneCountInString(k.fold) < 2 {
		k.stop = true
	}
	if k.stem == "" {
		k.stem = k.fold
	}
	r.stems[key] = k
	return k
}

// Stem reduces one word to the form that Words gives as its Stem.
func Stem(word string, lang digest.Language) string {
	var r Reader
	r.stems = map[stemKey]stemmed{}
	return r.look(lang, word).stem
}
