package mail_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

func TestTLSAndLogin(t *testing.T) {
	for name, c := range map[string]struct {
		server smtptest.Options
		client mail.Options
	}{
		"STARTTLS and a password": {
			smtptest.Options{STARTTLS: true, Username: "hebdo", Password: "secret-word"},
			mail.Options{TLS: "starttls", Username: "hebdo", Password: "secret-word"},
		},
		"TLS from the first byte": {
			smtptest.Options{TLS: true, Username: "hebdo", Password: "secret-word"},
			mail.Options{TLS: "tls", Username: "hebdo", Password: "secret-word"},
		},
		"a password to this machine": {
			smtptest.Options{Username: "hebdo", Password: "secret-word"},
			mail.Options{TLS: "none", Username: "hebdo", Password: "secret-word"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, sender := serve(t, c.server, c.client)
			if err := sender.Send(t.Context(), letter()); err != nil {
				t.Fatal(err)
			}
			got := server.Messages()[0]
			if got.TLS != (c.client.TLS != "none") || got.User != "hebdo" {
				t.Errorf("TLS %v, user %q", got.TLS, got.User)
			}
		})
	}
}

func TestWrongPasswordIsRefusedAndNeverRepeated(t *testing.T) {
	const wrong = "wrong-secret"
	var log bytes.Buffer
	server, sender := serve(t, smtptest.Options{STARTTLS: true, Username: "hebdo", Password: "right"},
		mail.Options{TLS: "starttls", Username: "hebdo", Password: wrong, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	err := sender.Send(t.Context(), letter())
	var r digest.Refusal
	if !errors.As(err, &r) || r.Code != 535 || !r.Connection || !r.Permanent {
		t.Errorf("want 535 as a refusal of the session: %#v (%v)", r, err)
	}
	for _, secret := range []string{wrong, base64.StdEncoding.EncodeToString([]byte("\x00hebdo\x00" + wrong))} {
		if strings.Contains(err.Error()+log.String(), secret) {
			t.Errorf("the password got out: %v %s", err, log.String())
		}
	}
	if n := len(server.Messages()); n != 0 {
		t.Errorf("%d messages", n)
	}
}

func TestServerThatRepeatsThePasswordDoesNotGetItIntoAnError(t *testing.T) {
	const pass = "s3cret-word"
	server, sender := serve(t, smtptest.Options{}, mail.Options{Username: "hebdo", Password: pass})
	server.Answer(smtptest.Answer{At: smtptest.Connect, Code: 554, Text: "you said " + pass})
	if err := sender.Send(t.Context(), letter()); err == nil || strings.Contains(err.Error(), pass) {
		t.Errorf("%v", err)
	}
}

func TestSTARTTLSIsNeverLeftOut(t *testing.T) {
	server, sender := serve(t, smtptest.Options{}, mail.Options{TLS: "starttls"})
	err := sender.Send(t.Context(), letter())
	if !errors.Is(err, digest.ErrUnreachable) {
		t.Errorf("the server offers no STARTTLS, so nothing may be sent: %v", err)
	}
	if n := len(server.Messages()); n != 0 {
		t.Errorf("%d messages went in clear", n)
	}
}

func TestUnknownCertificateIsRefused(t *testing.T) {
	server, err := smtptest.Start(smtptest.Options{STARTTLS: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	sender, err := mail.New(mail.Options{Host: server.Host(), Port: server.Port(), TLS: "starttls"})
	if err != nil {
		t.Fatal(err)
	}
	defer sender.Close()
	if err := sender.Send(t.Context(), letter()); !errors.Is(err, digest.ErrUnreachable) {
		t.Errorf("want a refusal of the certificate: %v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for want, o := range map[string]mail.Options{
		"smtp.host":     {},
		"smtp.tls":      {Host: "mail.example.org", TLS: "maybe"},
		"smtp.port":     {Host: "mail.example.org", Port: 70000},
		"over TLS only": {Host: "mail.example.org", TLS: "none", Username: "u", Password: "p"},
	} {
		if _, err := mail.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that names %q: %v", want, err)
		}
	}
	if _, err := mail.New(mail.Options{Host: "127.0.0.1", TLS: "none", Username: "u", Password: "p"}); err != nil {
		t.Errorf("this machine may be told a password without TLS: %v", err)
	}
}
