package digest

import "time"

// Placement is an editor's word on the theme of a story: kept as an example,
// from which the themes of later issues are learned.
type Placement struct {
	Issue    string // ID
	Story    string // ID
	Theme    string // where the editor put it
	Was      string // where it stood before anybody moved it
	Title    string // of its leading article
	Text     string // the beginning of it
	Language Language
	Editor   string // address
	At       time.Time
}
