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

// What servers really write, as a report's Diagnostic-Code or a bounce's words bring it.
func TestWhoseFaultTheServersWordsTell(t *testing.T) {
	const asked = "550-Verification failed for <bounce+abc@news.example.org> 550-Called:   192.0.2.7 550-Sent:     RCPT TO:<bounce+abc@news.example.org> "
	for words, bounces := range map[string]bool{
		asked + "550-Response: 550 No such user here 550 Sender verify failed":                                       false,
		asked + "550-Response: 550 5.1.1 <bounce+abc@news.example.org>: user unknown 550 Sender verify failed":       false,
		"550-Verification failed for <bounce+abc@news.example.org> 550-Unrouteable address 550 Sender verify failed": false,
		"550 Sender address rejected: domain does not exist":                                                         false,
		"550 sender <bounce+abc@news.example.org> does not exist":                                                    false,
		"553 sender address does not exist":                                                                          false,
		"550 5.1.0 <bounce+abc@news.example.org> sender rejected: AUP#1310":                                          false,
		"550 5.1.0 <bounce+abc@news.example.org>: Sender address rejected: User unknown":                             false,
		"501 5.1.0 Emetteur invalide. Invalid Sender. OFR004_104 [104]":                                              false,
		"550 5.1.0 rejected: the IP address is on a blocklist":                                                       false,
		"550 Requested action not taken: mailbox unavailable - Reject due to policy restrictions":                    false,
		"550 Requested action not taken: mailbox unavailable invalid DNS MX or A/AAAA record":                        false,
		"550 mailbox unavailable: message looks like spam":                                                           false,
		"550 user unknown (in reply to MAIL FROM command)":                                                           false,

		"550 user unknown (in reply to RCPT TO command)":                                                 true,
		"550 5.1.1 <r@x.example>: Recipient address rejected: User unknown in virtual mailbox table":     true,
		"550 5.1.1 recipient rejected":                                                                   true,
		"550 5.1.1 User unknown, see our policy on spam":                                                 true,
		"550 5.1.2 host/domain not found":                                                                true,
		"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup":          true,
		"550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking": true,
		"550 5.1.0 Address rejected.":                                                                    true,
		"550 5.1.0 Adresse d'au moins un destinataire invalide. Invalid recipient. OFR204_416 [416]":     true,
		"550 #5.1.0 Address rejected r@x.example":                                                        true,
		"550 Requested action not taken: mailbox unavailable":                                            true,
		"550 <spam@blocked.example>: no such user, see https://x.example/policy or www.x.example/spam":   true,
		"550 No such user here; message returned to sender":                                              true,
		"550-Callout verification failed: 550 550 5.1.1 <r@x.example>: User unknown":                     true,
		"550 Unrouteable address":                                                                        true,
		"551 User not local; no such user":                                                               true,
		"553 sorry, that recipient does not exist":                                                       true,
	} {
		if r := ReadRefusal("5.0.0", words); r.Bounces() != bounces {
			t.Errorf("%q: %+v: got %v, want %v", words, r, r.Bounces(), bounces)
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
