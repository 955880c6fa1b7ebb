package mail

import (
	"bytes"
	"crypto"
	"crypto/sha256"

	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"pgregory.net/rapid"

	"hebdo/internal/digest"
)

const domain = "news.example.org"

// testKeys are one of each kind, written and read back.
func testKeys(t testing.TB) (keys []Key) {
	t.Helper()
	for _, kind := range []string{"rsa", "ed25519"} {
		_, text, err := NewKey(kind)
		if err != nil {
			t.Fatal(err)
		}
		private, err := ParseKey(text)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, Key{Domain: domain, Selector: kind, Private: private})
	}
	return keys
}

// records answers as DNS would.
func records(t failer, keys []Key) func(string) ([]string, error) {
	return func(name string) ([]string, error) {
		for _, k := range keys {
			if name == k.Selector+"._domainkey."+k.Domain {
				record, err := k.Record()
				if err != nil {
					t.Fatal(err)
				}
				return []string{record}, nil
			}
		}
		return nil, nil
	}
}

func verified(t failer, raw []byte, keys []Key) {
	t.Helper()
	all, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: records(t, keys)})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(keys) {
		t.Fatalf("%d signatures, want %d\n%s", len(all), len(keys), raw)
	}
	for _, v := range all {
		if v.Err != nil || v.Domain != domain {
			t.Fatalf("%+v: %v\n%s", v, v.Err, raw)
		}
		covered := strings.ToLower(strings.Join(v.HeaderKeys, " "))
		for _, name := range []string{"from", "to", "subject", "date", "message-id", "mime-version", "content-type", "reply-to",
			"list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id"} {
			if !strings.Contains(" "+covered+" ", " "+name+" ") {
				t.Fatalf("%s is not signed", name)
			}
		}
	}
}

func signing(t testing.TB, keys ...Key) *SMTP {
	t.Helper()
	s, err := New(Options{Host: "127.0.0.1", TLS: "none", Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Another implementation of RFC 6376 finds every signature good, whatever
// white space, dots and empty lines a letter has, single or spliced.
func TestSignaturesVerifyElsewhere(t *testing.T) {
	keys := testKeys(t)
	s := signing(t, keys...)
	piece := rapid.StringOfN(rapid.RuneFrom([]rune(".=\n\n\r \t  <&À–hebdo")), 1, 200, -1)
	rapid.Check(t, func(t *rapid.T) {
		m := digest.Mail{
			From: "Léa <lettre@news.example.org>", To: "x@example.net", ReplyTo: rapid.SampledFrom([]string{"", "a@example.org"}).Draw(t, "reply"),
			Subject: "Sujet  " + strings.Map(func(r rune) rune {
				if control(string(r)) {
					return -1
				}
				return r
			}, piece.Draw(t, "subject")),
			Text: text(piece.Draw(t, "text") + marks[0] + piece.Draw(t, "end")), HTML: text(piece.Draw(t, "html") + marks[1] + piece.Draw(t, "end")),
			Headers: []digest.Header{{Name: "List-Unsubscribe", Value: "<" + marks[0] + ">, <mailto:unsub+" + marks[2] + "@news.example.org>"}},
		}
		if rapid.Bool().Draw(t, "plain") {
			m.HTML = ""
		}
		c := digest.Copy{Name: "Ré  Ader", Address: "reader@example.net", MessageID: "a.b@news.example.org", Date: time.Unix(1.8e9, 0),
			Values: []string{"https://news.example.org/u/x", ".  preferences =", "token"}}
		p, err := newPlate(m, marks)
		if err != nil {
			t.Fatal(err)
		}
		verified(t, unstuffed(t, slices.Concat(printed(t, s, p, c).wire...)), keys)
		var raw bytes.Buffer
		if err := Write(m.For(c, marks), &raw); err != nil {
			t.Fatal(err)
		}
		single, err := s.withSignatures(raw.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		verified(t, single, keys)
		again, _ := s.withSignatures(raw.Bytes())
		if !bytes.Equal(single, again) {
			t.Fatal("the same mail was signed differently")
		}
	})
}

func TestEveryChangeOnTheWayBreaksTheSignature(t *testing.T) {
	keys := testKeys(t)
	m := sample()
	var raw bytes.Buffer
	if err := Write(m, &raw); err != nil {
		t.Fatal(err)
	}
	mail, err := signing(t, keys...).withSignatures(raw.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	verified(t, mail, keys)
	for what, change := range map[string][2]string{
		"another link":             {"/u/T", "/u/S"},
		"a header's value":         {"List-Unsubscribe-Post: List-Unsubscribe=One-Click", "List-Unsubscribe-Post: List-Unsubscribe=No"},
		"a header gone":            {"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", ""},
		"a second subject":         {"Date: ", "Subject: Buy\r\nDate: "},
		"a second sender":          {"Date: ", "From: other@example.org\r\nDate: "},
		"a reply-to where was one": {"Date: ", "Reply-To: other@example.org\r\nDate: "},
		"a word in the body":       {"Bonjour", "Bonsoir"},
	} {
		t.Run(what, func(t *testing.T) {
			changed := bytes.Replace(mail, []byte(change[0]), []byte(change[1]), 1)
			if bytes.Equal(changed, mail) {
				t.Fatal("nothing changed")
			}
			all, err := dkim.VerifyWithOptions(bytes.NewReader(changed), &dkim.VerifyOptions{LookupTXT: records(t, keys)})
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range all {
				if v.Err == nil {
					t.Errorf("%s still verifies", v.Identifier)
				}
			}
		})
	}
}

func sample() digest.Mail {
	return digest.Mail{
		From: "La Semaine IA <lettre@news.example.org>", To: "reader@example.net", ReplyTo: "redaction@example.org",
		Subject: "Ce qui a compté", Text: "Bonjour\n" + strings.Repeat("Une phrase à peu près de la longueur d’une ligne de texte.\n", 120),
		HTML:      "<html>" + strings.Repeat("<p>Une phrase à peu près de la longueur d’une ligne de code.</p>\n", 600),
		MessageID: "a@news.example.org", Date: time.Unix(1.8e9, 0).UTC(),
		Headers: []digest.Header{
			{Name: "List-Unsubscribe", Value: "<https://news.example.org/u/T>"},
			{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"},
		},
	}
}

func TestKeysThatCannotSignAreRefused(t *testing.T) {
	keys := testKeys(t)
	for name, k := range map[string]Key{
		"no key":       {Domain: domain, Selector: "s"},
		"no domain":    {Selector: "s", Private: keys[0].Private},
		"no selector":  {Domain: domain, Private: keys[0].Private},
		"a line break": {Domain: domain, Selector: "s\r\nX: y", Private: keys[1].Private},
	} {
		if _, err := New(Options{Host: "127.0.0.1", TLS: "none", Keys: []Key{k}}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// BenchmarkSign is what a signature costs beside the bare operation on the hash.
// To compare: RSA-2048 with 1.25 times the bare one, Ed25519 with 150 µs more
// than unsigned.
//
//	go test ./internal/mail -run '^$' -bench Sign
func BenchmarkSign(b *testing.B) {
	keys := testKeys(b)
	sum := sha256.Sum256([]byte("x"))
	m := sample()
	p, err := newPlate(m, nil)
	if err != nil {
		b.Fatal(err)
	}
	c := digest.Copy{Address: m.To, MessageID: m.MessageID, Date: m.Date}
	to, err := bare("To", c.Address)
	if err != nil {
		b.Fatal(err)
	}
	print := func(keys ...Key) func(*testing.B) {
		s, sh := signing(b, keys...), new(sheet)
		return func(b *testing.B) {
			for b.Loop() {
				if err := s.compose(sh, p, c, to); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.Run("bare RSA", func(b *testing.B) {
		for b.Loop() {
			_, _ = keys[0].Private.Sign(nil, sum[:], crypto.SHA256)
		}
	})
	b.Run("unsigned", print())
	b.Run("RSA", print(keys[0]))
	b.Run("Ed25519", print(keys[1]))
	b.Run("both", print(keys...))

}
