package text

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the weights
	"encoding/binary"
	"io"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Latin names the languages written in Latin letters that Language tells
// apart, ISO 639-1. The first seven are those Hebdo reads; of the others it
// only has to know that they are not.
var Latin = [...]string{"en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "ro", "hu", "tr", "ca"}

// read is how many of them Hebdo reads, home how many it mostly does.
const (
	read = 7
	home = 2
)

// longestPiece is in letters; heaviestPiece in bytes, so that one fits a
// machine word.
const (
	longestPiece  = 5
	heaviestPiece = 8
)

// Pieces gives all runs of one to five letters of the words of a text, in
// lower case; a space stands for a word's border. Words with digits are left
// out: they are of no language.
func Pieces(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for word := range latinWords(s) {
			if !pieces(word, yield) {
				return
			}
		}
	}
}

// pieces gives those of one word, which has its borders around it.
func pieces(word string, yield func(string) bool) bool {
	for i := 0; i < len(word); {
		_, first := utf8.DecodeRuneInString(word[i:])
		end := i
		for n := 1; n <= longestPiece && end < len(word); n++ {
			_, size := utf8.DecodeRuneInString(word[end:])
			end += size
			if end-i > heaviestPiece {
				break
			}
			if end-i == 1 && word[i] == ' ' {
				continue
			}
			if !yield(word[i:end]) {
				return false
			}
		}
		i += first
	}
	return true
}

// latinWords gives the words of a text in Latin letters, in lower case, with a
// space before and behind. An apostrophe parts words and stays with the first:
// " l'", " été ".
func latinWords(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		word := make([]byte, 0, 64)
		word = append(word, ' ')
		bad := false
		flush := func() bool {
			ok := true
			if len(word) > 1 && !bad {
				ok = yield(string(append(word, ' ')))
			}
			word, bad = word[:1], false
			return ok
		}
		for _, r := range s {
			switch {
			case 'a' <= r && r <= 'z':
				word = append(word, byte(r))
			case 'A' <= r && r <= 'Z':
				word = append(word, byte(r)+'a'-'A')
			case r == '\'' || r == '’':
				if len(word) > 1 {
					word = append(word, '\'')
				}
				if !flush() {
					return
				}
			case r >= 0xc0 && unicode.Is(unicode.Latin, r):
				word = utf8.AppendRune(word, unicode.ToLower(r))
			case r >= '0' && r <= '9' || r == '_' || r == '@':
				bad = true
			default:
				if !flush() {
					return
				}
			}
			if len(word) > 60 {
				bad = true
				word = word[:60]
			}
		}
		flush()
	}
}

//go:embed data/language.gz
var packedLetters []byte

// letterStatistics are the weights of pieces: how much less likely than in the
// likeliest language each is, in half nats, two languages to a byte
// (naive Bayes; made by `go test ./internal/text -run TestTrainLanguage -train`).
type letterStatistics struct {
	at    map[uint64]int32
	steps []byte
}

const stepBytes = (len(Latin) + 1) / 2

var statistics = sync.OnceValue(func() letterStatistics {
	z, err := gzip.NewReader(bytes.NewReader(packedLetters))
	if err != nil {
		panic("text: the weights of languages are damaged: " + err.Error())
	}
	b, err := io.ReadAll(z)
	if err != nil || len(b) < 4 {
		panic("text: the weights of languages are damaged")
	}
	n := int(binary.LittleEndian.Uint32(b))
	st := letterStatistics{at: make(map[uint64]int32, n)}
	b = b[4:]
	var piece []byte
	for i := range n {
		shared, own := int(b[0]>>4), int(b[0]&15)
		piece = append(piece[:shared], b[1:1+own]...)
		st.at[packed(string(piece))] = int32(i * stepBytes)
		b = b[1+own:]
	}
	st.steps = b
	return st
})

// packed is a piece as a number.
func packed(piece string) uint64 {
	var k uint64
	for i := range len(piece) {
		k = k<<8 | uint64(piece[i])
	}
	return k
}

// How words are weighed. The pieces of a word overlap, so that a long one
// would count for more than it knows; and a foreign name must not outvote the
// words around it.
const (
	weightiest = 20. // half nats that one word can count for
	guest      = 6.  // half nats that a language other than French and English has to be ahead: what Hebdo reads is twenty times likelier in those
	stranger   = 2.  // half nats a word that a language Hebdo does not read has to be ahead: a short French headline must not pass for Catalan
)

// byLetters gives the likeliest language in Latin letters, by how much it
// leads in nats, and the number of words that were read.
func byLetters(s string) (best string, lead float64, words int) {
	var behind [len(Latin)]float64
	known := 0
	for word := range latinWords(s) {
		words++
		own, n := weigh(word)
		if n == 0 {
			continue
		}
		known++
		least := slices.Min(own[:])
		for l := range own {
			behind[l] += min(weightiest, float64(own[l]-least)/math.Sqrt(float64(n)))
		}
	}
	if known == 0 {
		return "", 0, words
	}
	for l := home; l < read; l++ {
		behind[l] += guest
	}
	for l := read; l < len(behind); l++ {
		behind[l] += stranger * float64(words+4)
	}
	first, second := 0, -1
	for l := 1; l < len(behind); l++ {
		switch {
		case behind[l] < behind[first]:
			first, second = l, first
		case second < 0 || behind[l] < behind[second]:
			second = l
		}
	}
	return Latin[first], (behind[second] - behind[first]) / 2, words
}

// weigh adds up the steps of a word's pieces, and counts those that are known.
func weigh(word string) (own [len(Latin)]int, n int) {
	st := statistics()
	pieces(word, func(p string) bool {
		i, ok := st.at[packed(p)]
		if !ok {
			return true
		}
		n++
		for l, b := range st.steps[i : i+int32(stepBytes)] {
			own[2*l] += int(b >> 4)
			if 2*l+1 < len(Latin) {
				own[2*l+1] += int(b & 15)
			}
		}
		return true
	})
	return own, n
}

// scripts counts the letters of a text by writing system.
func scripts(s string) (latin int, others map[string]int) {
	others = map[string]int{}
	for _, r := range s {
		switch {
		case r < 0x250:
			if unicode.IsLetter(r) {
				latin++
			}
		case r < 0x370 || !unicode.IsLetter(r):
		default:
			if l := letterOf(r); l != "" {
				others[l]++
			}
		}
	}
	return latin, others
}

// letterOf names the language, or the family of languages, of a letter that is
// not Latin.
func letterOf(r rune) string {
	switch {
	case unicode.Is(unicode.Cyrillic, r):
		if strings.ContainsRune("іїєґІЇЄҐ", r) {
			return "uk"
		}
		return "ru"
	case unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r):
		return "ja"
	case unicode.Is(unicode.Han, r):
		return "zh"
	case unicode.Is(unicode.Hangul, r):
		return "ko"
	case unicode.Is(unicode.Greek, r):
		return "el"
	case unicode.Is(unicode.Arabic, r):
		if strings.ContainsRune("پچژگک", r) {
			return "fa"
		}
		return "ar"
	case unicode.Is(unicode.Hebrew, r):
		return "he"
	case unicode.Is(unicode.Devanagari, r):
		return "hi"
	case unicode.Is(unicode.Thai, r):
		return "th"
	}
	return ""
}
