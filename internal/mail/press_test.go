package mail

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hebdo/internal/digest"
)

var marks = []string{digest.MarkUnsubscribe, digest.MarkPreferences, "name.invalid"}

// failer is a test of the testing package or of rapid.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// opened is what a reader's program makes of a message.
type opened struct {
	Header map[string]string
	Parts  []string
}

func openMail(t failer, raw []byte) opened {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	o := opened{Header: map[string]string{}}
	for name, values := range m.Header {
		words, err := new(mime.WordDecoder).DecodeHeader(strings.Join(values, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		o.Header[name] = strings.Join(strings.Fields(words), " ")
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	o.Header["Content-Type"] = kind
	read := func(r io.Reader) string {
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if kind != "multipart/alternative" {
		o.Parts = append(o.Parts, read(quotedprintable.NewReader(m.Body)))
		return o
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return o
		}
		if err != nil {
			t.Fatal(err)
		}
		o.Parts = append(o.Parts, p.Header.Get("Content-Type")+"; "+p.Header.Get("Content-Transfer-Encoding"), read(quotedprintable.NewReader(p)))
	}
}

// unstuffed undoes what appendStuffed did and takes the final dot away.
func unstuffed(t failer, wire []byte) []byte {
	t.Helper()
	wire, ok := bytes.CutSuffix(wire, []byte("\r\n.\r\n"))
	if !ok || bytes.Contains(wire, []byte("\r\n.\r\n")) || bytes.HasPrefix(wire, []byte(".\r\n")) {
		t.Fatalf("the data ends before its end:\n%s", wire)
	}
	var out []byte
	for line := range bytes.Lines(append(bytes.Clone(wire), "\r\n"...)) {
		if !bytes.HasSuffix(line, []byte("\r\n")) || bytes.ContainsAny(line[:len(line)-2], "\r\n\x00") {
			t.Fatalf("line %q", line)
		}
		out = append(out, bytes.TrimPrefix(line, []byte("."))...)
	}
	return out
}

func checkLines(t failer, raw []byte) {
	t.Helper()
	_, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	for line := range bytes.Lines(raw) {
		if len(line) > 998+2 || !ascii(string(line)) {
			t.Fatalf("line of %d bytes: %q", len(line), line)
		}
	}
	for line := range bytes.Lines(body) {
		if len(line) > 76+2 {
			t.Fatalf("encoded line of %d bytes: %q", len(line)-2, line)
		}
	}
}

// printed is a copy as it goes over the wire.
func printed(t failer, s *SMTP, p *plate, c digest.Copy) *sheet {
	t.Helper()
	if err := p.check(c); err != nil {
		t.Fatal(err)
	}
	to, err := bare("To", c.Address)
	if err != nil {
		t.Fatal(err)
	}
	to.Name = c.Name
	sh := new(sheet)
	if err := s.compose(sh, p, c, to); err != nil {
		t.Fatal(err)
	}
	return sh
}

// Whatever a letter, a name and a link contain: the copy that was spliced says
// the same as the mail that go-mail's own writer makes of it.
func TestEverySplicedCopyIsTheMailGoMailWouldWrite(t *testing.T) {
	piece := rapid.StringOfN(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune(".=\n\n\r \t<&À–hebdo"))), 0, 160, -1)
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abc.XYZ019 =_-/?&:ÀÉ–.\"'<>")), 1, 120, -1)
	asciiWord := rapid.StringMatching(`[.a-zA-Z0-9=_/?:-]{1,120}`)
	full := func(t *rapid.T, name string, parts *[]digest.Part) string {
		var b strings.Builder
		b.WriteString(map[string]string{"text": "T", "html": "<p>"}[name])
		for range rapid.IntRange(0, 5).Draw(t, name+" marks") {
			theme := rapid.SampledFrom([]string{"", "models", "hé(1)", "models hé(1)", digest.Instead + "models hé(1)"}).Draw(t, name+" theme")
			if theme != "" {
				b.WriteString("\n")
			}
			from := b.Len()
			b.WriteString(text(piece.Draw(t, name))) // a lone CR before an empty value and an LF would pass for one line end
			b.WriteString(rapid.SampledFrom(append(marks, ".", "\n.\n", strings.Repeat("x", 74)+".")).Draw(t, name+" mark"))
			if theme != "" {
				b.WriteString("\n")
				*parts = append(*parts, digest.Part{Theme: theme, HTML: name == "html", From: from, To: b.Len()})
			}
		}
		b.WriteString(text(piece.Draw(t, name)))
		return b.String()
	}
	rapid.Check(t, func(t *rapid.T) {
		m := digest.Mail{
			From: "Léa <lettre@news.example.org>", ReplyTo: "a@example.org", Language: "fr",
			Subject: "Sujet " + strings.Map(func(r rune) rune {
				if control(string(r)) {
					return -1
				}
				return r
			}, piece.Draw(t, "subject")),
			Headers: []digest.Header{
				{Name: "List-Id", Value: "La Semaine générative <hebdo-fr.news.example.org>"},
				{Name: "List-Unsubscribe", Value: "<" + marks[0] + ">, <mailto:unsub+" + marks[2] + "@news.example.org?subject=unsubscribe>"},
			},
		}
		c := digest.Copy{
			Name: strings.Join(strings.Fields(word.Draw(t, "name")), " "), Address: "reader@example.net",
			MessageID: "a.b@news.example.org", Date: time.Date(2026, 11, 23, 6, 0, 0, 0, time.FixedZone("CET", 3600)),
			Without: rapid.SampledFrom([][]string{nil, {"models"}, {"models", "hé(1)"}, {"unknown"}}).Draw(t, "without"),
			Values:  []string{"https://news.example.org/u/" + asciiWord.Draw(t, "unsubscribe"), word.Draw(t, "preferences"), asciiWord.Draw(t, "token")},
		}
		m.Text = full(t, "text", &m.Parts)
		if !rapid.Bool().Draw(t, "plain") {
			m.HTML = full(t, "html", &m.Parts)
		}
		if rapid.Bool().Draw(t, "encoded") {
			m.Encoded = Encode(m, marks)
		}
		p, err := newPlate(m, marks)
		if err != nil {
			t.Fatal(err)
		}
		sh := printed(t, &SMTP{}, p, c)
		got := unstuffed(t, slices.Concat(sh.wire...))
		if sh.size != len(got) {
			t.Fatalf("SIZE=%d, the message has %d", sh.size, len(got))
		}
		checkLines(t, got)
		var want bytes.Buffer
		if err := Write(m.For(c, marks), &want); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(openMail(t, want.Bytes()), openMail(t, got)); d != "" {
			t.Fatalf("-written +spliced:\n%s\n%s", d, got)
		}
	})
}

// sameBody tells whether two bodies give the same copies.
func sameBody(a, b []segment) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i].raw, b[i].raw) || a[i].hole != b[i].hole || a[i].end != b[i].end || a[i].html != b[i].html || a[i].theme != b[i].theme {
			return false
		}
	}
	return true
}

// What an approval stored gives the very copies that encoding at the last
// moment gives; of another mail, or changed by a byte, it is not used.
func TestAnEncodedBodyIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.OneOf(rapid.String(), rapid.SampledFrom(marks), rapid.SampledFrom([]string{".", "\n.", "\n=:0h.\n", "=", "é\n", strings.Repeat("x", 80)}))
		m := digest.Mail{Subject: rapid.String().Draw(t, "subject"), Text: strings.Join(rapid.SliceOf(part).Draw(t, "text"), ""),
			HTML: strings.Join(rapid.SliceOf(part).Draw(t, "html"), "")}
		for from := 0; rapid.Bool().Draw(t, "another part"); {
			n := strings.IndexByte(m.Text[from:], '\n') + 1
			m.Parts = append(m.Parts, digest.Part{Theme: rapid.SampledFrom([]string{"models", "hé\n=)", "models law", digest.Instead + "models law"}).Draw(t, "theme"), From: from, To: from + n})
			from += n
		}
		want := bodyOf(m, boundaryOf(m), marks)
		m.Encoded = Encode(m, marks)
		got, ok := decode(m, marks)
		if !ok || !sameBody(got, want) {
			t.Fatalf("read back (%t): %+v, not %+v", ok, got, want)
		}
		if !ascii(m.Encoded) || strings.Contains(m.Encoded, "\x00") {
			t.Fatalf("%q is not ASCII", m.Encoded)
		}
		at := rapid.IntRange(0, len(m.Encoded)-1).Draw(t, "at")
		other := m
		other.Encoded = m.Encoded[:at] + string(m.Encoded[at]^1) + m.Encoded[at+1:]
		if _, ok := decode(other, marks); ok {
			t.Fatalf("a byte at %d was changed", at)
		}
		other = m
		other.Text += "!"
		if _, ok := decode(other, marks); ok {
			t.Fatal("it was taken for another mail's")
		}
	})
}
