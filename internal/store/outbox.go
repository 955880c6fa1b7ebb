package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Settle writes how sending ended, for the rows the node still holds: State,
// NotBefore, Attempts, FirstTried, Code, Enhanced, Reply, MessageID, Updated.
// The others are left as they are. A row in bounced (delivery IDs) is also
// marked as a bounced address, in the same transaction, and so is who was
// refused softly for digest.SoftLimit issues in a row. State may be
// Delivered, Deferred, Refused, Unsure, or Queued to give a claim back.
func (s *Store) Settle(ctx context.Context, node string, done []digest.Delivery, bounced []string) error {
	err := s.carefully(ctx, func(tx *gorm.DB, q swift, careful bool) (func(), error) {
		if err := s.lock(q, node, each(done, idOf)); err != nil {
			return nil, err
		}
		settled, err := s.settleAll(tx, q, node, done, bounced, careful)
		return func() { s.tellLate(ctx, node, len(done)-settled) }, err
	})
	return failed(err, "settle %d deliveries", len(done))
}

func (s *Store) tellLate(ctx context.Context, node string, late int) {
	if late > 0 {
		s.log.LogAttrs(ctx, slog.LevelWarn, "deliveries were settled too late: the lease was over",
			slog.String("node", node), slog.Int("deliveries", late))
	}
}

// errFewer: some of the rows were not the node's any more.
var errFewer = errors.New("fewer rows than expected are held")

// carefully runs f in a transaction. Mostly all rows are still the node's, and
// to count them is enough; when it is not, everything is done anew with careful
// set, and f finds out which. What f returns is called when all is written.
func (s *Store) carefully(ctx context.Context, f func(tx *gorm.DB, q swift, careful bool) (then func(), err error)) error {
	var then func()
	run := func(careful bool) error {
		return s.ledger(ctx, func(tx *gorm.DB, q swift) (err error) {
			then, err = f(tx, q, careful)
			return err
		})
	}
	err := run(false)
	if errors.Is(err, errFewer) {
		err = run(true)
	}
	if err == nil {
		then()
	}
	return err
}

// settleAll is Settle within a transaction; it counts what was still the node's.
func (s *Store) settleAll(tx *gorm.DB, q swift, node string, done []digest.Delivery, bounced []string, careful bool) (int, error) {
	for _, d := range done {
		if !d.State.Final() && d.State != digest.Deferred && d.State != digest.Queued {
			return 0, fmt.Errorf("settle delivery %s: %q is not how a sending ends", d.ID, d.State)
		}
	}
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
