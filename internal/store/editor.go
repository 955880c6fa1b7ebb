package store

import (
	"context"
	"strings"

	"hebdo/internal/digest"
)

type editorRow struct {
	ID       string `gorm:"primaryKey"`
	Address  string
	Password string
	Language string
	Created  int64
}

func (editorRow) TableName() string { return "editors" }

// SaveEditor inserts an editor, or gives the one of that address (case-folded)
// a new password and language.
func (s *Store) SaveEditor(ctx context.Context, e digest.Editor) error {
	if e.ID == "" {
		e.ID = s.newID()
	}
	if e.Created.IsZero() {
		e.Created = s.now()
	}
	row := editorRow{
		ID: e.ID, Address: strings.ToLower(e.Address), Password: e.Password,
		Language: string(e.Language), Created: micros(e.Created),
	}
	err := s.writer(ctx).Clauses(onConflict([]string{"address"}, "password", "language")).Create(&row).Error
	return failed(err, "keep an editor")
}

// Editor finds one by address, case-folded, or fails with digest.ErrNotFound.
func (s *Store) Editor(ctx context.Context, address string) (digest.Editor, error) {
	var row editorRow
	err := s.reader(ctx).Where("address = ?", strings.ToLower(address)).Take(&row).Error
	return row.editor(), failed(err, "look up an editor")
}

// Editors lists all by address.
func (s *Store) Editors(ctx context.Context) ([]digest.Editor, error) {
	var rows []editorRow
	err := s.reader(ctx).Order("address").Find(&rows).Error
	return each(rows, editorRow.editor), failed(err, "list editors")
}

func (r editorRow) editor() digest.Editor {
	return digest.Editor{
		ID: r.ID, Address: r.Address, Password: r.Password,
		Language: digest.Language(r.Language), Created: instant(r.Created),
	}
}
