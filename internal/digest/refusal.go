package digest

import (
	"fmt"
	"strings"
)

// Refusal is a mail server's no. Sending fails with it whenever the server
// answered; any other error means that no answer was had.
type Refusal struct {
	Permanent  bool   // 5xx: do not try again
	Code       int    // RFC 5321: 550
	Enhanced   string // RFC 3463: "5.1.1"; empty if the server gave none
	Text       string // the server's words
	Domain     string // of the recipient
	Connection bool   // the server refused the connection or the session, not this message or its recipient
}

func (r Refusal) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s %s", r.Code, r.Enhanced, r.Text))
}

// Bounces tells whether the refusal says that the mailbox is gone: 5.1.x but
// for the sender's own faults, 5.2.1, or a bare 550/551/553 whose words name the mailbox.
// Policy and content refusals (5.7.x and others) never do: one blocklist must not empty a list.
func (r Refusal) Bounces() bool {
	if !r.Permanent {
		return false
	}
	if r.Enhanced != "" {
		switch r.Enhanced {
		case "5.1.7", "5.1.8": // the sender's address is at fault (RFC 3463, 3.2)
			return false
		case "5.2.1":
			return true
		}
		return strings.HasPrefix(r.Enhanced, "5.1.")
	}
	if r.Code != 550 && r.Code != 551 && r.Code != 553 {
		return false
	}
	words := strings.ToLower(r.Text)
	for _, w := range goneWords {
		if strings.Contains(words, w) {
			return true
		}
	}
	return false
}

// goneWords are what servers without enhanced codes say of a mailbox that is not there.
var goneWords = []string{
	"user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox",
	"mailbox not found", "mailbox unavailable", "user not found", "recipient not found",
	"does not exist", "invalid recipient", "unknown recipient", "no mailbox here",
}
