package digest

import "time"

// Edit is what an editor did to an issue last, and all that stood there before,
// so that it can be undone.
type Edit struct {
	Editor   string // address
	At       time.Time
	What     string // "join", "part", "place", "order", "reword" or "undo"
	Sections []Section
	LeftOut  []LeftOut
	Notes    []Note
	Rulings  []Constraint // what had been said of articles that were joined or parted; without a Kind: nothing
	Lesson   Placement    // what had been said of the theme of a story that was placed; without a Theme: nothing, without a Story: none was
}
