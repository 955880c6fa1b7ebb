// Package mail brings one e-mail to a mail server over SMTP and writes it down
// as RFC 5322 wants it. go-mail encodes the message and opens the session; the
// transaction is done here, because only so it is known whether a lost
// connection was lost before or after the end of the message.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"hebdo/internal/digest"
)

// Options say where the mail server is and how to speak to it.
type Options struct {
	Host        string
	Port        int              // 0: 25, 587 (starttls) or 465 (tls)
	TLS         string           // "none", "starttls" (the default; never without) or "tls" (from the first byte)
	Username    string           // empty: no authentication
	Password    string           // never logged, never part of an error
	Connections int              // at most so many at a time, reused; 0 means 4
	LocalName   string           // said in EHLO; empty: the machine's name
	Timeout     time.Duration    // for connecting, for the commands and for the message; 0 means 1 min
	Answer      time.Duration    // for the answer to the end of a message; 0 means 10 min (RFC 5321, 4.5.3.2.6)
	TLSConfig   *tls.Config      // nil: the system's roots, TLS 1.2 and later; else taken as it is, for tests
	Keys        []Key            // sign every mail (DKIM); none: it goes unsigned
	Now         func() time.Time // tells how quick the server is; nil: nobody asks, and all connections are used
	Logger      *slog.Logger
}

// SMTP sends through one mail server. It is safe for concurrent use; Close it
// when done.
type SMTP struct {
	opt     Options
	pool    *pool
	signers []signer
	sheets  sync.Pool

	pipelining atomic.Int32 // what is known of the server
	chaining   atomic.Int32
}

// New checks the options; it does not connect.
func New(opt Options) (*SMTP, error) {
	if err := opt.complete(); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	s := &SMTP{opt: opt, sheets: sync.Pool{New: func() any { return new(sheet) }}}
	for _, k := range opt.Keys {
		one, err := newSigner(k)
		if err != nil {
			return nil, fmt.Errorf("mail: %w", err)
		}
		s.signers = append(s.signers, one)
	}
	s.pool = newPool(opt, s.dial)
	return s, nil
}

func (o *Options) complete() error {
	if o.Host == "" {
		return errors.New("no mail server is named: set smtp.host")
	}
	defaults := map[string]int{"none": 25, "starttls": 587, "tls": 465}
	if o.TLS == "" {
		o.TLS = "starttls"
	}
	port, ok := defaults[o.TLS]
	if !ok {
		return fmt.Errorf("smtp.tls is %q; it may be none, starttls or tls", o.TLS)
	}
	if o.Port == 0 {
		o.Port = port
	}
	if o.Port < 1 || o.Port > 65535 {
		return fmt.Errorf("smtp.port is %d; it may be 1 to 65535", o.Port)
	}
	if o.Username != "" && o.TLS == "none" && !loopback(o.Host) {
		return fmt.Errorf("a password is sent to %s over TLS only: set smtp.tls to starttls or tls", o.Host)
	}
	if o.Connections < 1 {
		o.Connections = 4
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.Answer <= 0 {
		o.Answer = 10 * time.Minute
	}
	if o.TLSConfig == nil {
		o.TLSConfig = &tls.Config{ServerName: o.Host, MinVersion: tls.VersionTLS12}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return nil
}

func (o Options) address() string { return net.JoinHostPort(o.Host, strconv.Itoa(o.Port)) }

// loopback tells whether a name stands for this machine.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Send brings the mail to the server. It returns nil when the server accepted
// it; a digest.Refusal with the server's words when it refused; an error that
// is digest.ErrPerhapsAccepted when the connection was lost after the end of
// the message was on its way; digest.ErrUnsendable when the mail itself is at
// fault; digest.ErrUnreachable when no session came about; any other error when
// the session broke before the end of the message. When ctx ends, the same
// rules say which error it is.
func (s *SMTP) Send(ctx context.Context, m digest.Mail) error {
	env, err := envelopeOf(m)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := Write(m, &body); err != nil {
		return err
	}
	raw, err := s.withSignatures(body.Bytes())
	if err != nil {
		return err
	}
	env.wire, env.size = net.Buffers{appendStuffed(nil, raw), finalDot}, len(raw)
	return s.deliver(ctx, &env)
}

// deliver brings a finished message to the server.
func (s *SMTP) deliver(ctx context.Context, env *envelope) error {
	for {
		c, reused, err := s.pool.take(ctx, env)
		if err != nil {
			return s.connecting(err, env.domain)
		}
		state, err := c.send(ctx, env)
		s.pool.put(c, state == alive)
		if state == stale && reused {
			continue // the server had closed it while it was idle: that says nothing of this mail
		}
		if state == lostWay && !env.singly {
			env.singly = true // nothing was accepted yet, so that nothing is sent twice
			continue
		}
		if env.singly && (err == nil || errors.As(err, new(digest.Refusal))) && s.pipelining.CompareAndSwap(untested, lying) {
			s.opt.Logger.WarnContext(ctx, "the mail server offers PIPELINING and cannot do it: commands are sent one by one", "server", s.opt.address())
		}
		return err
	}
}

// Close says good-bye on all idle connections. Mails under way finish; new ones
// are refused.
func (s *SMTP) Close() error {
	s.pool.close()
	return nil
}

// connecting turns what went wrong before any mail was spoken of into an
// error of Send.
func (s *SMTP) connecting(err error, domain string) error {
	if r, ok := s.refusal(err, domain); ok {
		r.Connection = true
		return r
	}
	if errors.Is(err, digest.ErrNotBegun) {
		return err
	}
	return fmt.Errorf("mail server %s: %w: %w", s.opt.address(), digest.ErrUnreachable, err)
}
