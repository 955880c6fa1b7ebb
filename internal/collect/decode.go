package collect

import (
	"bytes"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// declared finds the encoding in an XML declaration or an HTML meta element.
var declared = regexp.MustCompile(`(?i)(?:<\?xml[^>]{0,100}?\sencoding|<meta[^>]{0,200}?charset)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)`)

// xmlEncoding is the encoding attribute of an XML declaration at the start.
var xmlEncoding = regexp.MustCompile(`^(<\?xml[^>]*?)\s+encoding\s*=\s*(?:"[^"]*"|'[^']*')`)

// decode gives a text document as UTF-8, and takes the name of another encoding
// out of its XML declaration.
func decode(body []byte, contentType string) []byte {
	body = transcode(body, contentType)
	if at := xmlEncoding.FindSubmatchIndex(body[:min(len(body), 300)]); at != nil {
		return slices.Concat(body[:at[3]], body[at[1]:])
	}
	return body
}

// transcode gives a text document as UTF-8. What is valid UTF-8 is taken as such,
// whatever it claims: a wrong claim is more common than text that is valid by
// accident. So is what is UTF-8 for the most part. Else the byte order mark, the
// declaration in the document, the header, and at last windows-1252 decide; what
// claims to be UTF-8 is so wherever it can.
func transcode(body []byte, contentType string) []byte {
	enc := byOrder(body)
	if enc == nil && (!utf8.Valid(body) || bytes.IndexByte(body, 0x1b) >= 0) {
		enc = byName(body, contentType)
		if strays, ok := patched(body, enc == nil); ok {
			return bytes.TrimPrefix(strays, []byte("\ufeff"))
		}
		if enc == nil {
			enc = charmap.Windows1252
		}
	}
	if enc != nil {
		if decoded, err := enc.NewDecoder().Bytes(body); err == nil {
			body = decoded
		}
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\ufffd"))
	}
	return body
}

// patched reads a text that is UTF-8 but for stray bytes, as those get that put
// texts together without a look at their encodings: the strays are taken for
// windows-1252. It is such a text when it names no other encoding (nameless),
// or when there are four characters beyond ASCII for each stray.
func patched(body []byte, nameless bool) ([]byte, bool) {
	strays, whole := 0, 0
	for rest := body; len(rest) > 0; {
		if rest[0] < utf8.RuneSelf {
			rest = rest[1:]
			continue
		}
		r, n := utf8.DecodeRune(rest)
		if rest = rest[n:]; r == utf8.RuneError && n == 1 {
			strays++
		} else {
			whole++
		}
	}
	if strays == 0 || whole < 4*strays && !nameless {
		return nil, false
	}
	out := make([]byte, 0, len(body)+2*strays)
	for rest := body; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(rest[0])
		}
		out = utf8.AppendRune(out, r)
		rest = rest[n:]
	}
	return out, true
}

// byOrder recognises UTF-16 and UTF-32, with a byte order mark or by where the
// zero bytes of the first "<" or "{" stand.
func byOrder(b []byte) encoding.Encoding {
	if len(b) < 4 {
		return nil
	}
	switch {
	case b[0] == 0 && b[1] == 0 && (b[2] == 0xfe && b[3] == 0xff || b[2] == 0 && opens(b[3])),
		b[2] == 0 && b[3] == 0 && (b[0] == 0xff && b[1] == 0xfe || b[1] == 0 && opens(b[0])):
		return wide32(b[0] == 0)
	case b[0] == 0xfe && b[1] == 0xff, b[0] == 0 && opens(b[1]):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case b[0] == 0xff && b[1] == 0xfe, b[1] == 0 && opens(b[0]):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	return nil
}

func opens(c byte) bool { return c == '<' || c == '{' }

// byName looks the encoding up that the document or the header names, nil if
// neither names one but UTF-8.
func byName(body []byte, contentType string) encoding.Encoding {
	var names []string
	if m := declared.FindSubmatch(body[:min(len(body), 2048)]); m != nil {
		names = append(names, string(m[1]))
	}
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		names = append(names, params["charset"])
	}
	for _, name := range names {
		enc, canonical := charset.Lookup(strings.TrimSpace(name))
		if enc != nil && canonical != "utf-8" && canonical != "replacement" && !strings.HasPrefix(canonical, "utf-16") {
			return enc
		}
	}
	return nil
}

// trimJunk drops what stands before the feed: warnings of the program that
// made it. doc is not empty.
func trimJunk(doc []byte) []byte {
	if doc[0] == '{' {
		return doc
	}
	for _, start := range []string{"<?xml", "<!--", "<!DOCTYPE", "<rss", "<feed", "<rdf:RDF", "<RDF", "<urlset", "<sitemapindex"} {
		if bytes.HasPrefix(doc, []byte(start)) {
			return doc
		}
	}
	for _, start := range []string{"<?xml", "<rss", "<feed", "<rdf:RDF", "<RDF"} {
		if i := bytes.Index(doc, []byte(start)); i >= 0 {
			return doc[i:]
		}
	}
	return doc
}

// isHTML tells a web page from a feed.
func isHTML(doc []byte) bool {
	head := bytes.ToLower(doc[:min(len(doc), 1024)])
	for _, root := range []string{"<rss", "<feed", "<rdf", "<atom:feed", "<channel", "<urlset", "<sitemapindex"} {
		if bytes.Contains(head, []byte(root)) {
			return false
		}
	}
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<html"))
}

// wide32 is UTF-32, which browsers dropped and some old feeds still use.
func wide32(bigEndian bool) encoding.Encoding {
	if bigEndian {
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	}
	return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
}
