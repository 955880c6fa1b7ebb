package web

import (
	"context"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
	"hebdo/internal/render"
)

// Shelf is what can be read, by editors and readers alike.
type Shelf interface {
	Newsletters(ctx context.Context) ([]digest.Newsletter, error)
	Newsletter(ctx context.Context, slug string) (digest.Newsletter, error)
	Issue(ctx context.Context, id string) (digest.Issue, error)
	// IssueNumbered finds a sent, sending, paused or cancelled issue by its number.
	IssueNumbered(ctx context.Context, newsletter string, number int) (digest.Issue, error)
	// Issues lists the newest first, at most limit, those created before the
	// issue of the given ID (empty: from the newest); states empty: all.
	Issues(ctx context.Context, newsletter, before string, limit int, states ...digest.State) ([]digest.Issue, error)
}

// Desk is what an editor does.
type Desk interface {
	// Preview renders one edition as it is or would be sent.
	Preview(ctx context.Context, id string, v digest.Variant) (digest.Letter, error)
	Approve(ctx context.Context, id string, version int, editor, remark string) error
	// Reject takes an issue in review, or approved and not yet being sent.
	Reject(ctx context.Context, id string, version int, editor, remark string) error
	// Test sends one edition to one address; it is no delivery.
	Test(ctx context.Context, id string, v digest.Variant, to string) error
	// Progress counts the deliveries.
	Progress(ctx context.Context, id string) (digest.Tally, error)
}

// Readers is what a reader does; *audience.Book is one.
type Readers interface {
	Subscribe(ctx context.Context, r audience.Request) error
	Confirm(ctx context.Context, subscriptionID string) (digest.Subscription, error)
	Unsubscribe(ctx context.Context, subscriptionID string) (digest.Subscription, error)
	Prefer(ctx context.Context, subscriptionID string, p audience.Preferences) (digest.Subscription, error)
	Subscription(ctx context.Context, subscriptionID string) (digest.Subscription, error)
}

// Editors knows who may work at the desk.
type Editors interface {
	// Editor finds one by address, case-folded, or fails with digest.ErrNotFound.
	Editor(ctx context.Context, address string) (digest.Editor, error)
}

// Control moves an issue on its way. It fails with digest.ErrNotFound, and
// with digest.ErrConflict when the state machine does not allow the step.
type Control interface {
	// Move pauses (digest.Paused), begins or resumes (digest.Sending) or cancels
	// (digest.Cancelled) the sending of an issue.
	Move(ctx context.Context, id string, to digest.State, editor string) error
	// Readers counts those who would get an issue of a newsletter now.
	Readers(ctx context.Context, newsletter string) (int, error)
}

// Sorting is an editor's word on which articles are one story, in this issue
// and in later ones, and on where a story belongs. All fail with
// digest.ErrConflict unless the issue is in review or approved and of the version
// that was seen, with digest.ErrNotFound when it has no such story, article or
// theme. An approved issue goes back to review.
type Sorting interface {
	// Join makes one story of two.
	Join(ctx context.Context, id string, version int, story, with, editor string) error
	// Part takes an article out of a story for good.
	Part(ctx context.Context, id string, version int, story, article, editor string) error
	// Place puts a story under another theme, from which later issues learn.
	Place(ctx context.Context, id string, version int, story, theme, editor string) error
	// Order moves a theme, or a story within its theme (story empty: the theme
	// itself), one place up or down.
	Order(ctx context.Context, id string, version int, theme, story string, up bool, editor string) error
}

// Revising changes what an issue says. All fail with digest.ErrConflict unless
// the issue is in review or approved and of the version that was seen. An
// approved issue goes back to review.
type Revising interface {
	// Reword puts an editor's words in the place of a story's, in the languages
	// given; one in which nothing is new stays. It fails with digest.ErrNotFound
	// when the issue has no such story or language, with digest.ErrNoWords and
	// digest.ErrTooLong.
	Reword(ctx context.Context, id string, version int, story string, words map[digest.Language]digest.Words, editor string) error
	// Undo takes back the last edit, digest.Issue.Last, whoever made it; once more,
	// and it is there again. It fails with digest.ErrNotFound where there is none.
	Undo(ctx context.Context, id string, version int, editor string) error
}

// Views prepares an issue for its readers; *render.Renderer is one.
type Views interface {
	View(issue digest.Issue, nl digest.Newsletter, v digest.Variant) render.IssueView
	Atom(nl digest.Newsletter, lang digest.Language, issues []digest.Issue) ([]byte, error)
}
