package audience

import (
	"errors"
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for in, want := range map[string]Address{
		"ada@example.org":                {Typed: "ada@example.org", Match: "ada@example.org"},
		"  Ada.L+ia@EXAMPLE.Org\n":       {Typed: "Ada.L+ia@example.org", Match: "ada.l+ia@example.org"},
		"zoé <z@exemple.fr>":             {Typed: "z@exemple.fr", Match: "z@exemple.fr", Name: "zoé"},
		"a@Éclair.example":               {Typed: "a@xn--clair-9ra.example", Match: "a@xn--clair-9ra.example"},
		"a@straße.example":               {Typed: "a@xn--strae-oqa.example", Match: "a@xn--strae-oqa.example"},
		"a@xn--clair-9ra.example":        {Typed: "a@xn--clair-9ra.example", Match: "a@xn--clair-9ra.example"},
		"=cmd@example.org":               {Typed: "=cmd@example.org", Match: "=cmd@example.org"},
		"http://x.example <a@b.example>": {},
	} {
		got, err := ParseAddress(in)
		if want == (Address{}) {
			if err == nil && got.Name != "" {
				t.Errorf("%q: name %q holds a link", in, got.Name)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "ada", "ada@", "@example.org", "ada@localhost", "ada@10.0.0.1", "ada@[10.0.0.1]", "a b@example.org",
		`"a b"@example.org`, "é@example.org", "a@b@example.org", "ada@example.org, bob@example.org", ".a@example.org", "a..b@example.org",
		"a@exa_mple.org", "a@-x.org", "a@x..org", "a@" + strings.Repeat("x", 64) + ".org", strings.Repeat("a", 65) + "@example.org",
		"a@" + strings.Repeat("abcdefgh.", 30) + "org", "a@example.org\r\nBcc: b@example.org", strings.Repeat("(", 5000),
	} {
		if got, err := ParseAddress(in); !errors.Is(err, ErrAddress) {
			t.Errorf("%q: %+v, %v; want ErrAddress", in, got, err)
		}
	}
}

func TestANameCarriesNoLinkToStrangers(t *testing.T) {
	for in, want := range map[string]string{
		" Ada\r\n  Lovelace ":              "Ada Lovelace",
		"Win now https://evil.example/x":   "",
		"WWW.evil.example":                 "",
		"ada <script>":                     "",
		"\u202egro.elpmaxe":                "gro.elpmaxe",
		strings.Repeat("a", 200):           strings.Repeat("a", 80),
		"Jean-Baptiste d’Alembert, ingén.": "Jean-Baptiste d’Alembert, ingén.",
	} {
		if got := cleanName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"ada@example.org", "Zoé <z@exemple.fr>", "a@éclair.example", `"a b"@x.org`, "(c)a@x.org", "a@[::1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s)
		if err != nil {
			if !errors.Is(err, ErrAddress) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		for _, r := range a.Typed {
			if r <= ' ' || r >= 0x7f {
				t.Fatalf("%q gives %q", s, a.Typed)
			}
		}
		again, err := ParseAddress(a.Typed)
		if err != nil || again.Typed != a.Typed || again.Match != a.Match {
			t.Fatalf("%q → %q → %+v, %v", s, a.Typed, again, err)
		}
		folded, err := ParseAddress(a.Match)
		if err != nil || folded.Match != a.Match {
			t.Fatalf("%q matches %q, which matches %q (%v)", s, a.Match, folded.Match, err)
		}
	})
}
