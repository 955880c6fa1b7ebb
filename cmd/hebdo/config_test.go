package main

import (
	"io"
	"os"
	"strings"
	"testing"
)

// spelt is all that `hebdo config` says, on both streams, with a setting.
func spelt(t *testing.T, variable, text string) string {
	t.Helper()
	t.Chdir(t.TempDir())
	var out strings.Builder
	for _, args := range [][]string{{"config"}, {"config", "--json"}} {
		env := func(name string) string { return map[string]string{variable: text}[name] }
		newConsole(strings.NewReader(""), &out, &out, env).run(t.Context(), args)
	}
	return out.String()
}

func TestNoSettingTellsAPassword(t *testing.T) {
	const one = "smtp://u:pw1@h1.example.org?weight=2 "
	for _, c := range []struct{ variable, text, want string }{
		{"HEBDO_SMTP_RELAYS", one + "smtp://u2:SESAME@h2.example.org?weight=1",
			"smtp://u:xxxxx@h1.example.org?weight=2 smtp://u2:xxxxx@h2.example.org?weight=1"},
		{"HEBDO_SMTP_RELAYS", one + "smtp://u2:SESAME@h2.example.org?weight=x", "smtp://u2:xxxxx@h2.example.org?weight=x"},
		{"HEBDO_SMTP_RELAYS", one + "smtp://u2:SESAME@h2.example.org?password=SESAME", "smtp://u2:xxxxx@h2.example.org?xxxxx"},
		{"HEBDO_SMTP_RELAYS", one + "smtp://u2:1/SESAME@h2.example.org", "********"},
		{"HEBDO_SMTP_RELAYS", one + "smtp://u2:1?SESAME@h2.example.org", "********"},
		{"HEBDO_SMTP_RELAYS", one + "smtp://u2:1#SESAME@h2.example.org", "********"},
		{"HEBDO_SMTP_RELAYS", one + "smtp://u2:12 SESAME@h2.example.org", "********"},
		{"HEBDO_SMTP_RELAYS", one + "u2:SESAME@h2.example.org", "********"},
		{"HEBDO_SMTP_RELAYS", "sqlite:SESAME", "********"},
		{"HEBDO_SMTP_PASSWORD", "https://SESAME.example/", "********"},
		{"HEBDO_SOURCES_MAILBOXES", "imaps://a:SESAME@x.example/INBOX imaps://b:SESAME@y.example", "********"},
		{"HEBDO_DATABASE_URL", "postgres://db.example.org/hebdo?user=u&password=SESAME", "postgres://db.example.org/hebdo?xxxxx"},
		{"HEBDO_DATABASE_URL", "postgres://db.example.org/hebdo?pass;word=SESAME", "postgres://db.example.org/hebdo?xxxxx"},
		{"HEBDO_DATABASE_URL", "postgres://u:pw1@db.example.org/hebdo?sslmode=disable", "postgres://u:xxxxx@db.example.org/hebdo?sslmode=disable"},
		{"HEBDO_DATABASE_URL", "postgres://u:SESAME%zz@db.example.org/hebdo", "********"},
		{"HEBDO_DATABASE_URL", "postgres:///hebdo?host=db.example.org&password=SESAME", "********"},
		{"HEBDO_DATABASE_URL", "host=db.example.org user=u password=SESAME", "********"},
		{"HEBDO_DATABASE_URL", "sqlite:/var/lib/hebdo.db", "sqlite:/var/lib/hebdo.db"},
		{"HEBDO_LLM_URL", "https://u:SESAME@llm.example.org/v1", "https://u:xxxxx@llm.example.org/v1"},
		{"HEBDO_LLM_URL", "https://llm.example.org/v1?key=SESAME", "https://llm.example.org/v1?xxxxx"},
		{"HEBDO_LLM_URL", "llm.example.org/v1", "llm.example.org/v1"},
		{"HEBDO_HTTP_PUBLIC_URL", "https://u:SESAME@news.example.org", "https://u:xxxxx@news.example.org"},
	} {
		got := strings.ReplaceAll(spelt(t, c.variable, c.text), `\u0026`, "&")
		if strings.Contains(got, "SESAME") || strings.Contains(got, "pw1") || !strings.Contains(got, c.want) {
			t.Errorf("%s=%s must be shown as %s: %s", c.variable, c.text, c.want, got)
		}
	}
}

func TestAFileThatIsNoYAMLTellsNoPassword(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("hebdo.yaml", []byte("smtp:\n  password: SESAME\n  host: [a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	code := newConsole(strings.NewReader(""), io.Discard, &out, func(string) string { return "" }).run(t.Context(), []string{"config"})
	if got := out.String(); code != exitUsage || strings.Contains(got, "SESAME") || !strings.Contains(got, "hebdo.yaml:3:") {
		t.Errorf("exit code %d: %s", code, got)
	}
}

func TestSettingsStandInColumns(t *testing.T) {
	var out strings.Builder
	t.Chdir(t.TempDir())
	newConsole(strings.NewReader(""), &out, io.Discard, func(string) string { return "" }).run(t.Context(), []string{"config"})
	at := 0
	for line := range strings.Lines(out.String()) {
		column := strings.Index(line, " # default")
		if at == 0 {
			at = column
		}
		if column < 0 || column != at {
			t.Errorf("%q tells its origin at %d, and others at %d", line, column, at)
		}
	}
}
