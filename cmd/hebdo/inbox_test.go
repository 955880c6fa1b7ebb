package main

import (
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/track"
)

// imapBox is an IMAP server with one mailbox on loopback.
func imapBox(t *testing.T) (*imapmemserver.User, mail.InboxOptions) {
	t.Helper()
	memory, user := imapmemserver.New(), imapmemserver.NewUser("bounce", "secret")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	memory.AddUser(user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapMove: {}}, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { server.Close() })
	return user, mail.InboxOptions{
		Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, TLS: "none", Username: "bounce", Password: "secret",
		Mailbox: "INBOX", Folder: "Bounces", Patience: 20 * time.Second,
	}
}

type raw struct{ *strings.Reader }

func (r raw) Size() int64 { return r.Reader.Size() }

// furnished is a house in a folder of its own, with the newsletter "week".
func furnished(t *testing.T) *house {
	t.Helper()
	t.Chdir(t.TempDir())
	config, _, err := newConsole(strings.NewReader(""), io.Discard, os.Stderr, func(string) string { return "" }).configure()
	if err != nil {
		t.Fatal(err)
	}
	h, err := build(t.Context(), config, theWorld(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	if err := h.store.SaveNewsletter(t.Context(), digest.Newsletter{Slug: "week", Name: "Week", Languages: []digest.Language{digest.French}}); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAWishToLeaveByMailIsFollowed(t *testing.T) {
	h := furnished(t)
	sub := digest.Subscription{
		ID: h.out.newID(), Newsletter: "week", State: digest.Active, Language: digest.French, Length: digest.Full,
		Subscriber: digest.Subscriber{Address: "anne@example.net", Match: "anne@example.net"},
	}
	if err := h.store.SaveSubscriptions(t.Context(), []digest.Subscription{sub}); err != nil {
		t.Fatal(err)
	}
	user, opt := imapBox(t)
	for _, token := range []string{"forged", h.links.Token(track.Unsubscribe, sub.ID)} {
		text := "From: anne@example.net\r\nTo: unsub+" + token + "@news.example.org\r\nSubject: unsubscribe\r\n\r\n\r\n"
		if _, err := user.Append("INBOX", raw{strings.NewReader(text)}, &imap.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	did, err := h.readInbox(t.Context(), mail.NewInbox(opt))
	if err != nil {
		t.Fatal(err)
	}
	if did[digest.EffectLeft] != 1 || did[digest.EffectNone]+did[digest.EffectUnproven] != 1 {
		t.Errorf("did %v", did)
	}
	kept, err := h.store.Subscription(t.Context(), sub.ID)
	if err != nil || kept.State != digest.Unsubscribed {
		t.Errorf("%+v, %v", kept.State, err)
	}
	status, err := user.Status("INBOX", &imap.StatusOptions{NumMessages: true})
	if err != nil || *status.NumMessages != 2 {
		t.Errorf("what is no bounce was moved: %v", err)
	}
}
