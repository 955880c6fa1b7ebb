package render

import (
	"fmt"
	"html/template"
	"strings"
	"unicode/utf8"

	"github.com/Masterminds/sprig/v3"

	"hebdo/internal/locale"
)

// allowed are the functions of sprig that templates may call: pure, bounded,
// and safe for any text. Left out are those that read the machine, the network
// or the clock, those that cut a text in bytes (trunc, substr, abbrev), make
// keys, grow without bound (repeat, indent, seq, regex…), or change a dict in
// place: one made to contain itself overflows the stack, which cannot be
// caught. The test names each of them.
var allowed = strings.Fields(`
	trim trimAll trimSuffix trimPrefix nospace upper lower title untitle contains hasPrefix hasSuffix
	quote squote cat replace toString toStrings join split splitList splitn sortAlpha
	int int64 float64 atoi add1 add sub div mod mul max min maxf minf biggest ceil floor round add1f addf subf divf mulf
	default empty coalesce all any compact ternary kindOf kindIs typeOf typeIs typeIsLike
	tuple list dict get hasKey pluck keys pick omit values append prepend concat
	first rest last initial reverse uniq without has slice chunk dig
`)

// functions are what every template may call; words speak the reader's language.
func functions(words *locale.Words) map[string]any {
	all := sprig.HtmlFuncMap()
	fs := make(map[string]any, len(allowed)+12)
	for _, name := range allowed {
		fs[name] = all[name]
	}
	fs["t"] = words.T
	fs["day"] = words.Date
	fs["shortDay"] = words.ShortDate
	fs["dayTime"] = words.DateTime
	fs["shorten"] = shorten
	return fs
}

// shorten cuts a text to n characters at most, between two words.
func shorten(n int, s string) string {
	if n < 1 || utf8.RuneCountInString(s) <= n {
		return s
	}
	cut := string([]rune(s)[:n])
	if i := strings.LastIndexAny(cut, " \u00a0"); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " \u00a0,;:.–-") + "…"
}

// filler follows the preheader, so that a client shows nothing of the body
// behind it. The combining grapheme joiner alone fails in Yahoo and Apple Mail
// (good-email-code, 2023).
func filler() template.HTML {
	return template.HTML(strings.Repeat("&#8199;&#65279;&#847; ", 80))
}

// conditional lets through the conditional comments that only Outlook reads
// (see protect); html/template would remove them as comments.
func conditional(comment string) (template.HTML, error) {
	if !outlook.MatchString(comment) {
		return "", fmt.Errorf("%q is no conditional comment", comment)
	}
	return template.HTML(comment), nil
}

// textWidth is the line length of plain text in characters (RFC 3676, 4.2
// recommends 72 to 78).
const textWidth = 72

// fill breaks a text into lines.
func fill(s string) string { return item("", s) }

// item breaks a text into lines, the first behind a mark such as "* ", the
// others indented as deep. Words longer than a line stand alone on one.
func item(mark, s string) string {
	indent := strings.Repeat(" ", min(utf8.RuneCountInString(mark), 20))
	var b strings.Builder
	b.WriteString(mark)
	width, start := utf8.RuneCountInString(mark), true
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' }) {
		n := utf8.RuneCountInString(word)
		switch {
		case start:
		case width+1+n > textWidth:
			b.WriteString("\n" + indent)
			width = len(indent)
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width, start = width+n, false
	}
	return b.String()
}

// underline is a row of dashes as long as a heading.
func underline(s string) string {
	return strings.Repeat("-", min(utf8.RuneCountInString(s), textWidth))
}
