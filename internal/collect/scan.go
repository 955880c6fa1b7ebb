package collect

import (
	"bytes"
	"html"
	"strings"
)

// tokenKind tells the tokens of a document apart.
type tokenKind byte

const (
	tokenEnd   tokenKind = iota // of the document
	tokenOpen                   // a start tag
	tokenClose                  // an end tag
	tokenText                   // character data, or a CDATA section
)

// token is a piece of a document. Its slices are parts of the document.
type token struct {
	kind  tokenKind
	name  []byte // of the element, with its prefix
	attrs []byte // what follows the name in a start tag
	text  []byte
	start int  // where it begins in the document
	plain bool // text of a CDATA section: no references in it
	empty bool // a start tag that ends itself
}

// scanner cuts a document into tokens. It is made for feeds as they are: it
// never fails, copies nothing, and takes what is no markup as text. Comments,
// processing instructions and the document type are passed over. After the
// end, cut tells that the document broke off within a piece of markup.
type scanner struct {
	doc  []byte
	at   int
	cut  bool
	held bool
	back token // to be given again, when held

	declared bool // the document type was seen
}

// unread makes next give t again.
func (s *scanner) unread(t token) { s.back, s.held = t, true }

func (s *scanner) next() token {
	if s.held {
		s.held = false
		return s.back
	}
	for s.at < len(s.doc) {
		if s.doc[s.at] != '<' {
			return s.textUpTo(bytes.IndexByte(s.doc[s.at:], '<'))
		}
		rest := s.doc[s.at:]
		switch {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			end := bytes.Index(rest, []byte("]]>"))
			if end < 0 {
				return s.broken()
			}
			t := token{kind: tokenText, start: s.at, text: rest[9:end], plain: true}
			s.at += end + 3
			return t
		case bytes.HasPrefix(rest, []byte("<!--")):
			s.pass(rest, "-->")
		case bytes.HasPrefix(rest, []byte("<?")):
			s.pass(rest, ">")
		case bytes.HasPrefix(rest, []byte("<!")):
			s.passDeclaration(rest)
		case len(rest) == 1:
			return s.broken()
		case rest[1] == '/':
			end := bytes.IndexByte(rest, '>')
			if end < 0 {
				return s.broken()
			}
			t := token{kind: tokenClose, start: s.at, name: bytes.TrimSpace(rest[2:end])}
			s.at += end + 1
			return t
		case letter(rest[1]):
			if t, ok := s.tag(rest); ok {
				return t
			}
			if s.cut {
				return token{start: len(s.doc)}
			}
			return s.textUpTo(bytes.IndexByte(rest[1:], '<') + 1)
		default:
			return s.textUpTo(bytes.IndexByte(rest[1:], '<') + 1)
		}
	}
	return token{start: len(s.doc)}
}

// textUpTo gives n bytes as text; n ≤ 0: all that is left.
func (s *scanner) textUpTo(n int) token {
	if n <= 0 {
		n = len(s.doc) - s.at
	}
	t := token{kind: tokenText, start: s.at, text: s.doc[s.at : s.at+n]}
	s.at += n
	return t
}

// pass goes on behind the next end mark.
func (s *scanner) pass(rest []byte, mark string) {
	if end := bytes.Index(rest, []byte(mark)); end >= 0 {
		s.at += end + len(mark)
		return
	}
	s.broken()
}

// passDeclaration goes on behind a document type, whose internal subset is in
// brackets and has declarations of its own. There is one at most.
func (s *scanner) passDeclaration(rest []byte) {
	end := bytes.IndexByte(rest, '>')
	if end >= 0 && !s.declared && bytes.IndexByte(rest[:end], '[') >= 0 {
		s.declared = true
		if shut := bytes.IndexByte(rest, ']'); shut >= 0 {
			if end = bytes.IndexByte(rest[shut:], '>'); end >= 0 {
				end += shut
			}
		}
	}
	if end < 0 {
		s.broken()
		return
	}
	s.at += end + 1
}

func (s *scanner) broken() token {
	s.at, s.cut = len(s.doc), true
	return token{start: len(s.doc)}
}

// tag reads a start tag. It is none when another "<" comes before its end,
// outside quotation marks.
func (s *scanner) tag(rest []byte) (token, bool) {
	i := 1
	for i < len(rest) && rest[i] != '>' && rest[i] != '/' && rest[i] > ' ' && rest[i] != '<' {
		i++
	}
	t := token{kind: tokenOpen, start: s.at, name: rest[1:i]}
	for from := i; i < len(rest); i++ {
		switch rest[i] {
		case '"', '\'':
			if end := bytes.IndexByte(rest[i+1:], rest[i]); end >= 0 && rest[i-1] == '=' || end >= 0 && rest[i-1] == ' ' {
				i += end + 1
			}
		case '<':
			return token{}, false
		case '>':
			t.attrs = rest[from:i]
			if n := len(t.attrs); n > 0 && t.attrs[n-1] == '/' {
				t.attrs, t.empty = t.attrs[:n-1], true
			}
			s.at += i + 1
			return t, true
		}
	}
	s.broken()
	return token{}, false
}

func letter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

// attr is the value of an attribute, by its name in lower case; several names
// are tried in turn.
func (t token) attr(names ...string) string {
	for _, want := range names {
		for rest := t.attrs; len(rest) > 0; {
			var name, value []byte
			name, value, rest = cutAttr(rest)
			if len(name) == len(want) && strings.EqualFold(string(name), want) {
				return strings.TrimSpace(unescape(string(value)))
			}
		}
	}
	return ""
}

// cutAttr takes the first attribute off.
func cutAttr(attrs []byte) (name, value, rest []byte) {
	attrs = bytes.TrimLeft(attrs, " \t\r\n/")
	i := 0
	for i < len(attrs) && attrs[i] != '=' && attrs[i] > ' ' {
		i++
	}
	name, rest = attrs[:i], bytes.TrimLeft(attrs[i:], " \t\r\n")
	if len(rest) == 0 || rest[0] != '=' {
		if i == 0 && len(rest) > 0 {
			rest = rest[1:]
		}
		return name, nil, rest
	}
	rest = bytes.TrimLeft(rest[1:], " \t\r\n")
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
		if end := bytes.IndexByte(rest[1:], rest[0]); end >= 0 {
			return name, rest[1 : end+1], rest[end+2:]
		}
		rest = rest[1:]
	}
	end := bytes.IndexAny(rest, " \t\r\n")
	if end < 0 {
		end = len(rest)
	}
	return name, rest[:end], rest[end:]
}

// unescape resolves references that end with a semicolon, once. Others are
// text: "?a=1&copy=2" is an address that was not escaped.
func unescape(s string) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for ; i >= 0; i = strings.IndexByte(s, '&') {
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), 34)], ';')
		ref := "&"
		if end > 1 {
			ref = s[:end+1]
		}
		switch ref {
		case "&":
			b.WriteByte('&')
		case "&lt;":
			b.WriteByte('<')
		case "&gt;":
			b.WriteByte('>')
		case "&amp;":
			b.WriteByte('&')
		case "&quot;":
			b.WriteByte('"')
		default:
			if strings.LastIndexByte(ref, '&') > 0 {
				ref = "&"
			}
			b.WriteString(html.UnescapeString(ref))
		}
		s = s[len(ref):]
	}
	b.WriteString(s)
	return b.String()
}
