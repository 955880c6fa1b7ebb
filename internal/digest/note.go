package digest

// Note is trouble that does not stop the work but that an editor should see.
type Note struct {
	Level  Level
	Stage  string // package that noticed it: "collect", "extract", …
	Code   string // message key without its "note." prefix: "source.unreachable"
	Where  string // URL, file or title it is about
	Detail string // facts such as "HTTP 404"; shown as they are, never translated
}

// Level says how much a Note matters.
type Level string

// The levels of notes.
const (
	Info    Level = "info"
	Warning Level = "warning"
	Blocker Level = "blocker" // an issue that carries one must not be approved
)
