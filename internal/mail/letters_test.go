package mail

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/google/go-cmp/cmp"
)

// read gives the subjects that a visit finds.
func (p *post) read(from Bookmark, most int) (subjects []string, at Bookmark) {
	p.Helper()
	at, err := NewInbox(p.opt).Letters(p.Context(), from, time.Now().AddDate(0, 0, -7), most, func(raw []byte) {
		subject, _, _ := strings.Cut(string(raw), "\r\n")
		subjects = append(subjects, strings.TrimPrefix(subject, "Subject: "))
	})
	if err != nil {
		p.Fatal(err)
	}
	return subjects, at
}

func TestLettersAreReadOnceAndLeftAsTheyWere(t *testing.T) {
	p := newPost(t)
	nothing, at := p.read(Bookmark{}, 10)
	if len(nothing) != 0 || at.Validity == 0 {
		t.Errorf("an empty mailbox gave %q, %+v", nothing, at)
	}
	for i := range 5 {
		p.bring(fmt.Sprint("letter ", i))
	}
	got, at := p.read(at, 3)
	if diff := cmp.Diff([]string{"letter 0", "letter 1", "letter 2"}, got); diff != "" {
		t.Error(diff)
	}
	got, at = p.read(at, 3)
	if diff := cmp.Diff([]string{"letter 3", "letter 4"}, got); diff != "" {
		t.Error(diff)
	}
	if got, _ = p.read(at, 3); len(got) != 0 {
		t.Errorf("read twice: %q", got)
	}
	if all, unseen := p.holds("INBOX"); all != 5 || unseen != 5 {
		t.Errorf("the mailbox holds %d, %d unread", all, unseen)
	}
}

func TestAMailboxReadForTheFirstTimeGivesItsYoungest(t *testing.T) {
	p := newPost(t)
	old := "Subject: old\r\n\r\nold\r\n"
	if _, err := p.user.Append("INBOX", literal{strings.NewReader(old)}, &imap.AppendOptions{Time: time.Now().AddDate(0, -1, 0)}); err != nil {
		t.Fatal(err)
	}
	got, at := p.read(Bookmark{}, 2)
	if len(got) != 0 || at.Last == 0 {
		t.Errorf("%q, %+v", got, at)
	}
	for i := range 4 {
		p.bring(fmt.Sprint("letter ", i))
	}
	for name, from := range map[string]Bookmark{"never read": {}, "made anew": {Validity: at.Validity + 1, Last: 100}} {
		got, next := p.read(from, 2)
		if diff := cmp.Diff([]string{"letter 2", "letter 3"}, got); diff != "" || next.Validity != at.Validity {
			t.Errorf("%s: %s %+v", name, diff, next)
		}
	}
}

func TestAWrongPasswordIsToldFromAServerThatIsAway(t *testing.T) {
	p := newPost(t)
	visit := func(change func(*InboxOptions)) error {
		opt := p.opt
		change(&opt)
		_, err := NewInbox(opt).Letters(t.Context(), Bookmark{}, time.Now(), 1, func([]byte) {})
		return err
	}
	if err := visit(func(o *InboxOptions) { o.Password = "wrong" }); !errors.Is(err, ErrLogIn) || strings.Contains(err.Error(), "wrong") {
		t.Error(err)
	}
	if err := visit(func(o *InboxOptions) { o.Port = 1 }); err == nil || errors.Is(err, ErrLogIn) {
		t.Error(err)
	}
	if err := visit(func(o *InboxOptions) { o.Mailbox = "Nowhere" }); err == nil || errors.Is(err, ErrLogIn) {
		t.Error(err)
	}
}

func TestLettersComeOverTLS(t *testing.T) {
	site := httptest.NewUnstartedServer(nil)
	site.StartTLS() // for its certificate, which is example.com's
	defer site.Close()
	trust := site.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	trust.ServerName = "example.com"
	for _, way := range []string{"tls", "starttls"} {
		p := newPost(t)
		p.bring("letter")
		server := imapserver.New(&imapserver.Options{
			NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
				return p.memory.NewSession(), nil, nil
			},
			Caps: imap.CapSet{imap.CapIMAP4rev1: {}}, TLSConfig: site.TLS, Logger: log.New(io.Discard, "", 0),
		})
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		p.opt.Port = listener.Addr().(*net.TCPAddr).Port
		if p.opt.TLS, p.opt.Config = way, trust; way == "tls" {
			listener = tls.NewListener(listener, site.TLS)
		}
		go func() { _ = server.Serve(listener) }()
		if got, _ := p.read(Bookmark{}, 9); len(got) != 1 {
			t.Errorf("%s: %q", way, got)
		}
		p.opt.Config = nil // a certificate nobody trusts
		if _, err := NewInbox(p.opt).Letters(t.Context(), Bookmark{}, time.Now(), 1, func([]byte) {}); err == nil {
			t.Errorf("%s: the password was given to a stranger", way)
		}
		server.Close()
	}
}
