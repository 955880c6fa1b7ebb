package mail

import (
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"
)

// maxMessages is how many messages of a mailbox are looked at.
const maxMessages = 1_000_000

// uids are the messages that a search found. A server answers in ranges: one
// of a few bytes may name more than fit into memory. None has the number zero
// (RFC 9051, 9, nz-number), which the library takes for "*" and panics over.
func uids(found *imap.SearchData) ([]imap.UID, error) {
	set, _ := found.All.(imap.UIDSet)
	count := int64(0)
	for _, r := range set {
		if r.Start == 0 || r.Stop == 0 {
			return nil, errors.New("the server names a message without a number")
		}
		if count += int64(r.Stop) - int64(r.Start) + 1; count > maxMessages {
			return nil, fmt.Errorf("the server names more than %d messages", maxMessages)
		}
	}
	return found.AllUIDs(), nil
}
