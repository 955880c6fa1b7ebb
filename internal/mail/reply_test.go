package mail

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hebdo/internal/digest"
)

func TestRepliesAreRead(t *testing.T) {
	for text, want := range map[string]digest.Refusal{
		"5.1.1 <a@b>: Recipient address rejected":        {Enhanced: "5.1.1", Text: "<a@b>: Recipient address rejected"},
		"5.7.26 Unauthenticated mail\n5.7.26 is refused": {Enhanced: "5.7.26", Text: "Unauthenticated mail is refused"},
		"No such user": {Text: "No such user"},
		"4.7.1 a temporary code in a permanent reply": {Text: "4.7.1 a temporary code in a permanent reply"},
		"5.1 not a code":            {Text: "5.1 not a code"},
		"5.1.1":                     {Enhanced: "5.1.1"},
		"5.1.1234 not a code":       {Text: "5.1.1234 not a code"},
		"tab\tand\x07bell and \xff": {Text: "tab and bell and"},
		"":                          {},
		"first line\n5.1.1 the code stands on the second": {Enhanced: "5.1.1", Text: "first line the code stands on the second"},
	} {
		want.Permanent, want.Code, want.Domain = true, 550, "b"
		if d := cmp.Diff(want, readReply(550, text, "b")); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
	long := readReply(550, strings.Repeat("é", 1000), "").Text
	if len(long) > maxReply || !utf8.ValidString(long) || !strings.HasSuffix(long, "…") {
		t.Errorf("%d bytes: %s", len(long), long)
	}
}

func FuzzReply(f *testing.F) {
	f.Add(550, "5.1.1 no such user")
	f.Add(421, "4.7.0 later\n4.7.0 much later")
	f.Add(250, "\x00\xff…")
	f.Fuzz(func(t *testing.T, code int, text string) {
		r := readReply(code, text, "")
		if len(r.Text) > maxReply || !utf8.ValidString(r.Text) || strings.ContainsFunc(r.Text, unicode.IsControl) {
			t.Errorf("%q", r.Text)
		}
		if r.Enhanced != "" && !enhanced(r.Enhanced, code) {
			t.Errorf("enhanced code %q in a reply %d", r.Enhanced, code)
		}
		if r.Bounces() && !r.Permanent {
			t.Error("a temporary refusal bounces")
		}
	})
}

// What is written with dots doubled reads the same once they are undone, and
// holds no end of data before its own.
func TestDotsAreDoubledAtTheStartOfLinesOnly(t *testing.T) {
	line := rapid.StringMatching(`\.{0,3}[a.=]{0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(line, 1, 20).Draw(t, "lines")
		body := strings.Join(lines, "\r\n") + "\r\n"
		out := string(appendStuffed(nil, []byte(body)))
		sent := strings.Split(strings.TrimSuffix(out, "\r\n"), "\r\n")
		for i, s := range sent {
			want := lines[i]
			if strings.HasPrefix(want, ".") {
				want = "." + want
			}
			if s != want || s == "." {
				t.Fatalf("line %q was sent as %q", lines[i], s)
			}
		}
		if len(sent) != len(lines) {
			t.Fatalf("%d lines became %d", len(lines), len(sent))
		}
	})
}
