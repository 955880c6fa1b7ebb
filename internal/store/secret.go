package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

type secretRow struct {
	ID      int `gorm:"primaryKey;autoIncrement:false"`
	Key     []byte
	Created int64
}

func (secretRow) TableName() string { return "secrets" }

// Secret gives the key that signs the links of letters, and its ID, 1 to 255,
// which is part of every token. An empty database gets one from generate first;
// of several nodes that start at once one makes it and all get the same.
func (s *Store) Secret(ctx context.Context, generate func() ([]byte, error)) (id byte, key []byte, err error) {
	row, err := s.secret(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		if err = s.addSecret(ctx, generate); err == nil {
			row, err = s.secret(ctx)
		}
	}
	return byte(row.ID), row.Key, failed(err, "read the secret")
}

// secret is the newest, should a database hold several.
func (s *Store) secret(ctx context.Context) (row secretRow, err error) {
	err = s.reader(ctx).Order("id DESC").Take(&row).Error
	return row, err
}

// addSecret is done when there is one, whoever made it.
func (s *Store) addSecret(ctx context.Context, generate func() ([]byte, error)) error {
	key, err := generate()
	if err == nil && len(key) == 0 {
		err = errors.New("it is empty")
	}
	if err != nil {
		return fmt.Errorf("make a secret: %w", err)
	}
	row := secretRow{ID: 1, Key: key, Created: micros(s.now())}
	return s.writer(ctx).Clauses(onConflict([]string{"id"})).Create(&row).Error
}
