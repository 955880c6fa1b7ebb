package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A credit is a line that names who worked on a text and says nothing else:
// "(Reporting by Ada Lovelace in Paris; editing by Tom Okafor)", "Traduit de
// l’anglais par Inès Daoud", "Avec AFP", "Maël Quéré / Getty Images". It is told
// by its build, from the first word to the last, so that no sentence is one.

const longestCredit = 320 // in characters

// work is what people are credited for; the words of an article come first.
const (
	wordsWork = `reporting|report|writing|written|words|story|text|interviews?|reported|texte|textes|propos recueillis|paroles recueillies|enquête|reportage|récit|rédaction|article|entretien`
	otherWork = `editing|edited|additional editing|copy[- ]?editing|sub[- ]?editing|photos?|photographs?|photography|pictures?|images?|illustrations?|illustrated|graphics?|charts?|maps?|infographics?|video|videos|audio|sound|music|production|produced|research|researched|translation|translated|compiled|compilation|curated|hosted|fact[- ]?check(?:ing|ed)|design|designed|layout|art direction|` +
		`traduction|traduit|traduite|adaptation|adapté|adaptée|édition|édité|relecture|relu|photographies?|dessins?|vidéos?|infographies?|cartes?|montage|réalisation|mise en page|vérification|graphiques?|musique`
	addition = `additional|original|local|further|contributing|`
)

var (
	credited = regexp.MustCompile(`(?i)^(?:(?:` + addition + `)\s*)?(` + wordsWork + `|` + otherWork + `)(?:(?:\s*[,&/]\s*|\s+(?:and|et)\s+)(?:(?:` + addition + `)\s*)?(?:` + wordsWork + `|` + otherWork + `))*` +
		`(?:\s+(?:assistance|credits?|crédits?))?(?:\s+(?:de l[’']\p{L}+|du \p{L}+|from the \p{Lu}\p{L}+))?(?:\s+(?:by|par|from|de la part de)\s*:?\s+|\s*:\s*)`)
	ofWords     = regexp.MustCompile(`(?i)^(?:` + wordsWork + `)$`)
	contributed = regexp.MustCompile(`(?i)\s+(?:also\s+)?(?:contributed (?:(?:additional )?reporting|research|to (?:this|the) (?:report|story|article|post|piece|coverage))|reported (?:this (?:story|article) )?from|(?:a|ont) (?:également )?(?:contribué|participé) à (?:cet article|ce reportage|ce dossier|cette enquête|la rédaction de cet article))`)
	withAgency  = regexp.MustCompile(`^(?:(.{2,40}?)[\s,]+)?(?i:avec|with|sources?\s*:|via|d[’']après)\s+(?:l[’'](?:agence )?)?` + agencies + `(?:(?:\s*[,/&]\s*|\s+(?:et|and)\s+)(?:l[’'])?` + agencies + `)*$`)
	agencyAlone = regexp.MustCompile(`^` + agencies + `(?:\s*[,/&]\s*` + agencies + `)*$`)
	pictureBank = regexp.MustCompile(`(?:^|[\s/|,(©-])` + banks + `(?:$|[\s/|,)-])`)
	breakOff    = regexp.MustCompile(`\s*[;|•·]\s*|\.\s+|\s+[–—-]\s+`)
)

// Agencies that papers name under what they took from them, and those whose
// pictures they print.
const (
	agencies = `(?:AFP|AP|Reuters|REUTERS|Bloomberg|BLOOMBERG|DPA|dpa|ANSA|EFE|ATS|Keystone-ATS|Belga|BELGA|TASS|Xinhua|PA Media|Associated Press|The Associated Press|Agence France-Presse|La Presse canadienne|The Canadian Press|AFP Relaxnews|(?i:les |news )?(?i:agences?|agencies))`
	banks    = `(?i:AFP|AP|AP Photo|Reuters|Getty(?: Images)?|Shutterstock|i?Stock(?:photo)?|Unsplash|Pexels|Pixabay|Adobe ?Stock|Alamy|Bloomberg|SIPA|Abaca|EPA|Keystone|Depositphotos|Wikimedia(?: Commons)?|Flickr|ANP|Belga|MaxPPP|Hans Lucas|DR|Freepik|Midjourney|DALL[·-]?E)`
)

// credits reads such a line. who are the people whose words it says the text is.
func credits(line string) (who []string, ok bool) {
	line = bracketed(line)
	if n := utf8.RuneCountInString(line); n < 2 || n > longestCredit || strings.Contains(line, "://") {
		return nil, false
	}
	if fromAgency(line) || agencyAlone.MatchString(line) || contributes(line) || ofPicture(line) {
		return nil, true
	}
	for _, clause := range breakOff.Split(line, -1) {
		clause = strings.Trim(clause, " .,")
		if clause == "" {
			continue
		}
		work := credited.FindStringSubmatch(clause)
		switch {
		case work != nil && onlyNames(clause[len(work[0]):]):
			if ofWords.MatchString(work[1]) && len(who) == 0 {
				who = names(beforePlace.ReplaceAllString(clause[len(work[0]):], ""))
			}
			ok = true
		case contributes(clause), fromAgency(clause):
			ok = true
		default:
			return nil, false
		}
	}
	return who, ok
}

// beforePlace is where a name goes on to tell where its bearer is.
var beforePlace = regexp.MustCompile(`\s+(?:in|at|à|en|for|pour)\s+\p{Lu}[^;]*$`)

// bracketed takes the brackets and stars off a line that stands within them.
func bracketed(s string) string { return strings.Trim(s, " \u00a0()[]*_.") }

// ofPicture is a short line of names that ends or begins with a house of pictures.
func ofPicture(s string) bool {
	s = strings.TrimLeft(s, "©Ⓒ ")
	return utf8.RuneCountInString(s) <= 80 && strings.ContainsAny(s, "/|©") && pictureBank.MatchString(s) && onlyNames(s)
}

// creditsPicture tells of a line that it credits nothing but a picture, as
// those do that stand in the midst of a text.
func creditsPicture(line string) bool {
	line = bracketed(line)
	return ofPicture(line) || photographed.MatchString(line) && onlyNames(photographed.ReplaceAllString(line, ""))
}

var photographed = regexp.MustCompile(`(?i)^(?:(?:top|cover|header|featured?|main|lead|hero|banner) )?(?:photos?|photographs?|photography|photographies?|images?|pictures?|illustrations?|graphics?|infographies?|video|vidéo) (?:(?:credit|crédit|courtesy|copyright) )?(?:by|par|of|de)\s+`)

// fromAgency is "Avec AFP", "La Gazette avec Reuters et l’AFP".
func fromAgency(s string) bool {
	m := withAgency.FindStringSubmatch(s)
	return m != nil && (m[1] == "" || onlyNames(m[1]))
}

// contributes is "Inès Daoud contributed reporting from Brest", or "reported from
// Brest, and Maël Quéré from Caen".
func contributes(s string) bool {
	at := contributed.FindStringIndex(s)
	if at == nil || !onlyNames(s[:at[0]]) {
		return false
	}
	rest := strings.Trim(s[at[1]:], " .")
	return onlyNames(rest) || rest == "" && !strings.HasSuffix(s[:at[1]], "from")
}

// amongNames are the words that may stand among names, and pieces of names that
// hold an apostrophe.
var amongNames = map[string]bool{
	"and": true, "in": true, "at": true, "from": true, "for": true, "with": true, "by": true, "via": true, "on": true, "of": true, "the": true, "staff": true, "agencies": true, "courtesy": true, "s": true,
	"et": true, "à": true, "en": true, "pour": true, "avec": true, "au": true, "aux": true, "par": true, "sur": true, "les": true, "agences": true, "l": true,
}

// onlyNames tells whether a text is a list of names, with places and houses:
// every word begins with a capital or may stand among such.
func onlyNames(s string) bool {
	capitals := 0
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;/|&()[]–—-:©'’", r) }) {
		w = strings.Trim(w, ".\"“”«»")
		first, _ := utf8.DecodeRuneInString(w)
		switch {
		case w == "", amongNames[strings.ToLower(w)], particles[strings.ToLower(w)]:
		case unicode.IsUpper(first), unicode.IsDigit(first), first == '@':
			capitals++
		default:
			return false
		}
	}
	return capitals > 0
}
