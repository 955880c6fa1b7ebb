package digest

import "strings"

// Language is a primary language tag of BCP 47 in lower case: "fr", "en".
// The empty Language means unknown.
type Language string

// The languages in which the interface, the letter and the text analysis exist.
const (
	French  Language = "fr"
	English Language = "en"
)

// ParseLanguage reduces a tag such as "fr-FR" or "EN_us" to its primary
// language; what is not a tag gives the empty Language.
func ParseLanguage(tag string) Language {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	if len(tag) < 2 || len(tag) > 3 {
		return ""
	}
	for _, r := range tag {
		if r < 'a' || r > 'z' {
			return ""
		}
	}
	return Language(tag)
}
