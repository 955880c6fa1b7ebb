package smtptest

import (
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// Moment is a point of a session at which the server can be told what to answer.
type Moment string

// The moments of a session, in their order.
const (
	Connect Moment = "connect" // in place of the greeting
	Hello   Moment = "hello"   // EHLO
	Mail    Moment = "mail"    // MAIL FROM
	Rcpt    Moment = "rcpt"    // RCPT TO
	Data    Moment = "data"    // after DATA, with the message still under way
	Dot     Moment = "dot"     // after the end of the message
)

// Answer is what the server says for an address at a moment, in place of yes.
type Answer struct {
	To       string        // recipient, case-folded; empty: any. Before RCPT only answers for any recipient apply
	At       Moment        // empty: Rcpt
	Code     int           // 421, 450, 550, …; 0: accept, after Delay
	Enhanced string        // "5.1.1"; empty: the code's class and .0.0; "-": none
	Text     string        // lines are parted by \n
	Drop     bool          // hang up in place of an answer
	Keep     bool          // with At Dot: the message is accepted all the same, only the answer is not yes
	Delay    time.Duration // wait before answering
	Times    int           // only so many times; 0: always
}

// Answer adds an instruction. The first that fits an address and a moment and
// is not used up applies.
func (s *Server) Answer(a Answer) {
	if a.At == "" {
		a.At = Rcpt
	}
	if a.Times == 0 {
		a.Times = -1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, &a)
}

// told finds and uses up the instruction for a moment.
func (s *Server) told(at Moment, to string) (Answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.answers {
		if a.At != at || a.Times == 0 || (a.To != "" && !strings.EqualFold(a.To, to)) {
			continue
		}
		if a.Times > 0 {
			a.Times--
		}
		return *a, true
	}
	return Answer{}, false
}

// reply is the answer as go-smtp wants it; nil: accept.
func (a Answer) reply() error {
	if a.Code == 0 {
		return nil
	}
	e := &smtp.SMTPError{Code: a.Code, Message: a.Text}
	parts := strings.Split(a.Enhanced, ".")
	switch {
	case a.Enhanced == "-":
		e.EnhancedCode = smtp.NoEnhancedCode
	case len(parts) == 3:
		for i, p := range parts {
			e.EnhancedCode[i], _ = strconv.Atoi(p) // a word that is no number is a zero
		}
	}
	return e
}

// door is the listener: it can refuse a client before it is greeted.
type door struct {
	net.Listener
	server *Server
}

// Accept implements net.Listener.
func (d *door) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		a, ok := d.server.told(Connect, "")
		if !ok {
			return c, nil
		}
		time.Sleep(a.Delay)
		if !a.Drop && a.Code != 0 {
			_, _ = c.Write([]byte(strconv.Itoa(a.Code) + " " + a.Text + "\r\n")) // it is turned away anyhow
		}
		_ = c.Close()
	}
}
