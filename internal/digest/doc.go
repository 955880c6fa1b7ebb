// Package digest holds the nouns of a newsletter and what is always true of
// them: what an issue may become next, which refusal loses an address, what
// makes a newsletter's description valid. It imports the standard library
// only and carries no tags: rows, JSON and template views are structs of their
// own, where they are used.
//
// Times are UTC unless a field says otherwise. Identifiers are UUIDv7 text
// made by the program, never by a database.
package digest

import "errors"

// What every layer answers with; callers compare with errors.Is.
var (
	// ErrNotFound: nothing is kept under that name or key.
	ErrNotFound = errors.New("not found")
	// ErrConflict: somebody else changed it first, or the key is taken.
	ErrConflict = errors.New("changed by someone else meanwhile")
	// ErrNotApproved: an issue may not be sent before a person or the review
	// rule of its newsletter approved it.
	ErrNotApproved = errors.New("the issue is not approved")
)
