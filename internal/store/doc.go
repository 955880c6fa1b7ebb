// Package store keeps everything: in SQLite within the program's own file, or
// in PostgreSQL when several machines share the work. One code serves both;
// what differs stands in dialect.go and in migrations/.
//
// Every noun has one file: its row (a struct of its own with gorm's tags),
// the conversions between row and noun, and the queries. Nothing is created
// or changed behind the caller's back: no AutoMigrate, hooks, Preload or soft
// delete.
//
// Times are kept as whole microseconds since 1970 UTC in 64-bit integers, 0
// for the zero time: they compare alike in both databases, and no driver
// guesses at zones. A time read back is UTC and cut to the microsecond.
// Durations are microseconds too. What is only ever read whole (the sections
// of an issue, a newsletter's themes) is JSON in a text column; the names of
// its fields are those of the row-side structs and stay as they are. Empty
// slices and maps come back nil.
//
// Methods fail with digest.ErrNotFound, digest.ErrConflict and
// digest.ErrNotApproved where their comments say so; any other error is the
// database's.
package store
