// Package smtptest is a mail server in the same process, for tests and for the
// demonstration: it keeps what it is given, forwards nothing, and answers for
// single addresses as it is told to, faults included.
package smtptest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Options of a Server; the zero value accepts everything without TLS.
type Options struct {
	STARTTLS  bool // offer it, with a certificate of its own (see TLSConfig)
	TLS       bool // speak TLS from the first byte
	SMTPUTF8  bool
	Username  string // with Password: refuse mail from those who did not log in
	Password  string
	OnMessage func(Message)    // called for every accepted message, one at a time, before the server's answer
	Now       func() time.Time // when a message came; nil leaves Message.At empty
	MaxBytes  int64            // of one message; 0 means 32 MiB
}

// Message is one accepted message.
type Message struct {
	From string // of the envelope
	To   string
	Data []byte // as received, lines ending in CRLF
	At   time.Time
	TLS  bool
	User string // who logged in
	UTF8 bool   // SMTPUTF8 was asked for
}

// Server listens on 127.0.0.1 at a port of its own.
type Server struct {
	opt      Options
	listener net.Listener
	smtp     *smtp.Server
	roots    *x509.CertPool
	served   chan struct{}

	busy    sync.WaitGroup // messages being received
	calling sync.Mutex     // one OnMessage at a time

	mu       sync.Mutex
	answers  []*Answer
	messages []Message
	sessions int
	open     int
	most     int
	closed   bool
}

// Start begins to listen. Close ends it.
func Start(opt Options) (*Server, error) {
	s := &Server{opt: opt, served: make(chan struct{})}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.session))
	s.smtp.Domain = "mail.invalid"
	s.smtp.AllowInsecureAuth = true // nobody but this machine can reach it
	s.smtp.EnableSMTPUTF8 = opt.SMTPUTF8
	s.smtp.MaxRecipients = 1
	s.smtp.MaxMessageBytes = 32 << 20
	if opt.MaxBytes > 0 {
		s.smtp.MaxMessageBytes = opt.MaxBytes
	}
	s.smtp.ErrorLog = log.New(io.Discard, "", 0)
	s.listener = &door{Listener: listener, server: s}
	if opt.STARTTLS || opt.TLS {
		cert, roots, err := certificate()
		if err != nil {
			return nil, errors.Join(err, listener.Close())
		}
		s.roots = roots
		s.smtp.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
		if opt.TLS {
			s.listener = tls.NewListener(s.listener, s.smtp.TLSConfig)
		}
	}
	go func() {
		defer close(s.served)
		_ = s.smtp.Serve(s.listener) // ends when Close closes the listener
	}()
	return s, nil
}

// Host and Port are where it listens.
func (s *Server) Host() string { return "127.0.0.1" }

// Port is the TCP port.
func (s *Server) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// TLSConfig is what a client needs to trust the server's certificate; nil
// without TLS.
func (s *Server) TLSConfig() *tls.Config {
	if s.roots == nil {
		return nil
	}
	return &tls.Config{RootCAs: s.roots, ServerName: s.Host(), MinVersion: tls.VersionTLS12}
}

// Messages gives what was accepted so far, oldest first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

// Sessions counts the connections that said hello, and how many of them were
// open at the same time at most.
func (s *Server) Sessions() (all, atOnce int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions, s.most
}

// Close stops listening, cuts all connections and waits for what is being received.
func (s *Server) Close() error {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	s.mu.Unlock()
	if again {
		return nil
	}
	err := s.smtp.Close()
	if closing := s.listener.Close(); closing != nil && !errors.Is(closing, net.ErrClosed) {
		err = errors.Join(err, closing) // Serve may not have taken it over yet
	}
	<-s.served
	s.busy.Wait()
	return err
}

// begin notes that a message is coming in; false after Close.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.busy.Add(1)
	return true
}

func (s *Server) keep(m Message) {
	if s.opt.Now != nil {
		m.At = s.opt.Now()
	}
	s.calling.Lock()
	defer s.calling.Unlock()
	s.mu.Lock()
	s.messages = append(s.messages, m)
	s.mu.Unlock()
	if s.opt.OnMessage != nil {
		s.opt.OnMessage(m)
	}
}
