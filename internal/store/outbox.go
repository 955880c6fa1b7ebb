package store

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Settle writes how sending ended, for the rows of one issue that the node
// still holds: State, NotBefore, Attempts, FirstTried, Code, Enhanced, Reply,
// MessageID, Updated. The others are left as they are. A row in bounced (delivery IDs) is also
// marked as a bounced address, in the same transaction, and so is who was
// refused softly for digest.SoftLimit issues in a row. State may be
// Delivered, Deferred, Refused, Unsure, or Queued to give a claim back.
func (s *Store) Settle(ctx context.Context, node string, done []digest.Delivery, bounced []string) error {
	_, err := s.Turn(ctx, node, done, bounced, nil, time.Time{})
	return err
}

func (s *Store) tellLate(ctx context.Context, node string, late int) {
	if late > 0 {
		s.log.LogAttrs(ctx, slog.LevelWarn, "deliveries were settled too late: the lease was over",
			slog.String("node", node), slog.Int("deliveries", late))
	}
}

// errOther: what lies between the rows of a stretch was changed as well.
var errOther = errors.New("other rows than expected were changed")

// carefully runs f in a transaction. Mostly there is nothing between the rows
// that f changes together, and to count them is enough; when it is not, nothing
// is changed, and f is called anew with careful set. What f returns is called
// when all is written.
func (s *Store) carefully(ctx context.Context, f func(tx *gorm.DB, q swift, careful bool) (then func(), err error)) error {
	var then func()
	run := func(careful bool) error {
		return s.ledger(ctx, func(tx *gorm.DB, q swift) (err error) {
			then, err = f(tx, q, careful)
			return err
		})
	}
	err := run(false)
	if errors.Is(err, errOther) {
		err = run(true)
	}
	if err == nil {
		then()
	}
	return err
}

// settleAll is Settle within a transaction; it counts what was still the node's.
func (s *Store) settleAll(tx *gorm.DB, q swift, node string, done []digest.Delivery, bounced []string, careful bool) (int, error) {
	for at, batch := range chunks(done, insertBatch) {
		ids, err := s.settle(q, node, batch, careful)
		if err != nil {
			return 0, err
		}
		if !careful {
			continue
		}
		if at == 0 {
			done = nil
		}
		for _, d := range batch {
			if slices.Contains(ids, d.ID) {
				done = append(done, d)
			}
		}
	}
	bounced = slices.DeleteFunc(slices.Clone(bounced), func(id string) bool {
		return !slices.ContainsFunc(done, func(d digest.Delivery) bool { return d.ID == id })
	})
	if err := s.markBounced(tx, bounced); err != nil {
		return 0, err
	}
	return len(done), s.countMissed(tx, done)
}
