package store

import (
	"context"
	"time"

	"gorm.io/gorm"
)

type slotRow struct {
	Job     string `gorm:"primaryKey"`
	Slot    int64  `gorm:"primaryKey;autoIncrement:false"`
	Node    string
	Begun   int64
	Lease   int64
	Ended   int64
	Trouble string
}

func (slotRow) TableName() string { return "slots" }

// LastSlot is the latest slot of the job that was begun; the zero time if none was.
func (s *Store) LastSlot(ctx context.Context, job string) (time.Time, error) {
	var last int64
	err := s.reader(ctx).Model(&slotRow{}).Select("COALESCE(MAX(slot), 0)").Where("job = ?", job).Scan(&last).Error
	return instant(last), failed(err, "last slot of %s", job)
}

// BeginSlot writes that node runs the slot; false when another did already. A
// slot begun by a node that died is given again once lease has passed.
func (s *Store) BeginSlot(ctx context.Context, job string, slot time.Time, node string, now time.Time, lease time.Duration) (bool, error) {
	result := s.writer(ctx).Exec(`
		INSERT INTO slots (job, slot, node, begun, lease, ended, trouble) VALUES (?, ?, ?, ?, ?, 0, '')
		ON CONFLICT (job, slot) DO UPDATE SET node = excluded.node, begun = excluded.begun, lease = excluded.lease
		WHERE slots.ended = 0 AND slots.lease < excluded.begun`,
		job, micros(slot), node, micros(now), micros(now.Add(lease)))
	return result.RowsAffected == 1, failed(result.Error, "begin %s of %s", job, slot.UTC().Format(time.RFC3339))
}

// KeepSlot moves the end of the node's lease; false when the slot has ended, or
// was given to another node meanwhile. With the zero time the node lets go of
// it: it is given again at once.
func (s *Store) KeepSlot(ctx context.Context, job string, slot time.Time, node string, until time.Time) (bool, error) {
	result := s.writer(ctx).Model(&slotRow{}).Where("job = ? AND slot = ? AND node = ? AND ended = 0", job, micros(slot), node).
		Update("lease", micros(until))
	return result.RowsAffected == 1, failed(result.Error, "keep %s of %s", job, slot.UTC().Format(time.RFC3339))
}

// SlotOpen tells whether the slot was begun and has not ended.
func (s *Store) SlotOpen(ctx context.Context, job string, slot time.Time) (bool, error) {
	var open int64
	err := s.reader(ctx).Model(&slotRow{}).Where("job = ? AND slot = ? AND ended = 0", job, micros(slot)).Count(&open).Error
	return open > 0, failed(err, "whether %s of %s has ended", job, slot.UTC().Format(time.RFC3339))
}

// EndSlot writes how it ended; trouble is empty when it went well. A slot that
// was never begun fails with digest.ErrNotFound.
func (s *Store) EndSlot(ctx context.Context, job string, slot time.Time, now time.Time, trouble string) error {
	result := s.writer(ctx).Model(&slotRow{}).Where("job = ? AND slot = ?", job, micros(slot)).
		Updates(map[string]any{"ended": micros(now), "trouble": clean(trouble)})
	if result.Error == nil && result.RowsAffected == 0 {
		result.Error = gorm.ErrRecordNotFound
	}
	return failed(result.Error, "end %s of %s", job, slot.UTC().Format(time.RFC3339))
}
