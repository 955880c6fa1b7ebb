package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hebdo/internal/digest"
)

// patience is how long an article that cannot be read is tried again.
const patience = 14 * 24 * time.Hour

// Harvest is what a round of collecting brought.
type Harvest struct {
	Found int // articles not seen before
	Read  int // of those and of earlier ones: read now, and found to be articles
	Notes []digest.Note
}

// readable counts what an issue may use of what was tried.
func readable(tried []digest.Article) int {
	n := 0
	for _, a := range tried {
		if a.State == digest.ArticleExtracted && a.Readable() {
			n++
		}
	}
	return n
}

// Bell tells the newsletter's editor.
type Bell interface {
	// Drafted says that an issue waits for review, or was skipped; an error
	// means that the mail was not accepted, or that another process writes it.
	Drafted(ctx context.Context, nl digest.Newsletter, issue digest.Issue) error
	// Stopped says that sending was paused because the mail server takes
	// nothing, and what it said.
	Stopped(ctx context.Context, nl digest.Newsletter, issue digest.Issue, why error) error
}

// begin finds the slot's issue, or makes a new one, with its window: from where
// the last issue ended, else the newsletter's own. What came to hand in it may
// be older, as old as what the last issue's end would have let in: it was found
// late, or its source is new. Drafted again, an issue begins where it did.
func (p *Pipeline) begin(ctx context.Context, nl digest.Newsletter, slot string) (digest.Issue, error) {
	now := p.Now()
	issue, err := p.Issues.IssueAt(ctx, nl.Slug, slot)
	switch {
	case errors.Is(err, digest.ErrNotFound):
		issue = digest.Issue{ID: p.NewID(), Newsletter: nl.Slug, Slot: slot, State: digest.Draft, Created: now}
	case err != nil:
		return issue, err
	case issue.State == digest.Approved || !issue.State.Editable() && issue.State != digest.Skipped:
		return issue, fmt.Errorf("the issue %s of %s is %s and is not drafted again: %w", slot, nl.Slug, issue.State, digest.ErrConflict)
	}
	earlier, err := p.Issues.Issues(ctx, nl.Slug, "", remembered, digest.Approved, digest.Sending, digest.Paused, digest.Sent)
	if err != nil {
		return issue, err
	}
	issue.Oldest = issue.Created.Add(-nl.WindowOrDefault())
	issue.From = issue.Oldest
	if len(earlier) > 0 {
		last := slices.MaxFunc(earlier, func(a, b digest.Issue) int { return a.To.Compare(b.To) })
		issue.From, issue.Oldest = last.To, last.To.Add(-nl.WindowOrDefault())
	}
	issue.To, issue.Date = now, dayOf(nl, slot, now)
	return issue, nil
}

// dayOf is the day on the letter: that of its slot, or today for one made by hand.
func dayOf(nl digest.Newsletter, slot string, now time.Time) time.Time {
	zone, err := time.LoadLocation(nl.Zone)
	if err != nil {
		zone = time.UTC
	}
	if at, err := time.Parse(time.RFC3339, slot); err == nil {
		now = at
	}
	return now.In(zone)
}

// propose stores the composed issue as it stands for review.
func (p *Pipeline) propose(ctx context.Context, nl digest.Newsletter, issue, composed digest.Issue) (digest.Issue, error) {
	issue.Fronts, issue.Sections, issue.LeftOut = composed.Fronts, composed.Sections, composed.LeftOut
	issue.Notes, issue.Last = composed.Notes, nil
	issue.Told, issue.Waited, issue.Remark = time.Time{}, 0, ""
	issue.State = digest.InReview
	if n := issue.Stories(); n == 0 || n < nl.MinStories {
		issue.State = digest.Skipped
		issue.Notes = append(issue.Notes, digest.Note{
			Level: digest.Warning, Stage: "compose", Code: "week.thin", Where: issue.Slot,
			Detail: fmt.Sprintf("%d < %d", n, max(1, nl.MinStories)),
		})
	}
	saved, err := p.Issues.SaveIssue(ctx, issue)
	if err != nil {
		return saved, fmt.Errorf("storing the issue %s of %s: %w", issue.Slot, nl.Slug, err)
	}
	return p.tell(ctx, nl, saved)
}

// tell writes to the editor, once; a mail that was not accepted is tried again
// at a later Tick, and the wait for objections has not begun.
func (p *Pipeline) tell(ctx context.Context, nl digest.Newsletter, issue digest.Issue) (digest.Issue, error) {
	if nl.Editor == "" || !issue.Told.IsZero() {
		return issue, nil
	}
	if err := p.Bell.Drafted(ctx, nl, issue); err != nil {
		return issue, nil //nolint:nilerr // tried again: Told stays empty
	}
	told := p.Now()
	for {
		issue.Told = told
		saved, err := p.Issues.SaveIssue(ctx, issue)
		if !errors.Is(err, digest.ErrConflict) {
			return saved, err
		}
		// The editor was quick; or a draft was made anew, of which he is not told yet.
		drafted := issue.To
		if issue, err = p.Issues.Issue(ctx, issue.ID); err != nil || !issue.Told.IsZero() || !issue.To.Equal(drafted) {
			return issue, err
		}
	}
}

// pictured are the sources that allow their pictures to be shown, by ID.
func pictured(sources []digest.Source) map[string]bool {
	allowed := map[string]bool{}
	for _, s := range sources {
		if s.Images {
			allowed[s.ID] = true
		}
	}
	return allowed
}

// share is how many stories one source may lead, as compose.Plan.PerSource says
// it: no limit where there are too few sources to share an issue.
func share(sources []digest.Source) int {
	if len(sources) < 3 {
		return -1
	}
	return 0
}
