package mail

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// login authenticates by the first mechanism of a fixed list that the server
// offers (RFC 4954). Without TLS it speaks to this machine only.
type login struct {
	opt    Options
	chosen smtp.Auth
}

// Start implements smtp.Auth.
func (l *login) Start(server *smtp.ServerInfo) (string, []byte, error) {
	if !server.TLS && !loopback(l.opt.Host) {
		return "", nil, errors.New("a password is sent over TLS only: set smtp.tls to starttls or tls")
	}
	offers := func(mechanism string) bool {
		return slices.ContainsFunc(server.Auth, func(s string) bool { return strings.EqualFold(s, mechanism) })
	}
	user, pass, host := l.opt.Username, l.opt.Password, l.opt.Host
	switch {
	case offers("PLAIN"):
		l.chosen = smtp.PlainAuth("", user, pass, host, true)
	case offers("LOGIN"):
		l.chosen = smtp.LoginAuth(user, pass, host, true)
	case offers("SCRAM-SHA-256"):
		l.chosen = smtp.ScramSHA256Auth(user, pass)
	case offers("SCRAM-SHA-1"):
		l.chosen = smtp.ScramSHA1Auth(user, pass)
	case offers("CRAM-MD5"):
		l.chosen = smtp.CRAMMD5Auth(user, pass)
	default:
		return "", nil, fmt.Errorf("the server offers no way to log in that is known here (it offers: %s)",
			strings.Join(server.Auth, " "))
	}
	return l.chosen.Start(server)
}

// Next implements smtp.Auth.
func (l *login) Next(challenge []byte, more bool) ([]byte, error) {
	return l.chosen.Next(challenge, more)
}

// masked takes the password out of what a server said: one that repeats what it
// was sent must not get it into a log.
func (s *SMTP) masked(err error) error {
	if err == nil || s.opt.Password == "" {
		return err
	}
	user, pass := s.opt.Username, s.opt.Password
	code := base64.StdEncoding.EncodeToString
	mask := strings.NewReplacer(code([]byte("\x00"+user+"\x00"+pass)), "***", code([]byte(pass)), "***", pass, "***")
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return &textproto.Error{Code: reply.Code, Msg: mask.Replace(reply.Msg)}
	}
	if text := err.Error(); mask.Replace(text) != text {
		return errors.New(mask.Replace(text))
	}
	return err
}
