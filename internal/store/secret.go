package store

import (
	"context"
	"errors"
	"time"
)

type secretRow struct {
	ID      int `gorm:"primaryKey;autoIncrement:false"`
	Key     []byte
	Created int64
}

func (secretRow) TableName() string { return "secrets" }

// Key is a secret that signs, or once signed, the links of letters.
type Key struct {
	ID      byte // 1 to 255; part of every token
	Bytes   []byte
	Created time.Time
}

// Secret gives the newest key. An empty database gets one from generate first;
// of several nodes that start at once one makes it and all get the same.
func (s *Store) Secret(ctx context.Context, generate func() ([]byte, error)) (id byte, key []byte, err error) {
	keys, err := s.Secrets(ctx)
	if err == nil && len(keys) == 0 {
		if err = s.addSecret(ctx, 1, generate); err == nil {
			keys, err = s.Secrets(ctx)
		}
	}
	if err != nil {
		return 0, nil, err
	}
	return keys[0].ID, keys[0].Bytes, nil
}

// RotateSecret adds a key from generate, which signs from now on; the older ones
// go on verifying.
func (s *Store) RotateSecret(ctx context.Context, generate func() ([]byte, error)) error {
	keys, err := s.Secrets(ctx)
	if err != nil {
		return err
	}
	next := 1
	if len(keys) > 0 {
		next = int(keys[0].ID) + 1
	}
	return s.addSecret(ctx, next, generate)
}

// Secrets lists all keys, the newest first.
func (s *Store) Secrets(ctx context.Context) ([]Key, error) {
	var rows []secretRow
	err := s.reader(ctx).Order("id DESC").Find(&rows).Error
	return each(rows, func(r secretRow) Key {
		return Key{ID: byte(r.ID), Bytes: r.Key, Created: instant(r.Created)}
	}), failed(err, "read the secrets")
}

// addSecret is done when the ID is taken, by whomever.
func (s *Store) addSecret(ctx context.Context, id int, generate func() ([]byte, error)) error {
	if id > 255 {
		return errors.New("add a secret: all 255 key IDs are used")
	}
	key, err := generate()
	if err == nil && len(key) == 0 {
		err = errors.New("it is empty")
	}
	if err != nil {
		return failed(err, "make a secret")
	}
	row := secretRow{ID: id, Key: key, Created: micros(s.now())}
	err = s.writer(ctx).Clauses(onConflict([]string{"id"})).Create(&row).Error
	return failed(err, "keep a secret")
}
