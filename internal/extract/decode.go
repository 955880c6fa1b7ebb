package extract

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/charmap"
)

// declared finds a page's own word on its encoding, however late it comes.
var declared = regexp.MustCompile(`(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_:.-]{2,40})|<\?xml[^>]{0,100}encoding\s*=\s*["']([a-z0-9_:.-]{2,40})`)

// decode gives a document in UTF-8. A byte order mark decides; else bytes
// beyond ASCII that are valid UTF-8 are UTF-8, whatever is declared, because
// no other encoding yields them by chance; else the header, the page's own
// declaration, and windows-1252, which stands for ISO-8859-1 as in browsers
// (WHATWG Encoding, 4.2).
func decode(body []byte, contentType string) string {
	if enc, _, certain := charset.DetermineEncoding(head(body, 3), ""); certain && bom(body) {
		out, _ := enc.NewDecoder().Bytes(body)
		return strings.TrimPrefix(string(out), "\ufeff")
	}
	valid := utf8.Valid(body)
	ascii := valid && bytes.IndexFunc(body, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
	if valid && !ascii {
		return string(body)
	}
	label := ""
	if _, after, ok := strings.Cut(strings.ToLower(contentType), "charset="); ok {
		label = strings.Trim(strings.TrimSpace(strings.SplitN(after, ";", 2)[0]), `"'`)
	}
	if enc, _ := charset.Lookup(label); enc == nil {
		if m := declared.FindSubmatch(head(body, 8192)); m != nil {
			label = string(m[1]) + string(m[2])
		}
	}
	enc, name := charset.Lookup(label)
	switch {
	case name == "utf-8" && !valid && mostlyUTF8(body):
		return strings.ToValidUTF8(string(body), "\ufffd")
	case enc == nil || name == "utf-8" || name == "utf-16le" || name == "utf-16be" || name == "replacement":
		if valid {
			return string(body)
		}
		enc = charmap.Windows1252
	}
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return strings.ToValidUTF8(string(body), "\ufffd")
	}
	return string(out)
}

func bom(b []byte) bool {
	return bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) || bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff"))
}

func head(b []byte, n int) []byte { return b[:min(n, len(b))] }

// mostlyUTF8 tells a page with a few broken characters from one in another
// encoding that calls itself UTF-8.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return good > bad
}
