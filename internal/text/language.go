package text

import (
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"

	"hebdo/internal/digest"
)

// sample is how much of a text the detector reads, in bytes: more changes
// nothing and costs time.
const sample = 3000

// candidates are the languages the letter statistics choose from: those the
// word vote knows, and the neighbours they would otherwise be taken for.
var candidates = map[whatlanggo.Lang]bool{
	whatlanggo.Fra: true, whatlanggo.Eng: true, whatlanggo.Deu: true, whatlanggo.Spa: true,
	whatlanggo.Ita: true, whatlanggo.Por: true, whatlanggo.Nld: true,
	whatlanggo.Swe: true, whatlanggo.Dan: true, whatlanggo.Nob: true, whatlanggo.Fin: true,
	whatlanggo.Pol: true, whatlanggo.Ces: true, whatlanggo.Ron: true, whatlanggo.Hun: true, whatlanggo.Tur: true,
	whatlanggo.Rus: true, whatlanggo.Ukr: true, whatlanggo.Bul: true, whatlanggo.Ell: true,
	whatlanggo.Arb: true, whatlanggo.Pes: true, whatlanggo.Heb: true, whatlanggo.Hin: true,
	whatlanggo.Cmn: true, whatlanggo.Jpn: true, whatlanggo.Kor: true, whatlanggo.Tha: true, whatlanggo.Vie: true,
}

// Language tells the language a text is written in, or the empty Language
// where it cannot tell. Letter statistics and a vote of the small words have
// to agree; on a text of a few words the small words decide.
func Language(s string) digest.Language {
	s = cut(s, sample)
	vote, share, words := voteOfSmallWords(s)
	if words == 0 {
		return byScript(s)
	}
	info := whatlanggo.DetectWithOptions(s, whatlanggo.Options{Whitelist: candidates})
	letters := digest.Language(info.Lang.Iso6391())
	switch {
	case vote != "" && vote == letters:
		return vote
	case vote != "" && share >= .5:
		return vote
	case info.IsReliable() && (vote == "" || words >= 12):
		return letters
	case vote != "":
		return vote
	case info.IsReliable() || words >= 4 && info.Confidence > .15:
		return letters
	}
	return ""
}

// byScript answers for texts without Latin words, by their writing system.
func byScript(s string) digest.Language {
	info := whatlanggo.DetectWithOptions(s, whatlanggo.Options{Whitelist: candidates})
	if info.Script == nil || info.Script == unicode.Latin || info.Lang < 0 {
		return ""
	}
	return digest.Language(info.Lang.Iso6391())
}

// voteOfSmallWords gives the language whose small words are most frequent, by
// how much it leads (0..1), and the number of Latin words. A word of several
// languages counts for each, divided by their number.
func voteOfSmallWords(s string) (best digest.Language, lead float64, words int) {
	votes := map[string]float64{}
	of := functionWords()
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\'' && r != '’'
	}) {
		w = strings.Trim(strings.ReplaceAll(w, "’", "'"), "'")
		if w == "" || !latin(w) {
			continue
		}
		words++
		parts := []string{w}
		if i := strings.IndexByte(w, '\''); i > 0 {
			parts = append(parts, w[i+1:])
			switch w[:i] {
			case "l", "d", "qu", "n", "s", "c", "j", "m", "t":
				votes["fr"] += .4
			case "dell", "all", "nell", "dall", "sull", "un":
				votes["it"]++
			}
			if tail := w[i+1:]; tail == "s" || tail == "t" || tail == "re" || tail == "ve" {
				votes["en"]++
			}
		}
		for _, p := range parts {
			for _, lang := range of[p] {
				votes[lang] += 1 / float64(len(of[p]))
			}
		}
		for _, r := range w {
			votes[letterOf(r)] += .4
		}
	}
	delete(votes, "")
	var first, second float64
	for lang, v := range votes {
		switch {
		case v > first || v == first && lang < string(best):
			if v > first {
				second = first
			}
			best, first = digest.Language(lang), v
		case v > second:
			second = v
		}
	}
	if first == 0 || first == second {
		return "", 0, words
	}
	return best, (first - second) / first, words
}

// letterOf names the one language, of those that vote, in which a letter is at home.
func letterOf(r rune) string {
	switch r {
	case 'ñ', '¿', '¡':
		return "es"
	case 'ß', 'ä':
		return "de"
	case 'ã', 'õ':
		return "pt"
	case 'œ', 'ê', 'î', 'û', 'ù':
		return "fr"
	case 'ì', 'ò':
		return "it"
	}
	return ""
}

func latin(w string) bool {
	for _, r := range w {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			return false
		}
	}
	return true
}

// cut shortens s to at most n bytes without breaking a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
