package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hebdo/internal/mail/smtptest"
)

// press is an installation of a test's own: a database, a mail server, the
// little news site, and the program in this process.
type press struct {
	t    testing.TB
	dir  string
	env  map[string]string
	mail *smtptest.Server
	site string
	said *transcript // all that a server logs; nil: it is not kept
}

// newPress has a SQLite database, unless another is named.
func newPress(t testing.TB, database string) *press {
	t.Helper()
	p := &press{t: t, dir: t.TempDir()}
	web, err := site(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(web.Close)
	if p.mail, err = smtptest.Start(smtptest.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.mail.Close() })
	if database == "" {
		database = "sqlite:" + filepath.Join(p.dir, "hebdo.db")
	}
	p.site = web.URL
	p.env = map[string]string{
		"HEBDO_DATABASE_URL": database, "HEBDO_SMTP_PORT": strconv.Itoa(p.mail.Port()), "HEBDO_SMTP_TLS": "none",
		"HEBDO_FETCH_ALLOW_PRIVATE": "127.0.0.0/8", "HEBDO_FETCH_EVERY": "0s", "HEBDO_LOG_LEVEL": "error",
		"HEBDO_HTTP_PUBLIC_URL": "https://news.example.org", "HEBDO_HTTP_LISTEN": "127.0.0.1:0",
	}
	return p
}

// variables is the environment of a child process.
func (p *press) variables() []string {
	all := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "LANG=C"}
	for name, value := range maps.All(p.env) {
		all = append(all, name+"="+value)
	}
	return all
}

// hebdo runs the program in this process and gives its standard output.
func (p *press) hebdo(want int, args ...string) string {
	p.t.Helper()
	out, _ := p.heard(want, args...)
	return out
}

// complaint is what the program says on standard error.
func (p *press) complaint(want int, args ...string) string {
	p.t.Helper()
	_, trouble := p.heard(want, args...)
	return trouble
}

func (p *press) heard(want int, args ...string) (string, string) {
	p.t.Helper()
	var out, trouble bytes.Buffer
	c := newConsole(strings.NewReader(""), &out, &trouble, func(name string) string { return p.env[name] })
	if got := c.run(context.Background(), args); got != want {
		p.t.Fatalf("hebdo %s ended with %d, want %d\n%s%s", strings.Join(args, " "), got, want, out.String(), trouble.String())
	}
	return out.String(), trouble.String()
}

// file writes one into the press's folder.
func (p *press) file(name, body string) string {
	p.t.Helper()
	name = filepath.Join(p.dir, name)
	if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return name
}

// newsletter applies one that reads the little site; more are further lines of
// its file.
func (p *press) newsletter(more ...string) {
	p.t.Helper()
	p.hebdo(exitDone, "apply", p.file("newsletter.yaml", fmt.Sprintf(`slug: lettre
name: La Lettre
publisher: Association Exemple
postal_address: 1 rue du Port, 44000 Nantes
privacy_url: https://example.org/privacy
sender: La Lettre <lettre@news.example.org>
reply_to: redaction@example.org
editor: redaction@example.org
languages: [fr, en]
zone: Europe/Paris
sources:
  - {kind: feed, url: "%[1]s/fr.xml", language: fr}
  - {kind: feed, url: "%[1]s/en.xml", language: en}
%[2]s
`, p.site, strings.Join(append(more, ""), "\n"))))
}

// subscribe imports n readers who have consented.
func (p *press) subscribe(n int) {
	p.t.Helper()
	var b strings.Builder
	b.WriteString("email,language,consent\n")
	for i := range n {
		fmt.Fprintf(&b, "%s,%s,2026-03-01\n", reader(i), []string{"fr", "en"}[i%2])
	}
	p.hebdo(exitDone, "subscribers", "import", p.file("readers.csv", b.String()))
}

// reader is the address of the i-th.
func reader(i int) string { return fmt.Sprintf("reader%03d@example.net", i) }
