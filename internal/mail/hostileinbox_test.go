package mail

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// liar is an IMAP server that answers each command as it is told to, and OK
// where it is told nothing.
func liar(t *testing.T, answers map[string]func(w io.Writer, tag string)) InboxOptions {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			fmt.Fprint(conn, "* OK [CAPABILITY IMAP4rev1 MOVE] ready\r\n")
			for lines := bufio.NewScanner(conn); lines.Scan(); {
				tag, command, _ := strings.Cut(lines.Text(), " ")
				for begins, answer := range answers {
					if strings.HasPrefix(command, begins) {
						answer(conn, tag)
					}
				}
				if _, err := fmt.Fprintf(conn, "%s OK done\r\n", tag); err != nil {
					break
				}
			}
			conn.Close()
		}
	}()
	return InboxOptions{
		Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, TLS: "none", Username: "bounce", Password: "secret",
		Mailbox: "INBOX", Folder: "Bounces", Patience: time.Minute, Most: 1000,
	}
}

// says is an answer of a few words.
func says(words string) func(io.Writer, string) {
	return func(w io.Writer, tag string) { fmt.Fprintf(w, "* "+words+"\r\n", tag) }
}

// Whoever is on the way could read the password of the mailbox for bounces, and
// take every reader off the list by what he put into it.
func TestInboxSendsNoPasswordInTheClear(t *testing.T) {
	opt := InboxOptions{Host: "192.0.2.1", Port: 143, TLS: "none", Username: "bounce", Password: "secret", Patience: time.Second}
	err := NewInbox(opt).Read(t.Context(), func([]byte, time.Time) (bool, error) { return false, nil })
	if err == nil || !strings.Contains(err.Error(), "over TLS only") {
		t.Errorf("error = %v", err)
	}
}

// A mail server that names four billion messages, or sends one without an end,
// would take all memory. One that names a message zero, which the library takes
// for "*", brought the program down.
func TestInboxBelievesNoServerThatSaysTooMuch(t *testing.T) {
	flood := func(w io.Writer, _ string) {
		piece := strings.Repeat("x", 1<<20)
		_, _ = io.WriteString(w, "* 1 FETCH (UID 1 BODY[]<0> {4000000000}\r\n")
		for range 100 {
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
		}
		t.Error("100 MB of one message were read")
	}
	for name, answers := range map[string]map[string]func(io.Writer, string){
		"zero":      {"UID SEARCH": says("SEARCH 1 0%.0s")},
		"billions":  {"UID SEARCH": says(`ESEARCH (TAG %q) UID ALL 1:4294967295`)},
		"a message": {"UID SEARCH": says("SEARCH 1%.0s"), "UID FETCH": flood},
	} {
		t.Run(name, func(t *testing.T) {
			opt := liar(t, answers)
			handle := func([]byte) { t.Error("a message was given") }
			if err := NewInbox(opt).Read(t.Context(), func(raw []byte, _ time.Time) (bool, error) { handle(raw); return false, nil }); err == nil {
				t.Error("Read believes it")
			}
			if _, err := NewInbox(opt).Letters(t.Context(), Bookmark{}, time.Time{}, 10, handle); err == nil {
				t.Error("Letters believes it")
			}
		})
	}
}
