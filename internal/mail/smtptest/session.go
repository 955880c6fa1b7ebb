package smtptest

import (
	"crypto/subtle"
	"errors"
	"io"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// errCut: the connection was closed on purpose.
var errCut = errors.New("connection cut")

// session is one client's; it implements smtp.AuthSession.
type session struct {
	server *Server
	conn   *smtp.Conn
	user   string
	from   string
	to     string
	utf8   bool
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	n := &session{server: s, conn: c}
	if err := n.answer(Hello, ""); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions++
	s.open++
	s.most = max(s.most, s.open)
	return n, nil
}

// answer does what the server was told to at a moment.
func (n *session) answer(at Moment, to string) error {
	a, ok := n.server.told(at, to)
	if !ok {
		return nil
	}
	return n.say(a)
}

func (n *session) say(a Answer) error {
	time.Sleep(a.Delay)
	if a.Drop {
		_ = n.conn.Conn().Close() // that is what is wanted
		return errCut
	}
	return a.reply()
}

// AuthMechanisms implements smtp.AuthSession.
func (n *session) AuthMechanisms() []string {
	if n.server.opt.Username == "" {
		return nil
	}
	return []string{sasl.Plain, sasl.Login}
}

// Auth implements smtp.AuthSession.
func (n *session) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		o := n.server.opt
		same := subtle.ConstantTimeCompare([]byte(user+"\x00"+password), []byte(o.Username+"\x00"+o.Password))
		if o.Username == "" || same != 1 {
			return smtp.ErrAuthFailed
		}
		n.user = user
		return nil
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	case sasl.Login:
		return &loginServer{check: check}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// Mail implements smtp.Session.
func (n *session) Mail(from string, opts *smtp.MailOptions) error {
	if n.server.opt.Username != "" && n.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	if n.from != "" {
		return &smtp.SMTPError{Code: 503, EnhancedCode: smtp.EnhancedCode{5, 5, 1}, Message: "Nested MAIL command"}
	}
	if err := n.answer(Mail, ""); err != nil {
		return err
	}
	n.from, n.utf8 = from, opts.UTF8
	return nil
}

// Rcpt implements smtp.Session.
func (n *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := n.answer(Rcpt, to); err != nil {
		return err
	}
	n.to = to
	return nil
}

// Data implements smtp.Session.
func (n *session) Data(r io.Reader) error {
	if !n.server.begin() {
		return errCut
	}
	defer n.server.busy.Done()
	if err := n.answer(Data, n.to); err != nil {
		return err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	a, told := n.server.told(Dot, n.to)
	if told && !a.Keep && (a.Drop || a.Code != 0) {
		return n.say(a)
	}
	_, secure := n.conn.TLSConnectionState()
	n.server.keep(Message{From: n.from, To: n.to, Data: data, TLS: secure, User: n.user, UTF8: n.utf8})
	if told {
		return n.say(a)
	}
	return nil
}

// Reset implements smtp.Session.
func (n *session) Reset() { n.from, n.to, n.utf8 = "", "", false }

// Logout implements smtp.Session.
func (n *session) Logout() error {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	n.server.open--
	return nil
}

// loginServer is the LOGIN mechanism (draft-murchison-sasl-login): it asks for
// the name, then for the password.
type loginServer struct {
	check func(user, password string) error
	user  string
	step  int
}

// Next implements sasl.Server.
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	l.step++
	switch {
	case l.step == 1 && response == nil:
		return []byte("Username:"), false, nil
	case l.step <= 2 && l.user == "":
		l.user, l.step = string(response), 2
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}
