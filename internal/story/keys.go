package story

import (
	"strings"
	"sync"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// lexicon maps stems of both languages to one key each, "fr:…" and "en:…".
var lexicon = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	learnWords(out, read("lexicon.txt"))
	return out
})

// learnWords reads lines of "French words = English words". A word with a
// hyphen or apostrophe is a phrase, kept under "phrase:".
func learnWords(out map[string]string, lines []string) {
	for _, line := range lines {
		french, english, ok := strings.Cut(line, "=")
		if !ok || strings.TrimSpace(english) == "" {
			continue
		}
		key := "=" + text.Stem(strings.Fields(english)[0], digest.English)
		for _, w := range strings.Fields(french) {
			if strings.ContainsAny(w, "-'’") {
				put(out, "phrase:"+w, key)
				continue
			}
			put(out, "fr:"+text.Stem(w, digest.French), key)
		}
		for _, w := range strings.Fields(english) {
			put(out, "en:"+text.Stem(w, digest.English), key)
		}
	}
}

// put keeps the first entry of a word that stands in several lines.
func put(m map[string]string, k, v string) {
	if _, taken := m[k]; !taken {
		m[k] = v
	}
}

// cognates are endings that turn a French word into its English look-alike,
// longest first; with an empty right side the word is the same in both.
var cognates = []struct{ french, english string }{
	{"iques", "ic"}, {"ique", "ic"}, {"ites", "ity"}, {"ite", "ity"}, {"tes", "ty"},
	{"ateurs", "ator"}, {"ateur", "ator"}, {"trices", "tor"}, {"trice", "tor"}, {"teurs", "tor"}, {"teur", "tor"},
	{"aires", "ary"}, {"aire", "ary"}, {"logies", "logy"}, {"logie", "logy"}, {"graphie", "graphy"}, {"omie", "omy"}, {"egie", "egy"},
	{"ismes", "ism"}, {"isme", "ism"}, {"istes", "ist"}, {"iste", "ist"},
	{"elles", "al"}, {"elle", "al"}, {"els", "al"}, {"euses", "ous"}, {"euse", "ous"}, {"eux", "ous"},
	{"ifs", "ive"}, {"if", "ive"}, {"ives", "ive"}, {"iser", "ize"}, {"ise", "ize"}, {"isation", "ization"},
	{"tions", "tion"}, {"tion", "tion"}, {"sions", "sion"}, {"sion", "sion"},
	{"ences", "ence"}, {"ence", "ence"}, {"ances", "ance"}, {"ance", "ance"},
	{"ments", "ment"}, {"ment", "ment"}, {"ables", "able"}, {"able", "able"}, {"ibles", "ible"}, {"ible", "ible"},
	{"ents", "ent"}, {"ent", "ent"}, {"ants", "ant"}, {"ant", "ant"}, {"aux", "al"}, {"ales", "al"}, {"ale", "al"}, {"al", "al"},
	{"ures", "ure"}, {"ure", "ure"}, {"ages", "age"}, {"age", "age"},
}

// keyer reduces words of both languages to common keys and remembers them.
type keyer struct {
	words map[string]string // a lexicon of its own; nil: the built-in one
	seen  map[keyed]string
}

type keyed struct {
	lang digest.Language
	word string
	name bool
}

// key gives the form under which a word is compared across languages. A name
// keeps its ending: the stemmers of two languages would cut it differently.
func (k *keyer) key(w text.Word, lang digest.Language, name bool) string {
	if w.Number {
		return w.Fold
	}
	id := keyed{lang, w.Fold, name}
	if v, ok := k.seen[id]; ok {
		return v
	}
	words := k.words
	if words == nil {
		words = lexicon()
	}
	v := w.Stem
	switch lang {
	case digest.English:
		if to, ok := words["en:"+w.Stem]; ok {
			v = to
		} else if name {
			v = w.Fold
		}
	case digest.French:
		if to, ok := words["fr:"+w.Stem]; ok {
			v = to
		} else if name {
			v = w.Fold
		} else if like, ok := cognate(w.Fold); ok {
			v = text.Stem(like, digest.English)
		}
	}
	if k.seen == nil {
		k.seen = map[keyed]string{}
	}
	k.seen[id] = v
	return v
}

// unsure gives a key of its own to a word whose capital may be that of a name
// or of a place in the text.
func (k *keyer) unsure(w text.Word, lang digest.Language) string {
	id := keyed{"?" + lang, w.Fold, true}
	v, ok := k.seen[id]
	if !ok {
		v = "?" + k.key(w, lang, true) + "?" + k.key(w, lang, false)
		k.seen[id] = v
	}
	return v
}

// cognate gives the English look-alike of a folded French word.
func cognate(w string) (string, bool) {
	if len(w) < 6 {
		return "", false
	}
	for _, c := range cognates {
		if strings.HasSuffix(w, c.french) && len(w)-len(c.french) >= 3 {
			return w[:len(w)-len(c.french)] + c.english, true
		}
	}
	return "", false
}
