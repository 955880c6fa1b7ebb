package digest

import (
	"fmt"
	"slices"
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
	switch {
	case r.Enhanced == "5.1.7", r.Enhanced == "5.1.8": // the sender's address is at fault (RFC 3463, 3.2)
		return false
	case r.Enhanced == "5.2.1":
		return true
	case r.Enhanced == "5.1.0": // "other address status": of the sender's address too
		return !r.says(senderWords) && !r.says(policyWords)
	case r.Enhanced != "":
		// A server that asked the sender's own about the return address quotes that answer, with its code.
		return strings.HasPrefix(r.Enhanced, "5.1.") && !r.says(senderWords)
	}
	if r.Code != 550 && r.Code != 551 && r.Code != 553 {
		return false
	}
	return r.says(goneWords) && !r.says(senderWords) && !r.says(policyWords)
}

// says tells whether one of the phrases stands in the server's words. Addresses
// and links are left out: spam@example.org is a reader like another.
func (r Refusal) says(phrases []string) bool {
	words := strings.Join(slices.DeleteFunc(strings.Fields(strings.ToLower(r.Text)), func(w string) bool {
		return strings.Contains(w, "@") || strings.Contains(w, "://") || strings.Contains(w, "www.")
	}), " ")
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(words, p) })
}

// goneWords are what servers without enhanced codes say of a mailbox that is not there.
var goneWords = []string{
	"user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox",
	"mailbox not found", "mailbox unavailable", "user not found", "recipient not found",
	"does not exist", "invalid recipient", "unknown recipient", "no mailbox here", "unrouteable address",
}

// senderWords say that the mailbox that is not there is the sender's: the return
// address or its domain, which some servers look up or try before they take a letter.
var senderWords = []string{
	"sender address", "sender's address", "sender domain", "sender's domain", "sender mailbox", "sender verif", "sender rejected",
	"sender refused", "sender denied", "sender blocked", "sender unknown", "sender not found", "sender does not exist",
	"unknown sender", "invalid sender", "bad sender", "from address", "return path", "return-path", "mail from command",
	"verification failed for", // Exim, before the answer it got about the return address
}

// policyWords say that the server, the list it asks or the letter is the
// reason, whatever the standard words before them ("mailbox unavailable").
var policyWords = []string{
	"policy", "aup#", "spam", "unsolicited", "blacklist", "black list", "blocklist", "block list", "blocked", "banned",
	"reputation", "access denied", "client host", "helo", "reverse dns", "ptr record", "invalid dns",
}
