package digest

import (
	"strings"
	"time"
)

// Returned is what came back about a letter after a server had taken it: a
// bounce mail, a complaint, a wish to leave, or the same from a relay's webhook.
type Returned struct {
	Kind           ReturnKind
	DeliveryID     string  // by a token made here; else empty
	SubscriptionID string  // by a token made here; else empty
	MessageID      string  // of the letter, without angle brackets; may be empty
	Address        string  // the recipient as it was named; may be empty
	Refusal        Refusal // of ReturnFailed: the last server's words
	// Trusted tells that whoever says so proved who they are, as a webhook's
	// signature does. A mail proves nothing but by the tokens in it.
	Trusted bool
	// At is when it was said: for a mail, when its mailbox got it, which unlike
	// its own date nobody else can choose. Zero: not told.
	At time.Time
}

// ReturnKind is what a returned message says.
type ReturnKind string

// The kinds of what comes back.
const (
	ReturnFailed     ReturnKind = "failed"     // the letter was not brought to its mailbox, for good
	ReturnDelayed    ReturnKind = "delayed"    // it is still being tried
	ReturnComplained ReturnKind = "complained" // its reader called it spam
	ReturnLeft       ReturnKind = "left"       // its reader wants no more of them
	ReturnAutomatic  ReturnKind = "automatic"  // a vacation reply or the like: says nothing
	ReturnDelivered  ReturnKind = "delivered"  // it arrived
	ReturnUnknown    ReturnKind = "unknown"    // for a person to read
)

// Effect is what was done about something that came back.
type Effect struct {
	Did          EffectKind
	SubscriberID string
	DeliveryID   string // whose row keeps the reply; may be empty
	Address      string // of the subscriber; may be empty
	Proven       bool   // it is certainly about a letter from here
}

// Changed tells whether anything was.
func (e Effect) Changed() bool { return e.Did != EffectNone && e.Did != EffectUnproven }

// EffectKind names an Effect.
type EffectKind string

// The effects of what comes back.
const (
	EffectNone       EffectKind = "none"       // it says nothing that would change anything, or was known
	EffectNoted      EffectKind = "noted"      // the delivery's row keeps it; the address stays on its lists
	EffectBounced    EffectKind = "bounced"    // the address is taken off every list
	EffectComplained EffectKind = "complained" // the same, at its reader's wish
	EffectLeft       EffectKind = "left"       // unsubscribed
	EffectUnproven   EffectKind = "unproven"   // nothing shows that it is about a letter from here
)

// SoftLimit is how many issues in a row, none of which arrived in between, an
// address may miss for a soft reason before it counts as gone.
const SoftLimit = 3

// Soft tells whether the refusal speaks of a mailbox or a way to it that may
// be well again: full, switched off, not reachable for too long. Such an
// address is lost only after SoftLimit issues. Neither a mailbox that is gone
// nor policy, content or protocol (x.5, x.6, x.7 of RFC 3463) is soft.
func (r Refusal) Soft() bool {
	if r.Bounces() || r.Code == 0 && r.Enhanced == "" {
		return false
	}
	class, detail, ok := strings.Cut(r.Enhanced, ".")
	if !ok {
		// A bare 452 or 552 is a full mailbox (RFC 5321, 4.2.2); any other bare code may be anything.
		return r.Code == 452 || r.Code == 552 || !r.Permanent
	}
	switch subject, _, _ := strings.Cut(detail, "."); subject {
	case "5", "6", "7":
		return false
	case "0":
		return class == "4"
	case "1":
		return class == "4" // 5.1.7 and 5.1.8 are the sender's own fault
	}
	return true // x.2 mailbox, x.3 mail system, x.4 network and routing
}
