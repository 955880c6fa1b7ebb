package web

import (
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

func (r *relay) brevo(body string) int {
	r.Helper()
	return r.post("/hooks/brevo/a-long-secret-in-the-path", []byte(body))
}

// A complaint that is lost with its batch goes on getting letters: no provider
// sends a batch again that was answered with 406.
func TestAnOddItemTakesNoOtherWithIt(t *testing.T) {
	r := newRelay(t)
	complaint := digest.Returned{Kind: digest.ReturnComplained, Address: "r10@example.net"}
	for odd, unread := range map[string]bool{
		`{"email":"x@example.net","event":"click","type":7}`:                      false,
		`{"email":"x@example.net","event":"click","timestamp":"soon"}`:            false,
		`{"email":"x@example.net","event":"click","timestamp":1795410000.5}`:      false,
		`{"email":"x@example.net","event":"click","status":5}`:                    false,
		`{"email":"x@example.net","event":"click","reason":{"of":"the webinar"}}`: false,
		`{"email":"x@example.net","event":{"name":"webinar"},"smtp-id":[1]}`:      false,
		`{"email":["x@example.net"],"event":"click","size":1e999}`:                false,
		`null`: false, `7`: true, `"spamreport"`: true, `[]`: true,
	} {
		r.lines.Reset()
		r.want(r.sendgrid(monday, `[`+odd+`,{"email":"r10@example.net","event":"spamreport"}]`, ""), 200, complaint)
		if said := strings.Contains(r.lines.String(), "provider=sendgrid items=1"); said != unread {
			t.Errorf("%s is in the log: %t: %s", odd, said, r.lines.String())
		}
		if strings.Contains(r.lines.String(), "example.net") {
			t.Errorf("an address is in the log: %s", r.lines.String())
		}
		r.want(r.brevo(`[`+odd+`,{"event":"spam","email":"r10@example.net","ts_event":"17"}]`), 200, complaint)
	}
	for body, want := range map[string]int{`[]`: 200, `[{}]`: 200, `{}`: 200, `[7,"x"]`: 406, `7`: 406, `[{]`: 406, ``: 406} {
		r.want(r.sendgrid(monday, body, ""), want)
		r.want(r.brevo(body), want)
	}
}

// Arguments of an operator's own stand beside SendGrid's keys, and may differ
// from them by a capital only.
func TestAnotherKeyIsNotTakenForTheProviders(t *testing.T) {
	r := newRelay(t)
	r.want(r.sendgrid(monday, `[{"email":"a@example.net","event":"spamreport","Event":"webinar","EMAIL":"b@example.net"}]`, ""), 200,
		digest.Returned{Kind: digest.ReturnComplained, Address: "a@example.net"})
}

func TestATimeIsReadHoweverItIsWritten(t *testing.T) {
	r := newRelay(t)
	for written, want := range map[string]time.Time{
		`1795410000`: time.Unix(1795410000, 0), `"1795410000"`: time.Unix(1795410000, 0), `1795410000.5`: time.Unix(1795410000, 5e8),
		`"soon"`: {}, `null`: {}, `-1`: {}, `1e300`: {}, `"NaN"`: {}, `{}`: {},
	} {
		for key, post := range map[string]func(string) int{"timestamp": func(body string) int { return r.sendgrid(monday, body, "") }, "ts_event": r.brevo} {
			body := `[{"email":"a@example.net","event":"unsubscribe","` + key + `":` + written + `}]`
			if code := post(body); code != 200 || len(r.got) != 1 {
				t.Fatalf("%s is answered with %d, and %d were taken", body, code, len(r.got))
			}
			want := want
			if want.IsZero() && key == "timestamp" {
				want = monday // when the batch was signed: it happened before
			}
			if got := r.got[0].At; !got.Equal(want) {
				t.Errorf("%s: %s, want %s", body, got, want)
			}
			r.got = nil
		}
	}
}
