package store

import (
	"context"
	"fmt"

	"hebdo/internal/digest"
)

type constraintRow struct {
	Newsletter string `gorm:"primaryKey"`
	A          string `gorm:"primaryKey"`
	B          string `gorm:"primaryKey"`
	Kind       string
}

func (constraintRow) TableName() string { return "story_constraints" }

// AddConstraint keeps an editor's word on two articles; a later word on the
// same two replaces it, and one without a kind takes it back.
func (s *Store) AddConstraint(ctx context.Context, newsletter string, c digest.Constraint) error {
	a, b := keyed(c.A), keyed(c.B)
	if a == "" || b == "" || a == b {
		return fmt.Errorf("a constraint needs the keys of two articles, not %q and %q", c.A, c.B)
	}
	row := constraintRow{Newsletter: newsletter, A: min(a, b), B: max(a, b), Kind: string(c.Kind)}
	if c.Kind == "" {
		return failed(s.writer(ctx).Delete(&row).Error, "drop a constraint of %s", newsletter)
	}
	err := s.writer(ctx).Clauses(onConflict([]string{"newsletter", "a", "b"}, "kind")).Create(&row).Error
	return failed(err, "keep a constraint of %s", newsletter)
}

// Constraints gives the editors' word on which articles belong together.
func (s *Store) Constraints(ctx context.Context, newsletter string) ([]digest.Constraint, error) {
	var rows []constraintRow
	err := s.reader(ctx).Where("newsletter = ?", newsletter).Order("a, b").Find(&rows).Error
	return each(rows, func(r constraintRow) digest.Constraint {
		return digest.Constraint{A: r.A, B: r.B, Kind: digest.ConstraintKind(r.Kind)}
	}), failed(err, "list the constraints of %s", newsletter)
}
