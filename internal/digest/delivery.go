package digest

import "time"

// Delivery is the ledger's row of one subscriber for one issue.
type Delivery struct {
	ID             string
	IssueID        string
	SubscriptionID string
	SubscriberID   string
	Address        string
	Name           string
	Variant        Variant
	Without        string // as in the Subscription, when it was claimed
	State          DeliveryState
	Node           string    // who claimed it
	Lease          time.Time // until when
	NotBefore      time.Time // deferred: the next try
	Attempts       int
	FirstTried     time.Time // or put off because its domain rests; zero: never
	Code           int       // of the server's last reply
	Enhanced       string    // RFC 3463: "5.1.1"
	Reply          string    // the server's words
	MessageID      string
	Updated        time.Time
	// Place is where it stood in its claim: between two with numbers that follow
	// each other there was, in the ledger, nothing else that could be claimed.
	// Zero: that is not known.
	Place int64
}

// DeliveryState is where one delivery stands.
type DeliveryState string

// queued → claimed → begun → delivered | deferred | refused | unsure.
//
// Begun ("sending" in the ledger) is committed before MAIL FROM. A claim that
// expires goes back to the queue; only an expired Begun becomes Unsure: perhaps
// accepted, listed, never sent again by itself.
const (
	Queued    DeliveryState = "queued"
	Claimed   DeliveryState = "claimed"
	Begun     DeliveryState = "sending"
	Delivered DeliveryState = "sent"
	Deferred  DeliveryState = "deferred"
	Refused   DeliveryState = "refused"
	Unsure    DeliveryState = "unsure"
)

// Final tells whether nothing more happens to it by itself.
func (s DeliveryState) Final() bool { return s == Delivered || s == Refused || s == Unsure }

// Tally counts the deliveries of an issue by state.
type Tally struct {
	Queued, Claimed, Begun, Delivered, Deferred, Refused, Unsure int
}

// All is the number of recipients.
func (t Tally) All() int {
	return t.Queued + t.Claimed + t.Begun + t.Delivered + t.Deferred + t.Refused + t.Unsure
}

// Open is the number that something will still happen to.
func (t Tally) Open() int { return t.Queued + t.Claimed + t.Begun + t.Deferred }

// Count adds n deliveries in state s.
func (t *Tally) Count(s DeliveryState, n int) {
	switch s {
	case Queued:
		t.Queued += n
	case Claimed:
		t.Claimed += n
	case Begun:
		t.Begun += n
	case Delivered:
		t.Delivered += n
	case Deferred:
		t.Deferred += n
	case Refused:
		t.Refused += n
	case Unsure:
		t.Unsure += n
	}
}

// Claim asks the ledger for work.
type Claim struct {
	IssueID string
	Node    string // name of the process, unique among those alive
	Limit   int
	Now     time.Time
	Lease   time.Duration
}
