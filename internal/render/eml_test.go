package render

import (
	"bytes"
	"fmt"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hebdo/internal/digest"
)

// eml wraps a letter as the mail one reader gets, with the reader's own links.
func eml(t *testing.T, l digest.Letter) []byte {
	t.Helper()
	personal := strings.NewReplacer(
		digest.MarkUnsubscribe, "https://lettre.example.org/u/afqh2c4zq5hn3x6e",
		digest.MarkPreferences, "https://lettre.example.org/p/afqh2c4zq5hn3x6e")
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, p := range []struct{ kind, text string }{{"plain", l.Text}, {"html", l.HTML}} {
		w, err := parts.CreatePart(textproto.MIMEHeader{
			"Content-Type": {"text/" + p.kind + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
		if err != nil {
			t.Fatal(err)
		}
		q := quotedprintable.NewWriter(w)
		fmt.Fprint(q, strings.ReplaceAll(personal.Replace(p.text), "\n", "\r\n"))
		q.Close()
	}
	parts.Close()
	var mail bytes.Buffer
	for _, h := range [][2]string{
		{"From", `"La Semaine des machines" <lettre@lettre.example.org>`},
		{"To", "<lecteur@example.net>"},
		{"Reply-To", "<redaction@lettre.example.org>"},
		{"Subject", mime.BEncoding.Encode("utf-8", l.Subject)},
		{"Date", "Mon, 23 Nov 2026 06:00:00 +0100"},
		{"Message-ID", "<2026w47.afqh2c4zq5hn3x6e@lettre.example.org>"},
		{"List-Id", "La Semaine des machines <semaine-fr.lettre.example.org>"},
		{"List-Unsubscribe", "<https://lettre.example.org/u/afqh2c4zq5hn3x6e>,\r\n <mailto:unsub+afqh2c4zq5hn3x6e@lettre.example.org?subject=unsubscribe>"},
		{"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"},
		{"List-Archive", "<https://lettre.example.org/semaine/>"},
		{"List-Post", "NO"},
		{"Feedback-ID", "2026w47:semaine-fr:news:semaine"},
		{"Auto-Submitted", "auto-generated"},
		{"Content-Language", string(l.Variant.Language)},
		{"MIME-Version", "1.0"},
		{"Content-Type", "multipart/alternative;\r\n boundary=\"" + parts.Boundary() + "\""},
	} {
		fmt.Fprintf(&mail, "%s: %s\r\n", h[0], strings.ReplaceAll(h[1], "?= =?", "?=\r\n =?"))
	}
	mail.WriteString("\r\n")
	mail.Write(body.Bytes())
	return mail.Bytes()
}

// TestLettersPassMaillint runs maillint, the checker of whole mails, where
// MAILLINT names the folder it is installed in; MAILS keeps the messages and
// their screenshots in a folder.
func TestLettersPassMaillint(t *testing.T) {
	tool, dir := os.Getenv("MAILLINT"), os.Getenv("MAILS")
	if tool == "" && os.Getenv("CI") != "" {
		t.Fatal("MAILLINT does not name the folder of maillint")
	}
	if tool == "" && dir == "" {
		t.Skip("MAILLINT does not name the folder of maillint")
	}
	if dir == "" {
		dir = t.TempDir()
	}
	for name, l := range letters(t) {
		file := filepath.Join(dir, name+".eml")
		if err := os.WriteFile(file, eml(t, l), 0o644); err != nil {
			t.Fatal(err)
		}
		if tool == "" || !strings.HasPrefix(name, "issue.") {
			continue
		}
		lint := exec.Command("node", filepath.Join(tool, "maillint.mjs"), "--strict", "--unsigned",
			"--lang", string(l.Variant.Language), "--shots", filepath.Join(dir, name), file)
		if said, err := lint.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, said)
		}
	}
}
