package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"gorm.io/gorm"
)

type sessionRow struct {
	Token  string `gorm:"primaryKey"`
	Data   []byte
	Expiry int64
}

func (sessionRow) TableName() string { return "sessions" }

// Sessions keeps the desk's sessions in the shape that alexedwards/scs asks
// for (Store, CtxStore, IterableStore, IterableCtxStore). A token is kept as
// its hash only: who reads the database cannot take over a session.
type Sessions struct{ store *Store }

// Sessions gives the desk's sessions.
func (s *Store) Sessions() *Sessions { return &Sessions{store: s} }

// FindCtx gives the data of a session; false if there is none or it expired.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var row sessionRow
	err := s.store.reader(ctx).Where("token = ? AND expiry > ?", hashToken(token), micros(s.store.now())).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, failed(err, "find a session")
	}
	return row.Data, true, nil
}

// CommitCtx keeps a session's data until expiry, in the place of what was kept before.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	row := sessionRow{Token: hashToken(token), Data: data, Expiry: micros(expiry)}
	if row.Data == nil {
		row.Data = []byte{}
	}
	err := s.store.writer(ctx).Clauses(onConflict([]string{"token"}, "data", "expiry")).Create(&row).Error
	return failed(err, "keep a session")
}

// DeleteCtx ends a session; one that is not kept is no error. It takes a token
// or a key of AllCtx.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	err := s.store.writer(ctx).Where("token IN ?", []string{hashToken(token), token}).Delete(&sessionRow{}).Error
	return failed(err, "end a session")
}

// AllCtx gives the data of all sessions that did not expire. The keys are the
// tokens' hashes: they end a session, but do not open one.
func (s *Sessions) AllCtx(ctx context.Context) (map[string][]byte, error) {
	var rows []sessionRow
	if err := s.store.reader(ctx).Where("expiry > ?", micros(s.store.now())).Find(&rows).Error; err != nil {
		return nil, failed(err, "list sessions")
	}
	all := make(map[string][]byte, len(rows))
	for _, row := range rows {
		all[row.Token] = row.Data
	}
	return all, nil
}

// Find is FindCtx for callers without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// All is AllCtx for callers without a context.
func (s *Sessions) All() (map[string][]byte, error) { return s.AllCtx(context.Background()) }

// hashToken needs no salt: a token is 32 random bytes.
func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
