package digest

import "time"

// Editor is a person who may work at the desk.
type Editor struct {
	ID       string
	Address  string // e-mail, case-folded: unique
	Password string // argon2id hash in PHC form, never the password
	Language Language
	Created  time.Time
}

// Correction is what an editor changed in an issue, kept as an example to learn from.
type Correction struct {
	IssueID string
	Editor  string
	At      time.Time
	What    string // "approve", "reject", …
	Remark  string
}
