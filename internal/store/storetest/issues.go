package storetest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"hebdo/internal/digest"
)

// full is an issue with all fields set that a draft can have.
func full(newsletter, slot string) digest.Issue {
	sentence := digest.Sentence{Text: "Un modèle.", Article: "a1", Start: 3, End: 14, Language: digest.French}
	return digest.Issue{
		ID: NewID(), Newsletter: newsletter, Slot: slot, State: digest.InReview, Date: start, From: start.Add(-168 * time.Hour), To: start, Oldest: start.Add(-336 * time.Hour),
		Fronts: map[digest.Language]digest.Front{
			digest.French:  {Subject: "Un modèle, deux lois", Preheader: "Et trois puces", Essentials: []digest.Sentence{sentence}, Minutes: 7, ShortMinutes: 3},
			digest.English: {Subject: "One model"},
		},
		Sections: []digest.Section{{
			Theme: letter("x").Themes[0], Moved: true,
			Items: []digest.Item{{
				Story: "s1", Lead: true, Moved: true, Score: 0.75,
				Citations: []digest.Citation{{
					Article: "a1", Title: "Un modèle", URL: "https://phare.example/1", Source: "Le Phare", Authors: []string{"Anne"},
					Language: digest.French, Published: start.Add(-time.Hour), Minutes: 3, Image: "https://phare.example/1.png",
					Site: "Le Phare du Nord", ImageAlt: "Un phare, la nuit", ImageWidth: 1200, ImageHeight: 630,
				}, {Article: "a2", Title: "Sans date"}},
				Wordings: map[digest.Language]digest.Wording{digest.French: {
					Headline: "Un modèle", HeadlineLanguage: digest.French, Sentences: []digest.Sentence{sentence, {Text: "C’est peu.", Language: digest.French}}, Editor: "ada@example.org",
				}},
				Why:      []digest.Reason{{A: "a1", B: "a2", Shared: []string{"modèle"}, Score: 0.5}},
				Evidence: []digest.Evidence{{Name: "sources", Value: 2}},
				Earlier:  &digest.Earlier{Issue: "i0", Number: 6, Date: start.Add(-7 * 24 * time.Hour), Story: "s0", Headline: "Le début"},
			}},
		}},
		LeftOut: []digest.LeftOut{{Title: "Du sport", URL: "https://phare.example/2", Source: "Le Phare", Reason: "topic"}},
		Notes:   []digest.Note{{Level: digest.Warning, Stage: "collect", Code: "source.unreachable", Where: "https://x.example", Detail: "HTTP 500"}},
		Last: &digest.Edit{
			Editor: "ada@example.org", At: start.Add(time.Hour), What: "part", Sections: []digest.Section{{Theme: digest.Theme{ID: "x"}, Moved: true}},
			LeftOut: []digest.LeftOut{{Title: "Du vin", Reason: "topic"}}, Notes: []digest.Note{{Level: digest.Info, Code: "n"}},
			Rulings: []digest.Constraint{{A: "a", B: "b", Kind: digest.Join}, {A: "a", B: "c"}},
			Lesson:  digest.Placement{Issue: "i", Story: "s", Theme: "x", Was: "y", Title: "T", Text: "U", Language: "fr", Editor: "ada", At: start},
		},
		Created: start, Told: start.Add(time.Minute), Waited: 90 * time.Second, Remark: "À voir",
	}
}

var issueTests = map[string]func(*world){
	"an issue comes back as it was kept": func(w *world) {
		w.publish("week")
		want := full("week", "2026-11-23T06:00:00Z")
		saved := value[digest.Issue](w)(w.SaveIssue(w.ctx, want))
		want.Version = 1
		w.same(saved, want)
		w.same(value[digest.Issue](w)(w.Issue(w.ctx, want.ID)), want)
		w.same(value[digest.Issue](w)(w.IssueAt(w.ctx, "week", want.Slot)), want)
		w.same(value[digest.Issue](w)(w.LastIssue(w.ctx, "week")), want)
		again := value[digest.Issue](w)(w.SaveIssue(w.ctx, saved))
		want.Version = 2
		w.same(again, want)
		w.same(value[digest.Issue](w)(w.Issue(w.ctx, want.ID)), want)
	},
	"an issue nobody kept is not found": func(w *world) {
		_, err := w.Issue(w.ctx, "x")
		w.is(err, digest.ErrNotFound)
		_, err = w.IssueAt(w.ctx, "week", "x")
		w.is(err, digest.ErrNotFound)
		_, err = w.LastIssue(w.ctx, "week")
		w.is(err, digest.ErrNotFound)
		_, err = w.MoveIssue(w.ctx, "x", digest.Sending, start)
		w.is(err, digest.ErrNotFound)
		_, err = w.ApproveIssue(w.ctx, digest.Issue{ID: "x"}, editions())
		w.is(err, digest.ErrNotFound)
		_, err = w.SaveIssue(w.ctx, digest.Issue{ID: "x", Version: 1, State: digest.Draft})
		w.is(err, digest.ErrNotFound)
		_, err = w.SaveIssue(w.ctx, digest.Issue{Newsletter: "none", State: digest.Draft})
		w.is(err, digest.ErrNotFound)
	},
	"a slot has one issue": func(w *world) {
		w.publish("week")
		w.draft("week", "slot")
		_, err := w.SaveIssue(w.ctx, digest.Issue{Newsletter: "week", Slot: "slot", State: digest.Draft})
		w.is(err, digest.ErrConflict)
	},
	"of two who change an issue the second is told": func(w *world) {
		w.publish("week")
		read := w.draft("week", "slot")
		mine, theirs := read, read
		mine.Remark, theirs.Remark = "mine", "theirs"
		value[digest.Issue](w)(w.SaveIssue(w.ctx, mine))
		_, err := w.SaveIssue(w.ctx, theirs)
		w.is(err, digest.ErrConflict)
		_, err = w.ApproveIssue(w.ctx, read, editions())
		w.is(err, digest.ErrConflict)
		if got := value[digest.Issue](w)(w.Issue(w.ctx, read.ID)); got.Remark != "mine" {
			w.Fatalf("remark is %q", got.Remark)
		}
	},
	"of twenty who change an issue at once one succeeds": func(w *world) {
		w.publish("week")
		issue := w.draft("week", "slot")
		errs := together(20, func(i int) error {
			mine := issue
			mine.Remark = fmt.Sprint(i)
			_, err := w.SaveIssue(w.ctx, mine)
			return err
		})
		if won := count(errs, nil); won != 1 || count(errs, digest.ErrConflict) != 19 {
			w.Fatalf("%d succeeded: %v", won, errs)
		}
	},
	"issues are listed newest first, page by page": func(w *world) {
		w.publish("week")
		var all []digest.Issue
		for i := range 5 {
			all = append([]digest.Issue{w.draft("week", fmt.Sprint(i))}, all...)
			if i != 2 { // two of them were created in the same microsecond
				w.clock.advance(time.Hour)
			}
		}
		first := value[[]digest.Issue](w)(w.Issues(w.ctx, "week", "", 2))
		second := value[[]digest.Issue](w)(w.Issues(w.ctx, "week", first[1].ID, 2))
		third := value[[]digest.Issue](w)(w.Issues(w.ctx, "week", second[1].ID, 2))
		w.same(append(append(first, second...), third...), all)
		w.same(value[[]digest.Issue](w)(w.Issues(w.ctx, "week", "", 9, digest.Sent)), []digest.Issue(nil))
		w.same(len(value[[]digest.Issue](w)(w.Issues(w.ctx, "week", "", 9, digest.Sent, digest.InReview))), 5)
		_, err := w.Issues(w.ctx, "week", "x", 9)
		w.is(err, digest.ErrNotFound)
	},
	"the last issue is the newest by date in the states asked for": func(w *world) {
		w.publish("week")
		for i, state := range []digest.State{digest.InReview, digest.Skipped, digest.Draft} {
			value[digest.Issue](w)(w.SaveIssue(w.ctx, digest.Issue{Newsletter: "week", Slot: fmt.Sprint(i), State: state, Date: start.AddDate(0, 0, 7*i)}))
		}
		w.same(value[digest.Issue](w)(w.LastIssue(w.ctx, "week", digest.InReview, digest.Skipped)).Slot, "1")
		w.same(value[digest.Issue](w)(w.LastIssue(w.ctx, "week")).Slot, "2")
		_, err := w.LastIssue(w.ctx, "week", digest.Sent)
		w.is(err, digest.ErrNotFound)
	},
	"approval numbers an issue and freezes its editions": func(w *world) {
		w.publish("week")
		draft := value[digest.Issue](w)(w.SaveIssue(w.ctx, full("week", "slot")))
		draft.ApprovedBy, draft.Remark = "desk@letter.example", "Bien"
		var seen digest.Issue
		issue := value[digest.Issue](w)(w.ApproveIssue(w.ctx, draft, func(i digest.Issue) ([]digest.Edition, error) {
			seen = i
			return editions()(i)
		}))
		want := draft
		want.Number, want.State, want.Version, want.Approved = 1, digest.Approved, 2, w.clock.Now()
		w.same(issue, want)
		w.same(seen, want)
		w.same(value[digest.Issue](w)(w.Issue(w.ctx, draft.ID)), want)
		frozen, _ := editions()(want)
		w.same(value[[]digest.Edition](w)(w.Editions(w.ctx, draft.ID)), frozen)
	},
	"nothing is approved that could not be rendered": func(w *world) {
		w.publish("week")
		draft := w.draft("week", "slot")
		broken := errors.New("line 3: broken template")
		for _, render := range []func(digest.Issue) ([]digest.Edition, error){
			func(digest.Issue) ([]digest.Edition, error) { return nil, broken },
			func(digest.Issue) ([]digest.Edition, error) { return nil, nil },
		} {
			if _, err := w.ApproveIssue(w.ctx, draft, render); err == nil {
				w.Fatal("it was approved")
			}
		}
		w.same(value[digest.Issue](w)(w.Issue(w.ctx, draft.ID)), draft)
		w.same(w.approve(draft).Number, 1)
	},
	"an issue with a blocker is not approved": func(w *world) {
		w.publish("week")
		draft := w.draft("week", "slot")
		draft.Notes = []digest.Note{{Level: digest.Blocker, Code: "letter.broken"}}
		_, err := w.ApproveIssue(w.ctx, draft, editions())
		w.is(err, digest.ErrNotApproved)
	},
	"numbers have no gap when many are approved at once": func(w *world) {
		w.publish("week")
		w.publish("other")
		w.approve(w.draft("other", "0"))
		var drafts []digest.Issue
		for i := range 10 {
			drafts = append(drafts, w.draft("week", fmt.Sprint(i)))
		}
		numbers := make([]int, 11)
		var mu sync.Mutex
		errs := together(10, func(i int) error {
			render := editions()
			if i%5 == 4 {
				render = func(digest.Issue) ([]digest.Edition, error) { return nil, errors.New("broken") }
			}
			issue, err := w.ApproveIssue(w.ctx, drafts[i], render)
			mu.Lock()
			defer mu.Unlock()
			numbers[issue.Number]++
			return err
		})
		if count(errs, nil) != 8 {
			w.Fatalf("%v", errs)
		}
		w.same(numbers, []int{2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0})
	},
	"an edit takes an approved issue back to review, without editions and queue": func(w *world) {
		w.publish("week")
		w.subscribe("week", 3)
		issue := w.approve(w.draft("week", "slot"))
		w.same(value[int](w)(w.Enqueue(w.ctx, issue.ID, start)), 3)

		edited := issue
		edited.Fronts = map[digest.Language]digest.Front{digest.French: {Subject: "Corrigé"}}
		_, err := w.SaveIssue(w.ctx, edited) // still approved: its frozen editions would not say the same
		w.is(err, digest.ErrConflict)
		edited.State = digest.InReview
		edited = value[digest.Issue](w)(w.SaveIssue(w.ctx, edited))
		w.same(value[[]digest.Edition](w)(w.Editions(w.ctx, issue.ID)), []digest.Edition(nil))
		w.same(value[digest.Tally](w)(w.Tally(w.ctx, issue.ID)).All(), 0)
		if !edited.Approved.IsZero() || edited.ApprovedBy != "" {
			w.Fatal("it still says who approved it")
		}
		if again := w.approve(edited); again.Number != 1 || again.Fronts[digest.French].Subject != "Corrigé" {
			w.Fatalf("approved again it is %+v", again)
		}
	},
	"a rejected issue gives its number back": func(w *world) {
		w.publish("week")
		issue := w.approve(w.draft("week", "1"))
		issue = value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.InReview, start))
		issue = value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Rejected, start))
		w.same(issue.Number, 0)
		w.same(w.approve(w.draft("week", "2")).Number, 1)
	},
	"an issue is being sent until it is paused": func(w *world) {
		w.publish("week")
		issue := w.approve(w.draft("week", "1"))
		w.same(value[bool](w)(w.Sending(w.ctx, issue.ID)), false)
		for _, state := range []digest.State{digest.Sending, digest.Paused, digest.Sending} {
			value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, state, start))
			w.same(value[bool](w)(w.Sending(w.ctx, issue.ID)), state == digest.Sending)
		}
		w.same(value[bool](w)(w.Sending(w.ctx, "nothing")), false)
	},
	"an approved issue is approved by ApproveIssue alone": func(w *world) {
		w.publish("week")
		draft := w.draft("week", "slot")
		_, err := w.MoveIssue(w.ctx, draft.ID, digest.Approved, start)
		w.is(err, digest.ErrNotApproved)
		draft.State = digest.Approved
		_, err = w.SaveIssue(w.ctx, draft)
		w.is(err, digest.ErrNotApproved)
		_, err = w.SaveIssue(w.ctx, digest.Issue{Newsletter: "week", Slot: "new", State: digest.Approved})
		w.is(err, digest.ErrConflict)
	},
	"every step of the state machine, and no other": func(w *world) {
		w.publish("week")
		issue := w.draft("week", "slot")
		_, err := w.MoveIssue(w.ctx, issue.ID, digest.Sending, start)
		w.is(err, digest.ErrNotApproved)
		w.approve(issue)
		for _, to := range []digest.State{digest.Sending, digest.Paused, digest.Sending, digest.Sent, digest.Sending, digest.Sent, digest.Sending, digest.Cancelled} {
			issue = value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, to, w.clock.advance(time.Minute)))
			w.same(issue.State, to)
		}
		w.same(issue.Sent, start.Add(4*time.Minute)) // the first time
		w.same(issue.Version, 10)
		_, err = w.MoveIssue(w.ctx, issue.ID, digest.Sending, start)
		w.is(err, digest.ErrConflict)
		issue.State = digest.Draft
		_, err = w.SaveIssue(w.ctx, issue)
		w.is(err, digest.ErrConflict)
	},
	"what delivery has to say stands with the issue until its next move": func(w *world) {
		w.publish("week")
		draft := w.draft("week", "slot")
		draft.Notes = []digest.Note{{Level: digest.Info, Stage: "collect", Code: "source.dns"}}
		issue := w.approve(value[digest.Issue](w)(w.SaveIssue(w.ctx, draft)))
		before := issue.Notes
		value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sending, start))
		why := digest.Note{Level: digest.Warning, Stage: "deliver", Code: "deliver.stopped", Detail: "550 5.7.1"}
		value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Paused, start, why))
		w.same(value[digest.Issue](w)(w.Issue(w.ctx, issue.ID)).Notes, append(before, why))
		value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Sending, start))
		w.same(value[digest.Issue](w)(w.Issue(w.ctx, issue.ID)).Notes, before)
	},
	"of twenty who move an issue at once one succeeds": func(w *world) {
		w.publish("week")
		issue := w.approve(w.draft("week", "slot"))
		errs := together(20, func(int) error {
			_, err := w.MoveIssue(w.ctx, issue.ID, digest.Sending, start)
			return err
		})
		if count(errs, nil) != 1 || count(errs, digest.ErrConflict) != 19 {
			w.Fatalf("%v", errs)
		}
	},
	"an issue that is sending keeps its content": func(w *world) {
		issue := w.sending(1)
		issue.Remark = "En route"
		issue = value[digest.Issue](w)(w.SaveIssue(w.ctx, issue))
		issue.Notes = []digest.Note{{Code: "x"}}
		_, err := w.SaveIssue(w.ctx, issue)
		w.is(err, digest.ErrConflict)
	},
	"a rejected issue is drafted again": func(w *world) {
		w.publish("week")
		issue := value[digest.Issue](w)(w.MoveIssue(w.ctx, w.draft("week", "slot").ID, digest.Rejected, start))
		issue.State = digest.InReview
		w.same(value[digest.Issue](w)(w.SaveIssue(w.ctx, issue)).State, digest.InReview)
	},
	"readers find an issue by its number once it is on its way": func(w *world) {
		issue := w.sending(1)
		w.same(value[digest.Issue](w)(w.IssueNumbered(w.ctx, "week", 1)), issue)
		next := w.approve(w.draft("week", "next"))
		_, err := w.IssueNumbered(w.ctx, "week", next.Number)
		w.is(err, digest.ErrNotFound)
		_, err = w.IssueNumbered(w.ctx, "week", 0)
		w.is(err, digest.ErrNotFound)
		issue = value[digest.Issue](w)(w.MoveIssue(w.ctx, issue.ID, digest.Cancelled, start)) // some have it, and follow its links
		w.same(value[digest.Issue](w)(w.IssueNumbered(w.ctx, "week", 1)), issue)
	},
	"the wait for an objection leaves downtime out and counts no moment twice": func(w *world) {
		w.publish("week")
		issue := w.draft("week", "slot")
		wait := func(after time.Duration) time.Duration {
			w.Helper()
			return value[time.Duration](w)(w.CountWait(w.ctx, issue.ID, w.clock.advance(after), 2*time.Minute))
		}
		w.same(wait(time.Minute), time.Duration(0)) // nobody was told
		issue.Told = w.clock.Now()
		issue = value[digest.Issue](w)(w.SaveIssue(w.ctx, issue))
		w.same(wait(time.Minute), time.Minute)
		w.same(wait(0), time.Minute)              // another node
		w.same(wait(time.Hour), 3*time.Minute)    // the program was down
		w.same(wait(-time.Minute), 3*time.Minute) // a clock that lags
		issue.Remark = "a save by who read it before the count"
		issue = value[digest.Issue](w)(w.SaveIssue(w.ctx, issue))
		w.same(issue.Waited, 3*time.Minute)
		w.same(w.approve(issue).Waited, 3*time.Minute)
		w.same(wait(time.Hour), 3*time.Minute) // no objection is awaited any more
	},
	"corrections are kept with their issue": func(w *world) {
		w.publish("week")
		issue := w.draft("week", "slot")
		a := digest.Correction{IssueID: issue.ID, Editor: "desk@letter.example", At: start, What: "reject", Remark: "Trop long"}
		b := digest.Correction{IssueID: issue.ID, Editor: "desk@letter.example", At: start.Add(time.Hour), What: "approve"}
		w.must(w.AddCorrection(w.ctx, b))
		w.must(w.AddCorrection(w.ctx, a))
		w.same(value[[]digest.Correction](w)(w.Corrections(w.ctx, issue.ID)), []digest.Correction{a, b})
		w.is(w.AddCorrection(w.ctx, digest.Correction{IssueID: "x"}), digest.ErrNotFound)
	},
	"a story that is moved twice is kept once, with the theme it had first": func(w *world) {
		w.publish("week")
		w.publish("other")
		issue := w.draft("week", "slot")
		first := digest.Placement{
			Issue: issue.ID, Story: "s1", Theme: "security", Was: "products", Title: "Une faille", Text: "Corrigée.",
			Language: "fr", Editor: "desk@letter.example", At: start.Add(time.Hour),
		}
		second := digest.Placement{Issue: issue.ID, Story: "s2", Theme: "models", Was: "other", At: start}
		w.must(w.AddPlacement(w.ctx, "week", first))
		w.must(w.AddPlacement(w.ctx, "week", second))
		w.same(value[[]digest.Placement](w)(w.Placements(w.ctx, "week")), []digest.Placement{second, first})
		again := first
		again.Theme, again.Was, again.At = "research", "security", start.Add(2*time.Hour)
		w.must(w.AddPlacement(w.ctx, "week", again))
		again.Was = "products"
		w.same(value[[]digest.Placement](w)(w.Placements(w.ctx, "week")), []digest.Placement{second, again})
		w.same(len(value[[]digest.Placement](w)(w.Placements(w.ctx, "other"))), 0)
		w.must(w.AddPlacement(w.ctx, "week", digest.Placement{Issue: issue.ID, Story: "s1"}))
		w.same(value[[]digest.Placement](w)(w.Placements(w.ctx, "week")), []digest.Placement{second})
		w.is(w.AddPlacement(w.ctx, "week", digest.Placement{Issue: "x", Story: "s1", Theme: "models"}), digest.ErrNotFound)
	},
}

// together runs f for 0 to n-1 at the same time.
func together(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = f(i) })
	}
	all.Wait()
	return errs
}

// count counts the errors that are the given one.
func count(errs []error, want error) int {
	n := 0
	for _, err := range errs {
		if errors.Is(err, want) {
			n++
		}
	}
	return n
}
