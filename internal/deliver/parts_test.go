package deliver_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/google/go-cmp/cmp"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

// told is a letter of two themes, each with a line in the contents, over which a
// heading stands.
func told() digest.Letter {
	l := digest.Letter{Variant: digest.Variant{Language: digest.French, Length: digest.Full}, Subject: "Deux thèmes", Preheader: "…"}
	write := func(s *string, html bool, theme, text string) {
		if theme != "" {
			l.Parts = append(l.Parts, digest.Part{Theme: theme, HTML: html, From: len(*s), To: len(*s) + len(text)})
		}
		*s += text
	}
	for _, html := range []bool{true, false} {
		s := &l.Text
		if html {
			s = &l.HTML
		}
		write(s, html, "", "En tête.\n")
		write(s, html, digest.Instead+"models law", "Rien.\n")
		write(s, html, "models law", "Au sommaire\n")
		write(s, html, "models", "Au sommaire : modèles.\n")
		write(s, html, "law", "Au sommaire : droit.\n")
		write(s, html, "", "Et voici :\n")
		write(s, html, "models", "Un modèle ouvert. "+strings.Repeat("Il est grand. ", 20)+"\n.\n")
		write(s, html, "law", "Une loi.\n.com et une ligne qui commence par un point\n")
		write(s, html, "", "Partir : "+digest.MarkUnsubscribe+"\n")
	}
	return l
}

// Readers who leave a theme out get nothing of it in either form of the letter,
// nor a heading over nothing where they leave out all, and what they get is
// signed as it arrives. Whether the letter was encoded at its approval or is when
// it is sent makes no difference.
func TestReadersLeaveThemesOut(t *testing.T) {
	private, _, err := mail.NewKey("ed25519")
	if err != nil {
		t.Fatal(err)
	}
	key := mail.Key{Domain: "news.example.org", Selector: "s", Private: private}
	record, err := key.Record()
	if err != nil {
		t.Fatal(err)
	}
	server, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	sender, err := mail.New(mail.Options{Host: server.Host(), Port: server.Port(), TLS: "none", Keys: []mail.Key{key}})
	if err != nil {
		t.Fatal(err)
	}
	defer sender.Close()
	clk := newClock()
	l := told()
	wants := []string{"", "models", "models law", "sports"}
	for _, stored := range []bool{true, false} {
		ledger := readers(len(wants), clk.now)
		for i, without := range wants {
			ledger.rows[i].Without = without
		}
		c := deliver.New(ledger, nil, sender, sharedLinks, deliver.Options{Node: "node", Now: clk.now})
		edition := c.Edition(issueID, l)
		if !stored {
			edition.Encoded = ""
		}
		c = deliver.New(ledger, shelf{edition}, sender, sharedLinks, deliver.Options{Node: "node", Now: clk.now})
		before := len(server.Messages())
		if report, err := c.Drain(t.Context(), issue, newsletter); err != nil || report.Sent != len(wants) {
			t.Fatalf("%+v, %v", report, err)
		}
		for _, m := range server.Messages()[before:] {
			i := map[string]int{address(0): 0, address(1): 1, address(2): 2, address(3): 3}[m.To]
			text, html := bodies(t, m.Data)
			for form, got := range map[string]string{"text": text, "html": html} {
				want := []string{"En tête.", "Rien.", "Au sommaire", "Au sommaire : modèles.", "Au sommaire : droit.", "Et voici :", "Un modèle ouvert. " + strings.TrimSuffix(strings.Repeat("Il est grand. ", 20), " ") + " ", ".", "Une loi.",
					".com et une ligne qui commence par un point"}
				var kept []string
				for at, line := range want {
					theme := map[int]string{3: "models", 4: "law", 6: "models", 7: "models", 8: "law", 9: "law"}[at]
					gets := theme == "" || !strings.Contains(" "+wants[i]+" ", " "+theme+" ")
					if at == 1 || at == 2 {
						gets = (wants[i] == "models law") == (at == 1)
					}
					if gets {
						kept = append(kept, line)
					}
				}
				if d := cmp.Diff(kept, strings.Split(got, "\n")[:len(kept)]); d != "" || !strings.HasPrefix(strings.Split(got, "\n")[len(kept)], "Partir : https://news.example.org/u/") {
					t.Errorf("stored %t, %s without %q:\n%s\n%s", stored, form, wants[i], d, got)
				}
			}
			verified, err := dkim.VerifyWithOptions(bytes.NewReader(m.Data), &dkim.VerifyOptions{LookupTXT: func(string) ([]string, error) { return []string{record}, nil }})
			if err != nil || len(verified) != 1 || verified[0].Err != nil {
				t.Errorf("without %q: the signature: %v %v", wants[i], err, verified)
			}
		}
	}
}

// An issue that an earlier version approved is sent: the hash that it stored is
// still that of the letter.
func TestAnEditionThatWasApprovedEarlierIsStillValid(t *testing.T) {
	l := digest.Letter{Variant: digest.Variant{Language: digest.French, Length: digest.Short}, Subject: "S", Preheader: "P", HTML: "<p>\nx\n", Text: "a\nb\n",
		Parts: []digest.Part{{Theme: "models", HTML: true, From: 4, To: 6}, {Theme: "law", From: 2, To: 4}}}
	if got, want := deliver.Hash(l), "701acc8216e6aff90946872d4775ce385d95c2e5475fd8793649f5b2e778ac7c"; got != want {
		t.Errorf("%s, stored was %s", got, want)
	}
}

// bodies are the text and the HTML of a mail as it arrived.
func bodies(t *testing.T, raw []byte) (text, html string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	all := multipart.NewReader(m.Body, parameters["boundary"])
	for _, form := range []*string{&text, &html} {
		p, err := all.NextPart() // which decodes quoted-printable
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		*form = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
	return text, html
}
