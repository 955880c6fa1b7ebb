package digest

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// An IP address is matched as a whole, so that no three of its numbers are taken for a code.
	anEnhanced = regexp.MustCompile(`\b(?:\w*\d\.\d+\.\d+\.\d[\w.]*|([245])\.(\d{1,3})\.(\d{1,3}))\b`)
	aReply     = regexp.MustCompile(`(?:^|[^\d.])([45]\d\d)(?:[ -]|$)`)
)

// ReadRefusal puts together what a report's Status and the server's own words say.
// A server's own code says more than the generic x.0.0 that a relay makes of
// it, and than the x.4.7 or the like of a message that waited too long.
func ReadRefusal(status, diagnostic string) Refusal {
	if kind, words, ok := strings.Cut(diagnostic, ";"); ok && !strings.Contains(kind, " ") {
		diagnostic = words
	}
	diagnostic = strings.Join(strings.Fields(diagnostic), " ")
	r := Refusal{Text: Clip(diagnostic)}
	if c := aReply.FindStringSubmatch(diagnostic); c != nil {
		r.Code, _ = strconv.Atoi(c[1])
	}
	r.Enhanced = EnhancedCode(status)
	if own := EnhancedCode(diagnostic); own != "" && (r.Enhanced == "" || own[0] == r.Enhanced[0]) {
		if r.Enhanced == "" || strings.HasPrefix(r.Enhanced[1:], ".0.") || strings.HasPrefix(own, r.Enhanced[:3]) || r.Enhanced[2:] == "1.0" {
			r.Enhanced = own
		} else if strings.HasPrefix(own[1:], ".7.") {
			r.Enhanced = own // a policy that a relay reports as something else stays one
		}
	}
	switch {
	case r.Enhanced != "":
		r.Permanent = r.Enhanced[0] == '5'
	case strings.HasPrefix(strings.TrimSpace(status), "4"):
	case r.Code > 0:
		r.Permanent = r.Code >= 500
	default:
		r.Permanent = true // it says "failed" and no more
	}
	switch {
	case r.Code == 0 && r.Permanent:
		r.Code = 550
	case r.Code == 0:
		r.Code = 451
	}
	return r
}

// EnhancedCode is the first enhanced code in a text that says something; a bare class
// ("5.0.0") says nothing.
func EnhancedCode(text string) string {
	for _, c := range anEnhanced.FindAllStringSubmatch(text, 100) {
		if c[1] != "" && c[1] != "2" && (c[2] != "0" || c[3] != "0") {
			return c[1] + "." + c[2] + "." + c[3]
		}
	}
	return ""
}

// Clip keeps of a server's words what the ledger has room for.
func Clip(s string) string {
	const most = 500
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// ReplyCode tells whether a line holds a server's 4xx or 5xx.
func ReplyCode(line string) bool { return aReply.MatchString(line) }
