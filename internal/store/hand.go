package store

import (
	"slices"
	"strings"

	"hebdo/internal/digest"
)

// handRow is what a node has in its hands of an issue. In the ledger these
// deliveries are queued until it is known what became of them: one row written
// for each letter, and this one for every few, instead of three for each. A
// delivery is in one hand at most, and whoever writes to it locks the hand first.
type handRow struct {
	IssueID string `gorm:"primaryKey"`
	Node    string `gorm:"primaryKey"`
	Lease   int64  // until when
	Updated int64
	Claimed string // deliveries' IDs, a space between two
	Begun   string // those that are being sent
}

func (handRow) TableName() string { return "hands" }

// hand is a handRow taken up; none of its IDs is in both lists.
type hand struct {
	handRow
	claimed, begun []string
	sending        bool // its issue is
}

func (r handRow) open() hand {
	return hand{handRow: r, claimed: strings.Fields(r.Claimed), begun: strings.Fields(r.Begun)}
}

// hands gives those of the issue of which more holds.
func (s *Store) hands(q swift, issueID, more string, args ...any) (all []hand, err error) {
	err = q.query(func(rows scanner) error {
		var r handRow
		var state string
		err := rows.Scan(&r.IssueID, &r.Node, &r.Lease, &r.Updated, &r.Claimed, &r.Begun, &state)
		h := r.open()
		h.sending = state == string(digest.Sending)
		all = append(all, h)
		return err
	}, `SELECT issue_id, node, lease, updated, claimed, begun, (SELECT state FROM issues WHERE id = issue_id)
		FROM hands WHERE issue_id = $1 `+more, append([]any{issueID}, args...)...)
	return all, err
}

// hand locks that of a node. An empty one is of a node that holds nothing.
func (s *Store) hand(q swift, issueID, node string) (hand, error) {
	all, err := s.hands(q, issueID, `AND node = $2`+s.dialect.forUpdate, node)
	if err != nil || len(all) == 0 {
		return hand{handRow: handRow{IssueID: issueID, Node: node}}, err
	}
	return all[0], nil
}

// put writes a hand, or removes it when it is empty.
func (s *Store) put(q swift, h hand) error {
	if len(h.claimed)+len(h.begun) == 0 {
		_, err := q.exec(`DELETE FROM hands WHERE issue_id = $1 AND node = $2`, h.IssueID, h.Node)
		return err
	}
	_, err := q.exec(`INSERT INTO hands (issue_id, node, lease, updated, claimed, begun) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (issue_id, node) DO UPDATE SET lease = $3, updated = $4, claimed = $5, begun = $6`,
		h.IssueID, h.Node, h.Lease, h.Updated, strings.Join(h.claimed, " "), strings.Join(h.begun, " "))
	return err
}

// release takes deliveries out, and gives those that were in it.
func (h *hand) release(all []digest.Delivery) (had []digest.Delivery) {
	held := make(map[string]bool, len(h.claimed)+len(h.begun))
	for _, ids := range [][]string{h.claimed, h.begun} {
		for _, id := range ids {
			held[id] = true
		}
	}
	had = make([]digest.Delivery, 0, len(all))
	for _, d := range all {
		if held[d.ID] {
			had = append(had, d)
			held[d.ID] = false
		}
	}
	left := func(id string) bool { return !held[id] }
	h.claimed, h.begun = slices.DeleteFunc(h.claimed, left), slices.DeleteFunc(h.begun, left)
	return had
}

// begin moves those of the deliveries that are claimed to those begun, and
// gives their IDs.
func (h *hand) begin(next []digest.Delivery) (begun []string) {
	wanted := make(map[string]bool, len(next))
	for _, d := range next {
		wanted[d.ID] = true
	}
	h.claimed = slices.DeleteFunc(h.claimed, func(id string) bool {
		if wanted[id] {
			begun = append(begun, id)
		}
		return wanted[id]
	})
	h.begun = append(h.begun, begun...)
	return begun
}

// inHands are the IDs in all of them.
func inHands(all []hand) (ids []string) {
	for _, h := range all {
		ids = append(append(ids, h.claimed...), h.begun...)
	}
	return ids
}
