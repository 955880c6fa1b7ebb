package digest

// Length is how much of each story an edition carries.
type Length string

// The lengths of an edition.
const (
	Full  Length = "full"
	Short Length = "short" // headlines and one sentence each
)

// Variant names one edition of an issue.
type Variant struct {
	Language Language
	Length   Length
}

// String gives the form of the command line: "fr/short".
func (v Variant) String() string { return string(v.Language) + "/" + string(v.Length) }

// Letter is an edition as rendered: what all its readers get, with marks where
// a reader's own links go. Lines end in LF; the mail writer makes CRLF.
type Letter struct {
	Variant   Variant
	Subject   string
	Preheader string
	HTML      string
	Text      string
	Parts     []Part // what not all readers get; none: all get the whole letter
}

// Whole is what readers get of a letter who leave nothing out.
func (l Letter) Whole() Letter {
	l.HTML, l.Text = told(l.HTML, l.Parts, true, nil), told(l.Text, l.Parts, false, nil)
	l.Parts = nil // their places are others now
	return l
}

// Marks stand in a Letter for what differs from reader to reader. They are
// https URLs of a name that never exists (RFC 6761), so that a letter whose
// marks were not replaced links nowhere.
const (
	MarkUnsubscribe = "https://unsubscribe.invalid/"
	MarkPreferences = "https://preferences.invalid/"
)

// Edition is a Letter frozen with an approval. Hash is the SHA-256 of its
// parts in hexadecimal; delivery refuses an edition that does not match it.
// Encoded is the body of its mails, ready for what differs from reader to
// reader; empty, or of another form, it is encoded when it is sent.
type Edition struct {
	IssueID string
	Letter  Letter
	Hash    string
	Encoded string
}
