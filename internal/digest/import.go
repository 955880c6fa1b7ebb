package digest

import "time"

// Import is a file of readers on its way into a newsletter's list.
type Import struct {
	ID         string
	Key        string // of the file and how it is to be read: the same command finds its import again
	Newsletter string
	Dry        bool // nothing but counting
	Staged     int  // lines up to this one are staged
	Merged     int  // lines up to this one are in the list
	Counts     map[Outcome]int
	Created    time.Time
}

// Incoming is a line of an Import.
type Incoming struct {
	Line int
	// Reader is what is kept of an address not known yet, but for its Length,
	// which is empty where the file names none.
	Reader  Subscription
	Stated  SubscriptionState // that the file names; may be empty
	Outcome Outcome           // for an address not known yet
}

// Outcome is what becomes of a line.
type Outcome string

// The outcomes of a line.
const (
	ImportUnchanged  Outcome = "unchanged"  // already as the line says
	ImportActivated  Outcome = "activated"  // on the list
	ImportAsked      Outcome = "asked"      // pending; a confirmation mail is due
	ImportParted     Outcome = "parted"     // taken over as unsubscribed
	ImportLeft       Outcome = "left"       // unsubscribed earlier: nothing is done
	ImportSuppressed Outcome = "suppressed" // on no list, and kept so
	ImportDeclined   Outcome = "declined"   // the file says that there is no consent
)
