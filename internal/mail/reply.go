package mail

import (
	"errors"
	"net/textproto"
	"strconv"
	"strings"
	"unicode"

	"hebdo/internal/digest"
)

// maxReply is how much of a server's words is kept, in bytes.
const maxReply = 500

// refusal reads a server's no; false when the error is none.
func (s *SMTP) refusal(err error, domain string) (digest.Refusal, bool) {
	if err == nil {
		return digest.Refusal{}, false
	}
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return digest.Refusal{}, false
	}
	return readReply(reply.Code, reply.Msg, domain), true
}

// readReply parses the lines of a reply, whose enhanced status code (RFC 2034,
// RFC 3463) stands before the words, on each line or on the first only.
func readReply(code int, text, domain string) digest.Refusal {
	r := digest.Refusal{Permanent: code >= 500 && code < 600, Code: code, Domain: domain, Connection: code == 421}
	var words []string
	for line := range strings.SplitSeq(text, "\n") {
		first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if enhanced(first, code) {
			if r.Enhanced == "" {
				r.Enhanced = first
			}
			line = rest
		}
		words = append(words, strings.FieldsFunc(line, func(c rune) bool {
			return unicode.IsSpace(c) || !unicode.IsPrint(c) || c == unicode.ReplacementChar
		})...)
	}
	r.Text = capped(strings.Join(words, " "), maxReply)
	return r
}

// enhanced tells whether a word is an enhanced status code of the reply's class:
// class "." subject "." detail, one to three digits each.
func enhanced(word string, code int) bool {
	parts := strings.Split(word, ".")
	if len(parts) != 3 || parts[0] != strconv.Itoa(code/100) {
		return false
	}
	for _, p := range parts[1:] {
		if len(p) < 1 || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return true
}

// capped cuts a text to at most limit bytes, between two characters.
func capped(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	const more = "…"
	cut := limit - len(more)
	for cut > 0 && s[cut]&0xC0 == 0x80 {
		cut--
	}
	return s[:cut] + more
}
