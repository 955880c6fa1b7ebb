package text

import "hebdo/internal/digest"

// sample is how much of a text is read, in bytes: more changes nothing and
// costs time.
const sample = 1200

// Language tells the language a text is written in, or the empty Language
// where it cannot tell: no words, or names only. Languages in Latin letters
// are told by the statistics of their letters (Latin lists them), others by
// their letters alone.
func Language(s string) digest.Language {
	s = cut(s, sample)
	latin, others := scripts(s)
	if other := byScript(others); other != "" && 2*others[other] > latin {
		return digest.Language(other)
	}
	best, lead, words := byLetters(s)
	if lead < .2 || words < 2 && lead < 8 {
		return ""
	}
	return digest.Language(best)
}

// byScript names the language of letters that are not Latin. Some letters
// decide by being there at all: Japanese is mostly written in Chinese ones,
// Ukrainian in Russian, Persian in Arabic.
func byScript(count map[string]int) string {
	for _, pair := range [...][2]string{{"ja", "zh"}, {"uk", "ru"}, {"fa", "ar"}} {
		if n := count[pair[0]]; n > 0 && n*60 >= count[pair[1]] {
			count[pair[0]] += count[pair[1]]
			delete(count, pair[1])
		}
	}
	best := ""
	for lang, n := range count {
		if best == "" || n > count[best] || n == count[best] && lang < best {
			best = lang
		}
	}
	return best
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
