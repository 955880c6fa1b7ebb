package store

import (
	"strings"

	"hebdo/internal/digest"
)

// outcome is what Settle writes of a delivery. Most of a group have the same:
// what differs in a message's ID is the delivery's own.
type outcome struct {
	state                          digest.DeliveryState
	notBefore, firstTried, updated int64
	attempts, code                 int
	enhanced, reply, messageID     string
}

// ownID stands for a delivery's ID within its message's.
const ownID = "{id}"

func outcomeOf(d digest.Delivery) outcome {
	return outcome{
		state: d.State, notBefore: micros(d.NotBefore), firstTried: micros(d.FirstTried), updated: micros(d.Updated),
		attempts: d.Attempts, code: d.Code, enhanced: clean(d.Enhanced), reply: clean(d.Reply),
		messageID: clean(strings.Replace(d.MessageID, d.ID, ownID, 1)),
	}
}

// alike parts deliveries by how they ended, which for most groups is one way.
func alike(done []digest.Delivery) map[outcome][]digest.Delivery {
	parts := map[outcome][]digest.Delivery{}
	for len(done) > 0 {
		end, n := outcomeOf(done[0]), 1
		for n < len(done) && outcomeOf(done[n]) == end {
			n++
		}
		if parts[end] == nil {
			parts[end] = done[:n:n]
		} else {
			parts[end] = append(parts[end], done[:n]...)
		}
		done = done[n:]
	}
	return parts
}

func idOf(d digest.Delivery) string { return d.ID }

// settle writes deliveries that were in the node's hand, with one statement for
// all that ended alike. When anything between them would be changed as well it
// is errOther; with careful it writes one by one, and gives their IDs.
func (s *Store) settle(q swift, node string, done []digest.Delivery, careful bool) (settled []string, err error) {
	for end, some := range alike(done) {
		for _, part := range s.stretches(some, careful) {
			text, args := settling(end, node, part)
			if careful {
				some, err := q.texts(text+` RETURNING id`, args...)
				if err != nil {
					return nil, err
				}
				settled = append(settled, some...)
				continue
			}
			switch n, err := q.exec(text, args...); {
			case err != nil:
				return nil, err
			case n != len(part.ids):
				return nil, errOther
			}
		}
	}
	return settled, nil
}

// settling is the statement for those who ended alike. The reply for someone
// erased meanwhile is not kept: it may tell the address.
func settling(end outcome, node string, part stretch) (text string, args []any) {
	args = []any{part.key, node, string(end.state), end.notBefore, end.attempts, end.firstTried, end.code, end.enhanced,
		end.messageID, end.updated}
	reply := `''`
	if end.reply != "" {
		args = append(args, end.reply)
		reply = `CASE WHEN EXISTS (SELECT 1 FROM subscribers r WHERE r.id = deliveries.subscriber_id AND r.suppression = 'erased') THEN '' ELSE $11 END`
	}
	return `UPDATE deliveries SET node = $2, state = $3, not_before = $4, attempts = $5, first_tried = $6, code = $7, enhanced = $8,
			message_id = replace($9, '` + ownID + `', id), updated = $10, reply = ` + reply + `
		WHERE ` + part.where + ` AND state || '' = 'queued'`, args
}
