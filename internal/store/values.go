package store

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"gorm.io/gorm/clause"
)

// micros is how a time is kept.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// span is how a duration is read.
func span(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

// each converts a slice; an empty one becomes nil.
func each[A, B any](in []A, f func(A) B) []B {
	if len(in) == 0 {
		return nil
	}
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = f(a)
	}
	return out
}

// eachValue converts the values of a map; an empty one becomes nil.
func eachValue[K comparable, A, B any](in map[K]A, f func(A) B) map[K]B {
	if len(in) == 0 {
		return nil
	}
	out := make(map[K]B, len(in))
	for k, a := range in {
		out[k] = f(a)
	}
	return out
}

// clean makes text from outside fit for PostgreSQL, which takes neither
// invalid UTF-8 nor NUL.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	return s
}

// maxKey is the longest text that goes into a unique index as it is: a row of
// a PostgreSQL index holds 2,700 bytes.
const maxKey = 1000

// keyed is clean for what stands in a unique index: a text too long for it is
// replaced by its hash.
func keyed(s string) string {
	s = clean(s)
	if len(s) <= maxKey {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// insertBatch is how many rows go into one statement, idBatch how many keys
// into one IN: SQLite takes 32,766 parameters, PostgreSQL 65,535.
const (
	insertBatch = 200
	idBatch     = 500
)

// chunks cuts a slice into batches.
func chunks[A any](in []A, size int) [][]A {
	var out [][]A
	for len(in) > size {
		out = append(out, in[:size])
		in = in[size:]
	}
	if len(in) > 0 {
		out = append(out, in)
	}
	return out
}

// onConflict is an upsert: a row whose key is there already gets the new
// values of the columns named; none named, it stays as it is.
func onConflict(key []string, update ...string) clause.OnConflict {
	c := clause.OnConflict{DoNothing: len(update) == 0, DoUpdates: clause.AssignmentColumns(update)}
	for _, k := range key {
		c.Columns = append(c.Columns, clause.Column{Name: k})
	}
	return c
}
