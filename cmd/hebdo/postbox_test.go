package main

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
)

const otherLetter = "From: La Dépêche <d@depeche.example>\r\nSubject: Trois modèles\r\nMessage-ID: <1@depeche.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
	`<p><a href="%[1]s/a/un">Un laboratoire publie un modèle ouvert</a></p><p><a href="%[1]s/a/deux">Une loi pour les agents autonomes</a></p>` +
	`<p><a href="%[1]s/a/trois">Les puces manquent encore en Europe</a></p><p><a href="%[1]s/unsubscribe">Se désinscrire de cette lettre ici</a></p>`

// A mailbox of newsletters, from the setting to the articles, on an IMAP server.
func TestNewslettersInAMailboxBecomeArticles(t *testing.T) {
	t.Chdir(t.TempDir())
	user, opt := imapBox(t)
	letter := fmt.Sprintf(otherLetter, "http://127.0.0.1:1") // nothing is read there
	if _, err := user.Append("INBOX", raw{strings.NewReader(letter)}, &imap.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"HEBDO_LOG_LEVEL":         "debug",
		"HEBDO_SOURCES_MAILBOXES": fmt.Sprintf("imap://bounce:secret@127.0.0.1:%d?tls=none imaps://b:geheim@mail.example.org", opt.Port),
	}
	var out, err strings.Builder
	run := func(want int, args ...string) string {
		t.Helper()
		out.Reset()
		err.Reset()
		if got := newConsole(strings.NewReader(""), &out, &err, func(name string) string { return env[name] }).run(t.Context(), args); got != want {
			t.Fatalf("%q: exit code %d\n%s%s", args, got, &out, &err)
		}
		if all := out.String() + err.String(); strings.Contains(all, "secret@") || strings.Contains(all, "geheim") {
			t.Errorf("%q tells a password: %s", args, all)
		}
		return out.String() + err.String()
	}
	file, _, _ := strings.Cut(string(newsletterExample("en")), "sources:\n")
	if e := os.WriteFile("n.yaml", []byte(file), 0o600); e != nil {
		t.Fatal(e)
	}
	run(0, "apply", "n.yaml")
	run(0, "config")
	address := (&url.URL{Scheme: "imap", User: url.User("bounce"), Host: fmt.Sprintf("127.0.0.1:%d", opt.Port), Path: "/INBOX"}).String()
	if got := run(0, "sources", "check", address); !strings.Contains(got, "Une loi pour les agents autonomes") || strings.Contains(got, "désinscrire") {
		t.Error(got)
	}
	run(0, "sources", "add", address)
	for range 2 {
		run(0, "collect")
	}
	// The mailbox is read; the pages that its newsletter leads to are nowhere.
	if got := run(0, "sources", "list", "--health"); !strings.HasPrefix(strings.SplitN(got, "\n", 2)[1], "no article could be read") || !strings.Contains(got, "3 → 0") {
		t.Error(got)
	}
	if got := run(0, "export"); !strings.Contains(got, "kind: mailbox\n    url: "+address) {
		t.Error(got)
	}
	status, e := user.Status("INBOX", &imap.StatusOptions{NumMessages: true, NumUnseen: true})
	if e != nil || *status.NumMessages != 1 || *status.NumUnseen != 1 {
		t.Errorf("the mailbox was changed: %+v, %v", status, e)
	}
	// An address nobody gave a password for is connected to by nobody.
	if got := run(2, "sources", "add", "imaps://anna@mail.example.org/INBOX"); !strings.Contains(got, "sources.mailboxes") {
		t.Error(got)
	}
	if got := run(2, "sources", "add", "--kind", "mailbox", "imaps://anna:geheim@mail.example.org/INBOX"); !strings.Contains(got, "must not hold the password") {
		t.Error(got)
	}
}

func TestMailboxesAreNamedWithTheirPasswords(t *testing.T) {
	c := newConsole(strings.NewReader(""), io.Discard, io.Discard, func(string) string { return "" })
	for v, fault := range map[string]string{
		"imaps://a%40x.example:p%3Aw@x.example":  "",
		"imap://a:b@x.example imaps://a:b@y/Box": "",
		"imap://a:b@localhost:1143?tls=none":     "",
		"imaps://a@x.example":                    "no password",
		"imap://a:b@x.example?tls=none":          "on this machine",
		"imaps://a:b@localhost?tls=none":         "on this machine",
		"pop3://a:b@x.example":                   "imaps://",
		"imaps://a:b@x.example:99999":            "port",
		"imaps://a:geheim@%zz":                   "mailbox 1",
	} {
		c.given["sources.mailboxes"] = &v
		config, values, err := c.configure()
		switch {
		case fault == "" && (err != nil || len(config.Mailboxes) != len(strings.Fields(v))):
			t.Errorf("%q: %+v, %v", v, config.Mailboxes, err)
		case fault != "" && (err == nil || !strings.Contains(err.Error(), fault) || strings.Contains(err.Error(), "geheim")):
			t.Errorf("%q: %v", v, err)
		}
		for _, shown := range values {
			if shown.setting.key == "sources.mailboxes" && shown.shown() != "********" {
				t.Errorf("%q is shown as %s", v, shown.shown())
			}
		}
	}
	got, err := mailboxes("imaps://a%40x.example:p%3Aw@X.example")
	if err != nil || got[0].Username != "a@x.example" || got[0].Password != "p:w" || got[0].Host != "x.example" || got[0].Port != 993 || got[0].Mailbox != "INBOX" {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = postbox(nil).Letters(t.Context(), "imaps://a@x.example/INBOX", "", theWorld().now(), 1, nil)
	if err == nil || !strings.Contains(err.Error(), "no password") {
		t.Error(err)
	}
}
