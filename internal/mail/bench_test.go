package mail_test

import (
	"io"
	"strings"
	"testing"

	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

// BenchmarkLetter writes and sends a letter of the usual size, 40 kB of HTML and
// 7.5 kB of text, encoded anew each time: what an edition spares. Compare ns/op
// before and after a change.
//
//	go test ./internal/mail -run '^$' -bench Letter
func BenchmarkLetter(b *testing.B) {
	m := letter()
	m.HTML = strings.Repeat("<p>Une phrase à peu près de la longueur d’une ligne de code.</p>\n", 600)
	m.Text = strings.Repeat("Une phrase à peu près de la longueur d’une ligne de texte.\n", 120)
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			if err := mail.Write(m, io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("send", func(b *testing.B) {
		server, err := smtptest.Start(smtptest.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer server.Close()
		s, err := mail.New(mail.Options{Host: server.Host(), Port: server.Port(), TLS: "none"})
		if err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		for b.Loop() {
			if err := s.Send(b.Context(), m); err != nil {
				b.Fatal(err)
			}
		}
	})
}
