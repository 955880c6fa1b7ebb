package digest

import "testing"

func TestWhichRefusalsLoseAnAddress(t *testing.T) {
	for _, c := range []struct {
		refusal Refusal
		want    bool
	}{
		{Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1", Text: "User unknown"}, true},
		{Refusal{Permanent: true, Code: 550, Enhanced: "5.1.2", Text: "no such domain"}, true},
		{Refusal{Permanent: true, Code: 550, Enhanced: "5.1.10", Text: "null MX"}, true},
		{Refusal{Permanent: true, Code: 550, Enhanced: "5.2.1", Text: "disabled"}, true},
		{Refusal{Permanent: true, Code: 550, Text: "No such user here"}, true},
		{Refusal{Permanent: true, Code: 550, Enhanced: "5.7.1", Text: "user unknown to our blocklist"}, false},
		{Refusal{Permanent: true, Code: 550, Enhanced: "5.7.515", Text: "authentication"}, false},
		{Refusal{Permanent: true, Code: 552, Enhanced: "5.2.2", Text: "mailbox full"}, false},
		{Refusal{Permanent: true, Code: 550, Enhanced: "5.1.8", Text: "bad sender"}, false},
		{Refusal{Permanent: true, Code: 554, Text: "no such user"}, false},
		{Refusal{Permanent: true, Code: 550, Text: "blocked by policy"}, false},
		{Refusal{Permanent: false, Code: 450, Enhanced: "4.1.1", Text: "user unknown"}, false},
	} {
		if got := c.refusal.Bounces(); got != c.want {
			t.Errorf("%v: got %v, want %v", c.refusal, got, c.want)
		}
	}
}

func TestLanguageTags(t *testing.T) {
	for tag, want := range map[string]Language{
		"fr": "fr", "fr-FR": "fr", "EN_us": "en", " de ": "de", "": "", "français": "", "x": "", "e1": "",
	} {
		if got := ParseLanguage(tag); got != want {
			t.Errorf("%q: got %q, want %q", tag, got, want)
		}
	}
}

func TestWhichRefusalsCountOverIssues(t *testing.T) {
	for _, c := range []struct {
		refusal Refusal
		want    bool
	}{
		{Refusal{Permanent: true, Code: 552, Enhanced: "5.2.2"}, true},
		{Refusal{Code: 452, Enhanced: "4.2.2"}, true},
		{Refusal{Permanent: true, Code: 554, Enhanced: "5.4.4"}, true},
		{Refusal{Enhanced: "4.4.7"}, true},
		{Refusal{Code: 421}, true},
		{Refusal{Permanent: true, Code: 552}, true},
		{Refusal{Permanent: true, Code: 550, Enhanced: "5.1.1"}, false}, // gone at once
		{Refusal{Permanent: true, Code: 550, Enhanced: "5.1.8"}, false},
		{Refusal{Permanent: true, Code: 550, Enhanced: "5.7.1"}, false},
		{Refusal{Code: 421, Enhanced: "4.7.0"}, false},
		{Refusal{Permanent: true, Code: 554, Enhanced: "5.6.0"}, false},
		{Refusal{Permanent: true, Code: 554, Text: "blocked"}, false},
		{Refusal{}, false},
	} {
		if got := c.refusal.Soft(); got != c.want {
			t.Errorf("%v: got %v, want %v", c.refusal, got, c.want)
		}
	}
}
