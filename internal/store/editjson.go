package store

import (
	"time"

	"hebdo/internal/digest"
)

// editJSON is an issue's last edit.
type editJSON struct {
	Editor   string           `json:"editor"`
	At       time.Time        `json:"at"`
	What     string           `json:"what"`
	Sections []sectionJSON    `json:"sections,omitempty"`
	LeftOut  []leftOutJSON    `json:"left_out,omitempty"`
	Notes    []noteJSON       `json:"notes,omitempty"`
	Rulings  []constraintJSON `json:"rulings,omitempty"`
	Lesson   placementJSON    `json:"lesson,omitzero"`
}

type constraintJSON struct {
	A    string                `json:"a"`
	B    string                `json:"b"`
	Kind digest.ConstraintKind `json:"kind,omitempty"`
}

type placementJSON struct {
	Issue    string          `json:"issue"`
	Story    string          `json:"story"`
	Theme    string          `json:"theme,omitempty"`
	Was      string          `json:"was,omitempty"`
	Title    string          `json:"title,omitempty"`
	Text     string          `json:"text,omitempty"`
	Language digest.Language `json:"language,omitempty"`
	Editor   string          `json:"editor,omitempty"`
	At       time.Time       `json:"at,omitzero"`
}

func editToJSON(e *digest.Edit) *editJSON {
	if e == nil {
		return nil
	}
	return &editJSON{
		Editor: e.Editor, At: instant(micros(e.At)), What: e.What, Sections: each(e.Sections, sectionToJSON),
		LeftOut: each(e.LeftOut, func(l digest.LeftOut) leftOutJSON { return leftOutJSON(l) }),
		Notes:   each(e.Notes, func(n digest.Note) noteJSON { return noteJSON(n) }),
		Rulings: each(e.Rulings, func(c digest.Constraint) constraintJSON { return constraintJSON(c) }),
		Lesson:  placementJSON(e.Lesson),
	}
}

func (e *editJSON) edit() *digest.Edit {
	if e == nil {
		return nil
	}
	return &digest.Edit{
		Editor: e.Editor, At: e.At, What: e.What, Sections: each(e.Sections, sectionJSON.section),
		LeftOut: each(e.LeftOut, func(l leftOutJSON) digest.LeftOut { return digest.LeftOut(l) }),
		Notes:   each(e.Notes, func(n noteJSON) digest.Note { return digest.Note(n) }),
		Rulings: each(e.Rulings, func(c constraintJSON) digest.Constraint { return digest.Constraint(c) }),
		Lesson:  digest.Placement(e.Lesson),
	}
}
