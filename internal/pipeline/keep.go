package pipeline

import (
	"context"
	"time"

	"hebdo/internal/digest"
)

// Archive keeps the articles.
type Archive interface {
	// Waiting gives the newsletter's articles found since the given time that
	// are not extracted yet.
	Waiting(ctx context.Context, newsletter string, since time.Time) ([]digest.Article, error)
	// SaveArticles stores what extraction made of them. An article whose Key
	// the newsletter already has becomes an alias of that one.
	SaveArticles(ctx context.Context, articles []digest.Article) error
	// Material gives the articles that an issue is made of: those that became
	// ready in its window, when they were read or published, whichever was later,
	// and were published after its Oldest. It is the same whenever it is asked.
	Material(ctx context.Context, issue digest.Issue) ([]digest.Article, error)
	// ArticlesByID gives those of the articles that are still kept, in the order
	// of the IDs.
	ArticlesByID(ctx context.Context, ids []string) ([]digest.Article, error)
	// Constraints gives the editors' word on which articles belong together.
	Constraints(ctx context.Context, newsletter string) ([]digest.Constraint, error)
}

// Rulings keeps the editors' word on which articles belong together.
type Rulings interface {
	// AddConstraint keeps a word on two articles, by their keys; a later word on
	// the same two replaces it, and one without a kind takes it back.
	AddConstraint(ctx context.Context, newsletter string, c digest.Constraint) error
}

// Lessons keeps where editors put stories.
type Lessons interface {
	// AddPlacement keeps one; a later word on the same story of the same issue
	// replaces it, and one without a theme takes it back.
	AddPlacement(ctx context.Context, newsletter string, p digest.Placement) error
	// Placements gives those of a newsletter, the oldest first.
	Placements(ctx context.Context, newsletter string) ([]digest.Placement, error)
}

// Issues keeps the issues.
type Issues interface {
	// SaveIssue inserts an issue with Version 0, or updates the one whose
	// version is still issue.Version, and returns it with its new version.
	// ErrConflict when somebody changed it meanwhile or the key is taken.
	SaveIssue(ctx context.Context, issue digest.Issue) (digest.Issue, error)
	// Issue finds one by ID, IssueAt by newsletter and slot; digest.ErrNotFound.
	Issue(ctx context.Context, id string) (digest.Issue, error)
	IssueAt(ctx context.Context, newsletter, slot string) (digest.Issue, error)
	// Issues lists the newest first, at most limit, those created before the
	// issue of the given ID (empty: from the newest); states empty: all.
	Issues(ctx context.Context, newsletter, before string, limit int, states ...digest.State) ([]digest.Issue, error)
}

// Progress is what changes of an issue while no editor looks.
type Progress interface {
	// ApproveIssue gives the issue its number, the next without gaps, calls
	// render with the numbered issue, and stores issue and editions, all in one
	// transaction. The issue's state must allow it.
	ApproveIssue(ctx context.Context, issue digest.Issue, render func(digest.Issue) ([]digest.Edition, error)) (digest.Issue, error)
	// MoveIssue takes an issue to another state, as the state machine allows,
	// whoever else moves it at the same moment: digest.ErrConflict, ErrNotApproved.
	// Why, notes of the stage deliver, stands with the issue until its next move.
	MoveIssue(ctx context.Context, id string, to digest.State, now time.Time, why ...digest.Note) (digest.Issue, error)
	// CountWait adds to Issue.Waited the time since it was last counted (at
	// first: since Told), at most step, and returns the sum. However many nodes
	// count, no moment counts twice. It does not change the version.
	CountWait(ctx context.Context, id string, now time.Time, step time.Duration) (time.Duration, error)
	// Tally counts the issue's deliveries by state.
	Tally(ctx context.Context, id string) (digest.Tally, error)
	// NextDue is when there may be something to send of an issue that is being
	// sent; false when nothing is open, or it is not.
	NextDue(ctx context.Context, id string) (time.Time, bool, error)
}
