package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"hebdo/internal/mail/smtptest"
)

// TestScripts runs the manual of the command line: testdata/script.
//
// A script finds a little news site at $SITE (two feeds, /fr.xml and /en.xml),
// a mail server at $SMTP_PORT that keeps what it gets but refuses partie@ (a
// mailbox gone), barree@ (by policy) and tarde@ (for now) of example.net, and
// these commands:
//
//	hebdo … [< FILE]      the program, in this process: a fifth of a second is
//	                      saved with every call
//	exits CODE hebdo …    the same, where another exit code than 0 is wanted
//	inbox [N]             N mails have come in; each is written to inbox/1.eml, …
//	bounces N FILE CODE   writes what a server sends back about mail N: a report
//	                      with an enhanced code, "abuse" or "vacation"
//	fill FILE…            replaces $VARIABLES in files
//	replace FILE OLD NEW  edits a file, once
//	newer FILE            gives a SQLite database a schema from the future
//	foreign FILE          makes a SQLite database that another program keeps
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: one thing after another: nothing for the race detector")
	}
	testscript.RunT(oneByOne{t}, testscript.Params{
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		Setup:              setUpScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"hebdo":   func(ts *testscript.TestScript, neg bool, args []string) { program(ts, neg, 0, args) },
			"exits":   exits,
			"inbox":   inbox,
			"bounces": bounces,
			"fill":    fill,
			"newer":   newer,
			"foreign": foreign,
			"replace": replace,
		},
	})
}

// oneByOne runs scripts one after the other: the program's working directory
// is this process's.
type oneByOne struct{ *testing.T }

func (oneByOne) Parallel()     {}
func (oneByOne) Verbose() bool { return testing.Verbose() }
func (o oneByOne) Run(name string, f func(testscript.T)) {
	o.T.Run(name, func(t *testing.T) {
		t.Chdir(".") // goes back to it at the end
		f(oneByOne{t})
	})
}

type mailboxKey struct{}

func setUpScript(env *testscript.Env) error {
	web, err := site(time.Now)
	if err != nil {
		return err
	}
	env.Defer(web.Close)
	box, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		return err
	}
	env.Defer(func() { _ = box.Close() })
	box.Answer(smtptest.Answer{To: "partie@example.net", Code: 550, Enhanced: "5.1.1", Text: "no such mailbox here"})
	box.Answer(smtptest.Answer{To: "barree@example.net", Code: 550, Enhanced: "5.7.1", Text: "your IP is blocked"})
	box.Answer(smtptest.Answer{To: "tarde@example.net", Code: 450, Enhanced: "4.2.0", Text: "try again later"})
	env.Values[mailboxKey{}] = box
	for name, value := range map[string]string{
		"SITE": web.URL, "SMTP_PORT": strconv.Itoa(box.Port()), "LANG": "C", "USER": "camille", "HOME": env.WorkDir,
	} {
		env.Setenv(name, value)
	}
	return nil
}

// program runs hebdo in the script's directory and with its environment.
func program(ts *testscript.TestScript, neg bool, want int, args []string) {
	if neg {
		ts.Fatalf("write: exits CODE hebdo …")
	}
	ts.Check(os.Chdir(ts.MkAbs(".")))
	in := ""
	if n := len(args) - 2; n >= 0 && args[n] == "<" {
		args, in = args[:n], ts.ReadFile(args[n+1])
	}
	c := newConsole(strings.NewReader(in), ts.Stdout(), ts.Stderr(), ts.Getenv)
	if got := c.run(context.Background(), args); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || args[1] != "hebdo" {
		ts.Fatalf("usage: exits CODE hebdo …")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	program(ts, neg, want, args[2:])
}

// inbox writes what the mail server accepted into the folder inbox.
func inbox(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: inbox [COUNT]")
	}
	mails := ts.Value(mailboxKey{}).(*smtptest.Server).Messages()
	dir := ts.MkAbs("inbox")
	ts.Check(os.MkdirAll(dir, 0o755))
	var to []string
	for i, m := range mails {
		to = append(to, m.To)
		ts.Check(os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.eml", i+1)), m.Data, 0o644))
	}
	if len(args) == 1 && args[0] != strconv.Itoa(len(mails)) {
		ts.Fatalf("%d mails came in: %s", len(mails), strings.Join(to, ", "))
	}
}

// bounces writes a message about one of the mails in the inbox, as the mail
// system of its reader would.
func bounces(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: bounces N FILE CODE")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	m := ts.Value(mailboxKey{}).(*smtptest.Server).Messages()[n-1]
	kind, part, fields := "delivery-status", "delivery-status", "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; "+m.To+
		"\nAction: failed\nStatus: "+args[2]+"\nDiagnostic-Code: smtp; 550 "+args[2]+" not here"
	head := "Return-Path: <>\n"
	switch args[2] {
	case "abuse":
		kind, part, fields = "feedback-report", "feedback-report", "Feedback-Type: abuse\nUser-Agent: test/1\nVersion: 1"
	case "vacation":
		kind, part, fields, head = "none", "plain", "I am away.", "Auto-Submitted: auto-replied\n"
	}
	text := strings.ReplaceAll(head+"Delivered-To: "+m.From+"\nFrom: MAILER-DAEMON@example.net\nMIME-Version: 1.0\n"+
		"Content-Type: multipart/report; report-type="+kind+"; boundary=b\n\n--b\nContent-Type: message/"+part+"\n\n"+fields+
		"\n\n--b\nContent-Type: message/rfc822\n\n", "\n", "\r\n") + string(m.Data) + "\r\n--b--\r\n"
	if kind == "none" {
		text = strings.Replace(text, "message/plain", "text/plain", 1)
	}
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[1])), 0o755))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}

// fill replaces $VARIABLES in files, since a script's own files are not expanded.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: fill FILE…")
	}
	for _, name := range args {
		body := os.Expand(ts.ReadFile(name), ts.Getenv)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(body), 0o644))
	}
}

// replace edits a file: OLD must stand in it once.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	body := ts.ReadFile(args[0])
	if n := strings.Count(body, args[1]); n != 1 {
		ts.Fatalf("%s holds %q %d times", args[0], args[1], n)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(body, args[1], args[2], 1)), 0o644))
}

// newer enters a migration that this program does not know.
func newer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: newer FILE")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
	ts.Check(err)
}

// foreign makes the database of another program, which knows migrations too.
func foreign(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: foreign FILE")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec(`CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('crêpes');
		CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY, version_id INTEGER, is_applied INTEGER, tstamp TIMESTAMP);
		INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, 1)`)
	ts.Check(err)
}
