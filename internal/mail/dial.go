package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync/atomic"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// conn is one session with the server, past EHLO, STARTTLS and AUTH.
type conn struct {
	owner  *SMTP
	client *smtp.Client
	wire   *wire // below TLS: a deadline on it stops everything
	dirty  bool  // a transaction was begun that neither ended nor was reset
	broken bool  // nothing can be said on it any more
	timer  *time.Timer
	since  time.Time   // it was taken for a mail
	pieces net.Buffers // of the message under way; used again and again, as said is
	said   []byte      // what was said in one write
	lines  []command   // of the mail that was spoken of last

	next      *waiter // whose mail is announced behind the one under way; the pool's
	announced bool    // the commands of the mail that comes were said
	trial     bool    // it shows whether the server understands that
}

// wire is a network connection that stops reading when the server says more
// than it was allowed to.
type wire struct {
	net.Conn
	left atomic.Int64
}

// maxSaid is more than any mail server has to say to one mail, in bytes.
const maxSaid = 1 << 20

// allow lets the server say so many bytes from now on.
func (w *wire) allow(most int64) { w.left.Store(most) }

// Read implements net.Conn.
func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if w.left.Add(int64(-n)) < 0 {
		return n, errors.New("the server said more than any server has to say")
	}
	return n, err
}

// dial opens a session. go-mail leaves the connection open when EHLO, STARTTLS
// or AUTH fail, so it is caught here and closed.
func (s *SMTP) dial(ctx context.Context) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opt.Timeout)
	defer cancel()
	var line *wire
	stop := func() bool { return true }
	client, err := s.opening(func(dialing context.Context, network, address string) (net.Conn, error) {
		var dialer net.Dialer
		c, err := dialer.DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		line = &wire{Conn: c}
		line.allow(maxSaid)
		stop = context.AfterFunc(ctx, func() { _ = c.Close() }) // go-mail heeds ctx no further than here
		if s.opt.TLS != "tls" {
			return line, nil
		}
		secure := tls.Client(line, s.opt.TLSConfig)
		return secure, secure.HandshakeContext(dialing)
	})
	if err != nil {
		return nil, err
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if stop() && err == nil {
		return &conn{owner: s, client: session, wire: line}, nil
	}
	if line != nil {
		_ = line.Close() // the first error tells more
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return nil, s.masked(err)
}

// opening makes the go-mail client for one session.
func (s *SMTP) opening(dial gomail.DialContextFunc) (*gomail.Client, error) {
	policy := gomail.NoTLS
	if s.opt.TLS == "starttls" {
		policy = gomail.TLSMandatory
	}
	options := []gomail.Option{
		gomail.WithPort(s.opt.Port),
		gomail.WithTimeout(s.opt.Timeout),
		gomail.WithTLSPolicy(policy),
		gomail.WithTLSConfig(s.opt.TLSConfig),
		gomail.WithDialContextFunc(dial),
	}
	if s.opt.LocalName != "" {
		options = append(options, gomail.WithHELO(s.opt.LocalName))
	}
	if s.opt.Username != "" {
		options = append(options, gomail.WithSMTPAuthCustom(&login{opt: s.opt}))
	}
	return gomail.NewClient(s.opt.Host, options...)
}

// quit says good-bye, shortly, and closes.
func (c *conn) quit() {
	c.concludes(untested)
	if !c.broken {
		if c.client.UpdateDeadline(2*time.Second) == nil && c.client.Quit() == nil {
			return
		}
	}
	_ = c.wire.Close() // there is nobody left to tell
}
