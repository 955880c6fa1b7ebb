package mail

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/google/go-cmp/cmp"
)

// post is an IMAP server with one user.
type post struct {
	*testing.T
	user   *imapmemserver.User
	opt    InboxOptions
	memory *imapmemserver.Server
}

func newPost(t *testing.T, caps ...imap.Cap) *post {
	t.Helper()
	memory := imapmemserver.New()
	user := imapmemserver.NewUser("bounce", "secret")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	memory.AddUser(user)
	set := imap.CapSet{imap.CapIMAP4rev1: {}}
	for _, c := range caps {
		set[c] = struct{}{}
	}
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		Caps: set, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { server.Close() })
	return &post{t, user, InboxOptions{
		Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, TLS: "none", Username: "bounce", Password: "secret",
		Mailbox: "INBOX", Folder: "Bounces", Patience: time.Minute,
	}, memory}
}

type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func (p *post) bring(text string) {
	p.Helper()
	raw := "Subject: " + text + "\r\n\r\n" + text + "\r\n"
	if _, err := p.user.Append("INBOX", literal{strings.NewReader(raw)}, &imap.AppendOptions{}); err != nil {
		p.Fatal(err)
	}
}

// holds counts the messages of a folder, and those of it not marked as read.
func (p *post) holds(folder string) (all, unseen uint32) {
	p.Helper()
	status, err := p.user.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true})
	if err != nil {
		p.Fatal(err)
	}
	return *status.NumMessages, *status.NumUnseen
}

func TestInboxMovesWhatIsToGoAndTouchesNothingElse(t *testing.T) {
	for _, caps := range [][]imap.Cap{{imap.CapMove}, {imap.CapUIDPlus}} {
		p := newPost(t, caps...)
		for _, text := range []string{"bounce 1", "letter", "bounce 2"} {
			p.bring(text)
		}
		var seen []string
		handle := func(raw []byte, _ time.Time) (bool, error) {
			subject, _, _ := strings.Cut(string(raw), "\r\n")
			seen = append(seen, strings.TrimPrefix(subject, "Subject: "))
			return strings.Contains(subject, "bounce"), nil
		}
		inbox := NewInbox(p.opt)
		for range 2 {
			if err := inbox.Read(t.Context(), handle); err != nil {
				t.Fatal(err)
			}
		}
		p.bring("bounce 3")
		if err := inbox.Read(t.Context(), handle); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"bounce 1", "letter", "bounce 2", "bounce 3"}, seen); diff != "" {
			t.Error(diff)
		}
		if all, unseen := p.holds("INBOX"); all != 1 || unseen != 1 {
			t.Errorf("%v: the inbox holds %d, %d unread", caps, all, unseen)
		}
		if all, _ := p.holds("Bounces"); all != 3 {
			t.Errorf("%v: %d were moved", caps, all)
		}
	}
}

func TestInboxDeletesNothingWhereItCannotMove(t *testing.T) {
	p := newPost(t)
	for _, text := range []string{"bounce 1", "letter", "bounce 2"} {
		p.bring(text)
	}
	var seen []string
	inbox := NewInbox(p.opt)
	for range 2 {
		err := inbox.Read(t.Context(), func(raw []byte, came time.Time) (bool, error) {
			subject, _, _ := strings.Cut(string(raw), "\r\n")
			seen = append(seen, strings.TrimPrefix(subject, "Subject: "))
			if since := time.Since(came); since < -time.Minute || since > time.Minute {
				t.Errorf("%s came %s ago", subject, since)
			}
			return strings.Contains(subject, "bounce"), nil
		})
		if !errors.Is(err, ErrCannotMove) {
			t.Error(err)
		}
	}
	// The others have their turn; what could not be moved is tried again.
	if diff := cmp.Diff([]string{"bounce 1", "letter", "bounce 2", "bounce 1", "bounce 2"}, seen); diff != "" {
		t.Error(diff)
	}
	if all, _ := p.holds("INBOX"); all != 3 {
		t.Errorf("%d messages are left", all)
	}
}

func TestInboxGivesAMessageAgainThatCouldNotBeHandled(t *testing.T) {
	p := newPost(t, imap.CapMove)
	p.bring("bounce")
	inbox, times := NewInbox(p.opt), 0
	fail := errors.New("the database is locked")
	handle := func([]byte, time.Time) (bool, error) { times++; return false, fail }
	for range 2 {
		if err := inbox.Read(t.Context(), handle); !errors.Is(err, fail) {
			t.Error(err)
		}
	}
	if times != 2 {
		t.Errorf("given %d times", times)
	}
}

func TestInboxReadsNoMoreThanItMay(t *testing.T) {
	p := newPost(t, imap.CapMove)
	p.opt.Most = 100
	p.bring(strings.Repeat("x", 10_000))
	err := NewInbox(p.opt).Read(t.Context(), func(raw []byte, _ time.Time) (bool, error) {
		if len(raw) != 100 {
			t.Errorf("%d bytes", len(raw))
		}
		return false, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestInboxSaysWhatIsWrong(t *testing.T) {
	p := newPost(t, imap.CapMove)
	for name, change := range map[string]func(*InboxOptions){
		"password": func(o *InboxOptions) { o.Password = "wrong" },
		"mailbox":  func(o *InboxOptions) { o.Mailbox = "Nowhere" },
		"port":     func(o *InboxOptions) { o.Port = 1 },
		"starttls": func(o *InboxOptions) { o.TLS = "starttls" },
		"tls":      func(o *InboxOptions) { o.TLS, o.Config = "tls", &tls.Config{MinVersion: tls.VersionTLS12} },
	} {
		opt := p.opt
		change(&opt)
		opt.Patience = 3 * time.Second
		if err := NewInbox(opt).Read(t.Context(), func([]byte, time.Time) (bool, error) { return false, nil }); err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the password is told: %v", name, err)
		}
	}
}

// A server that greets and then says nothing more does not keep a round for
// longer than it may take.
func TestInboxLosesPatienceWithASilentServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			fmt.Fprint(c, "* OK [CAPABILITY IMAP4rev1] ready\r\n")
			go func() { _, _ = io.Copy(io.Discard, c) }()
		}
	}()
	opt := InboxOptions{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: "none", Mailbox: "INBOX", Patience: 100 * time.Millisecond}
	done := make(chan error, 1)
	go func() {
		done <- NewInbox(opt).Read(t.Context(), func([]byte, time.Time) (bool, error) { return false, nil })
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Error("a log-in that nobody answered succeeded")
		}
	case <-time.After(30 * time.Second):
		t.Error("the log-in waits without end")
	}
}
