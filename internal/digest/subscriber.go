package digest

import "time"

// Subscriber is an e-mail address, known to the whole installation.
type Subscriber struct {
	ID          string
	Address     string // local part as typed, domain in lower case (ASCII form)
	Match       string // the address case-folded: unique
	Suppression Suppression
	Created     time.Time
}

// Suppression is why an address gets nothing any more.
type Suppression struct {
	Kind  SuppressionKind
	Since time.Time
	Text  string // the server's words
}

// SuppressionKind: what took an address off every list.
type SuppressionKind string

// The kinds of suppression; the empty kind is none.
const (
	Bounced    SuppressionKind = "bounced"
	Complained SuppressionKind = "complained"
	Erased     SuppressionKind = "erased"
	Barred     SuppressionKind = "barred" // by an operator, or a list brought along
)

// Subscription is one address on one newsletter.
type Subscription struct {
	ID         string
	Newsletter string
	Subscriber Subscriber
	State      SubscriptionState
	Name       string // optional, as given
	Language   Language
	Length     Length
	Without    string // IDs of the themes that are left out, set apart by spaces
	Consent    Consent
	Asked      time.Time // when the last confirmation mail went out
	AskedTimes int       // confirmation mails since the subscription was last pending
	Confirmed  time.Time
	Ended      time.Time
	Created    time.Time
}

// SubscriptionState is where a subscription stands.
type SubscriptionState string

// The states of a subscription.
const (
	Pending      SubscriptionState = "pending" // waits for the reader's confirmation
	Active       SubscriptionState = "active"
	Resting      SubscriptionState = "paused"
	Unsubscribed SubscriptionState = "unsubscribed"
)

// Consent is the proof that a reader asked for the letter (GDPR, 7).
type Consent struct {
	At     time.Time
	Source string // page or file it was given by
	Text   string // what the reader was shown
	IP     string // dropped after twelve months
}

// Receives tells whether a letter may be sent for this subscription.
func (s Subscription) Receives() bool {
	return s.State == Active && s.Subscriber.Suppression.Kind == ""
}
