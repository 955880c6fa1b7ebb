package deliver_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
	"hebdo/internal/mail"
	"hebdo/internal/mail/smtptest"
)

// rendered is a real letter: render's golden files.
func rendered(t *testing.T) digest.Letter {
	t.Helper()
	read := func(name string) string {
		body, err := os.ReadFile(filepath.Join("..", "render", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	subject, rest, _ := strings.Cut(read("issue.fr.full.golden.txt"), "\n")
	preheader, text, _ := strings.Cut(rest, "\n\n")
	return digest.Letter{Variant: digest.Variant{Language: digest.French, Length: digest.Full}, Subject: subject, Preheader: preheader,
		Text: text, HTML: read("issue.fr.full.golden.html")}
}

// What arrives is signed twice, and another implementation of DKIM finds both
// signatures good. Where MAILLINT names the folder of maillint, it judges the
// whole mail, signatures included.
func TestWhatArrivesIsSignedAndSound(t *testing.T) {
	server, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	options := mail.Options{Host: server.Host(), Port: server.Port(), TLS: "none"}
	records := map[string]string{}
	for _, kind := range []string{"rsa", "ed25519"} {
		private, _, err := mail.NewKey(kind)
		if err != nil {
			t.Fatal(err)
		}
		key := mail.Key{Domain: "news.example.org", Selector: kind, Private: private}
		if records[key.Name()], err = key.Record(); err != nil {
			t.Fatal(err)
		}
		options.Keys = append(options.Keys, key)
	}
	sender, err := mail.New(options)
	if err != nil {
		t.Fatal(err)
	}
	defer sender.Close()
	clk := newClock()
	l := rendered(t)
	edition := shelf{{IssueID: issueID, Letter: l, Hash: deliver.Hash(l)}}
	ledger := readers(3, clk.now)
	ledger.rows[0].Name = "Élodie Lefèvre-Quertier de la Très Longue Rue des Petits-Champs, « Lo »"
	c := deliver.New(ledger, edition, sender, sharedLinks, deliver.Options{Node: "node", Now: clk.now})
	if _, err := c.Drain(t.Context(), issue, newsletter); err != nil {
		t.Fatal(err)
	}
	messages := server.Messages()
	if len(messages) != 3 {
		t.Fatalf("%d arrived", len(messages))
	}
	for _, m := range messages {
		all, err := dkim.VerifyWithOptions(bytes.NewReader(m.Data), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
			return []string{records[name]}, nil
		}})
		if err != nil || len(all) != 2 {
			t.Fatalf("%d signatures: %v", len(all), err)
		}
		for _, v := range all {
			if v.Err != nil {
				t.Errorf("%s: %v", v.Identifier, v.Err)
			}
		}
		if bytes.Contains(m.Data, []byte(".invalid")) {
			t.Error("a mark was left")
		}
	}
	lint(t, messages[0].Data, records)
}

func lint(t *testing.T, raw []byte, records map[string]string) {
	t.Helper()
	tool := os.Getenv("MAILLINT")
	if tool == "" {
		t.Log("MAILLINT does not name the folder of maillint: only the signatures were checked")
		return
	}
	dir := t.TempDir()
	write := func(name string, body []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	arguments := []string{filepath.Join(tool, "maillint.mjs"), "--strict", "--lang", "fr"}
	for name, record := range records {
		selector, _, _ := strings.Cut(name, ".")
		arguments = append(arguments, "--dkim-record", selector+"="+write(selector, []byte(record)))
	}
	if said, err := exec.Command("node", append(arguments, write("letter.eml", raw))...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}
