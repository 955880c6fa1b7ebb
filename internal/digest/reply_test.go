package digest

import "testing"

func TestCodesAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"smtp; 550 5.1.1 <r@x>: User unknown":           "5.1.1",
		"550-5.1.1 The email account does not exist.":   "5.1.1",
		"Sorry, no mailbox here by that name. (#5.1.1)": "5.1.1",
		"550 [5.1.1] no":              "5.1.1",
		"550 5.1.1: no":               "5.1.1",
		"It was refused with 5.1.10.": "5.1.10",
		"refused...5.1.1":             "5.1.1",
		"5.0.0 5.1.1":                 "5.1.1",
		"5.1.1,5.2.2":                 "5.1.1",
		"250 2.1.5 then 4.2.2":        "4.2.2",
		"5.0.0":                       "",
		"v5.1.1":                      "",
		"5.1.1234":                    "",
		"554 Service unavailable; Client host [5.1.66.20] blocked":     "",
		"550 blocked: 185.5.1.77 is on a list":                         "",
		"550 no mail from 193.5.1.9":                                   "",
		"550 no mail from 5.1.66.20.":                                  "",
		"550 5.1.66.0/24 is refused":                                   "",
		"550 20.66.1.5.zen.example lists you":                          "",
		"550 5.1.66.20isp.example and mx4.5.1.1.example are refused":   "",
		"554 5.0.0 host 5.1.66.20 said: 554 5.7.1 blocked":             "5.7.1",
		"host mx.example[5.1.66.20] said: 550 5.1.1 <r@x>: no mailbox": "5.1.1",
	} {
		if got := EnhancedCode(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// A list that names the sender's own IP address must not cost a reader.
func TestIPAddressesCostNoReader(t *testing.T) {
	for _, words := range []string{
		"smtp; 554 Service unavailable; Client host [5.1.66.20] blocked using zen.spamhaus.org",
		"smtp; 554 Service unavailable; Client host [193.5.1.9] blocked using zen.spamhaus.org",
		"550 rejected because 5.1.66.20 is in a black list",
		"550 blocked: 185.5.1.77 is on a list",
	} {
		for _, status := range []string{"", "5.0.0"} {
			if r := ReadRefusal(status, words); r.Enhanced != "" || !r.Permanent || r.Bounces() {
				t.Errorf("%q, %q: %+v: bounces %v", status, words, r, r.Bounces())
			}
		}
	}
}
