package render

import (
	"strings"
	"testing"

	"hebdo/internal/digest"
)

func TestLineIsOneLine(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"  Deux\r\nBcc: x@example.org\t fin ", "Deux Bcc: x@example.org fin"},
		{"a\x00b\x1b[31mc\u200bd\u00ade\ufeff", "ab[31mcde"},
		{"abc\u202egpj.exe\u2066", "abcgpj.exe"},
		{"insécable\u00a0: oui\u202f!", "insécable\u00a0: oui\u202f!"},
		{"mauvais \xff\xfe octets", "mauvais octets"},
		{"paragraphe\u2028suite", "paragraphe suite"},
		{"👩\u200d🔬", "👩\u200d🔬"},
		{"voir " + digest.MarkUnsubscribe, "voir https://unsubscribe invalid/"},
		{"", ""},
	} {
		if got := line(c.in, 100); got != c.want {
			t.Errorf("line(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got := line(strings.Repeat("é", 500), 10); got != strings.Repeat("é", 10)+"…" {
		t.Errorf("got %q", got)
	}
}

func TestLinkDropsWhatMustNotBeLinked(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://example.org/a?b=c&d=é#x", "https://example.org/a?b=c&d=%C3%A9#x"},
		{"http://example.org", "https://example.org"},
		{"HTTP://EXAMPLE.ORG:80/A", "https://example.org/A"},
		{"http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"},
		{"https://exämple.org/ü", "https://xn--exmple-cua.org/%C3%BC"},
		{"https://example.org/l'ia_(modèle)", "https://example.org/l%27ia_%28mod%C3%A8le%29"},
		{"https://example.org/?q=100%", "https://example.org/?q=100%25"},
		{"https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/"},
		{" https://example.org/\"onmouseover=alert(1)", "https://example.org/%22onmouseover=alert%281%29"},
		{"javascript:alert(1)", ""}, {"JaVaScRiPt:alert(1)", ""}, {"java\nscript:alert(1)", ""},
		{"data:text/html,<script>", ""}, {"vbscript:x", ""}, {"mailto:a@example.org", ""}, {"file:///etc/passwd", ""},
		{"//example.org/x", ""}, {"/x", ""}, {"https:example.org", ""}, {"https://", ""}, {"", ""},
		{"https://user:pw@example.org/", ""}, {"https://example.org\r\nX: y", ""},
		{digest.MarkUnsubscribe, ""}, {"https://PREFERENCES.invalid./x", ""},
		{"https://example.org/?who=" + digest.MarkUnsubscribe, "https://example.org/?who=https://unsubscribe%2Einvalid/"},
		{"https://example.org/token.unsubscribe.invalid#preferences.invalid", "https://example.org/token.unsubscribe%2Einvalid#preferences%2Einvalid"},
		{"https://example.org/" + strings.Repeat("a", maxURL), ""},
	} {
		got := link(c.in)
		if got != c.want {
			t.Errorf("link(%q) = %q, want %q", c.in, got, c.want)
		}
		if again := link(got); again != got {
			t.Errorf("link(%q) = %q: not stable", got, again)
		}
	}
}

func TestTypesetKeepsFrenchPunctuationTogether(t *testing.T) {
	for _, c := range []struct {
		lang     digest.Language
		in, want string
	}{
		{"fr", "Quoi ? « Oui » : 20 % ; 3 € !", "Quoi\u202f? «\u00a0Oui\u00a0»\u00a0: 20\u00a0%\u202f; 3\u00a0€\u202f!"},
		{"fr", "sans espace: rien", "sans espace: rien"},
		{"fr", "30 milliards et 10 000 euros, 20 Minutes", "30\u00a0milliards et 10\u00a0000\u00a0euros, 20 Minutes"},
		{"en", "What ? 30 billion", "What ? 30\u00a0billion"},
	} {
		if got := Typeset(c.in, c.lang); got != c.want {
			t.Errorf("Typeset(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got := headline("Un audit trouve des biais", "fr"); got != "Un audit trouve des\u00a0biais" {
		t.Errorf("got %q", got)
	}
}
