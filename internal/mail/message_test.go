package mail_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hebdo/internal/digest"
	hebdomail "hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMessageLooksAsItShould(t *testing.T) {
	plain := letter()
	plain.HTML, plain.Headers, plain.ReplyTo = "", nil, ""
	plain.Subject, plain.Text = "Confirmez votre inscription", "Cliquez :\nhttps://news.example.org/c/abc"
	for name, m := range map[string]digest.Mail{"letter": letter(), "plain": plain} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := hebdomail.Write(m, &got); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".eml")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got.String()); d != "" {
				t.Errorf("-golden +got (write it anew with -update):\n%s", d)
			}
		})
	}
}

func TestForgedHeadersAreRefusedByName(t *testing.T) {
	with := func(change func(*digest.Mail)) digest.Mail {
		m := letter()
		change(&m)
		return m
	}
	header := func(name, value string) digest.Mail {
		return with(func(m *digest.Mail) { m.Headers = []digest.Header{{Name: name, Value: value}} })
	}
	for name, c := range map[string]struct {
		field string
		mail  digest.Mail
	}{
		"LF in the subject":       {"Subject", with(func(m *digest.Mail) { m.Subject = "a\nBcc: x@example.org" })},
		"CR in the subject":       {"Subject", with(func(m *digest.Mail) { m.Subject = "a\rb" })},
		"NUL in the subject":      {"Subject", with(func(m *digest.Mail) { m.Subject = "a\x00b" })},
		"LF in the recipient":     {"To", with(func(m *digest.Mail) { m.To = "a@example.org\nBcc: b@example.org" })},
		"two recipients":          {"To", with(func(m *digest.Mail) { m.To = "a@example.org, b@example.org" })},
		"encoded LF in a name":    {"To", with(func(m *digest.Mail) { m.To = "=?utf-8?q?a=0Ab?= <a@example.org>" })},
		"no recipient":            {"To", with(func(m *digest.Mail) { m.To = "" })},
		"LF in the sender":        {"From", with(func(m *digest.Mail) { m.From = "a@example.org\n" })},
		"CRLF in the reply-to":    {"Reply-To", with(func(m *digest.Mail) { m.ReplyTo = "a@example.org\r\nX: y" })},
		"LF in the return path":   {"EnvelopeFrom", with(func(m *digest.Mail) { m.EnvelopeFrom = "a@example.org>\nRCPT TO:<b@example.org" })},
		"LF in a message-id":      {"Message-ID", with(func(m *digest.Mail) { m.MessageID = "a@b\nX: y" })},
		"message-id without host": {"Message-ID", with(func(m *digest.Mail) { m.MessageID = "abc" })},
		"LF in a header":          {"List-Id", header("List-Id", "a\nb <c.d>")},
		"LF in a header's name":   {`X\nY`, header("X\nY", "z")},
		"a header of its own":     {"Subject", header("Subject", "z")},
		"a second content-type":   {"content-type", header("content-type", "text/html")},
		"no date":                 {"Date", with(func(m *digest.Mail) { m.Date = time.Time{} })},
		"no text":                 {"Text", with(func(m *digest.Mail) { m.Text = "" })},
		"no such domain":          {"To", with(func(m *digest.Mail) { m.To = "a@-.example" })},
	} {
		t.Run(name, func(t *testing.T) {
			_, sender := serve(t, smtptest.Options{}, hebdomail.Options{})
			err := sender.Send(t.Context(), c.mail)
			if !errors.Is(err, digest.ErrUnsendable) || !strings.HasPrefix(err.Error(), c.field+":") {
				t.Errorf("want ErrUnsendable naming %s: %v", c.field, err)
			}
		})
	}
}

func TestAddressesOutsideASCII(t *testing.T) {
	idn := letter()
	idn.To = "Élodie <elodie@Bücher.example>"
	local := letter()
	local.To = "élodie@example.net"
	t.Run("a domain goes in its ASCII form", func(t *testing.T) {
		server, sender := serve(t, smtptest.Options{}, hebdomail.Options{})
		if err := sender.Send(t.Context(), idn); err != nil {
			t.Fatal(err)
		}
		if got := server.Messages()[0]; got.To != "elodie@xn--bcher-kva.example" || got.UTF8 {
			t.Errorf("to %s, SMTPUTF8 %v", got.To, got.UTF8)
		}
	})
	t.Run("a local part goes where SMTPUTF8 is offered", func(t *testing.T) {
		server, sender := serve(t, smtptest.Options{SMTPUTF8: true}, hebdomail.Options{})
		if err := sender.Send(t.Context(), local); err != nil {
			t.Fatal(err)
		}
		if got := server.Messages()[0]; got.To != "élodie@example.net" || !got.UTF8 {
			t.Errorf("to %s, SMTPUTF8 %v", got.To, got.UTF8)
		}
	})
	t.Run("else it is refused, and does not count as a bounce", func(t *testing.T) {
		_, sender := serve(t, smtptest.Options{}, hebdomail.Options{})
		var r digest.Refusal
		if err := sender.Send(t.Context(), local); !errors.As(err, &r) || !r.Permanent || r.Bounces() || r.Connection {
			t.Errorf("%#v (%v)", r, err)
		}
	})
	t.Run("SMTPUTF8 is not asked for where it is not needed", func(t *testing.T) {
		server, sender := serve(t, smtptest.Options{SMTPUTF8: true}, hebdomail.Options{})
		if err := sender.Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
		if server.Messages()[0].UTF8 {
			t.Error("a relay that does not know it would have to bounce this mail")
		}
	})
}

// What was written comes back the same from the standard library's readers,
// whatever a text contains, and keeps to the limits of RFC 5322 and RFC 2045.
func TestEveryMessageReadsBack(t *testing.T) {
	text := rapid.StringOfN(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune(".=\n\r \tÀ–hebdo"))), 1, 300, -1)
	rapid.Check(t, func(t *rapid.T) {
		m := letter()
		m.Text, m.HTML = text.Draw(t, "text"), "<p>"+text.Draw(t, "html")
		m.Subject = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, text.Draw(t, "subject"))
		var raw bytes.Buffer
		if err := hebdomail.Write(m, &raw); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(raw.String(), "\r\n") {
			if strings.ContainsAny(line, "\r\n") || len(line) > 998 {
				t.Fatalf("line %q", line)
			}
			if strings.ContainsFunc(line, func(r rune) bool { return r >= 0x80 }) {
				t.Fatalf("not ASCII: %q", line)
			}
		}
		parsed, err := mail.ReadMessage(&raw)
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Join(strings.Fields(subject), " ") != strings.Join(strings.Fields(strings.ToValidUTF8(m.Subject, "\uFFFD")), " ") {
			t.Fatalf("subject %q became %q", m.Subject, subject)
		}
		_, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		parts := multipart.NewReader(parsed.Body, params["boundary"])
		for _, want := range []string{m.Text, m.HTML} {
			part, err := parts.NextPart()
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(part)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(lines(want), lines(string(got))); d != "" {
				t.Fatal(d)
			}
		}
	})
}

// lines brings every line end to LF, as a mail reader does.
func lines(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
}
