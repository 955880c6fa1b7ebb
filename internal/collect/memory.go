package collect

import (
	"context"

	"hebdo/internal/digest"
)

// Memory keeps what was seen of each source. All methods are safe for
// concurrent use.
type Memory interface {
	// SourceState is what the last visit left; a source never visited has a
	// state that holds its ID and nothing else.
	SourceState(ctx context.Context, sourceID string) (digest.SourceState, error)
	// Unseen gives those of the names (Article.Seen) that the source has not
	// shown before, in the order given.
	Unseen(ctx context.Context, sourceID string, seen []string) ([]string, error)
	// Edited gives those of the names whose mark (Article.Mark) is another than
	// the one kept, as long as the article is young enough to be read again.
	Edited(ctx context.Context, sourceID string, marks map[string]string) ([]string, error)
	// KeepFound stores the state and the new articles in one transaction, so
	// that a validator is never kept without the articles it stands for. An
	// article whose Seen is already known to the source is passed over, unless
	// its state is digest.ArticleRevised: then it is a revision of that one.
	KeepFound(ctx context.Context, state digest.SourceState, found []digest.Article) error
	// MoveSource gives a source another address. digest.ErrConflict: the
	// newsletter has a source there already.
	MoveSource(ctx context.Context, sourceID, url string) error
}
