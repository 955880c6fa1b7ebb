package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
	"hebdo/internal/store"
)

// published keeps a newsletter with one source, and gives that.
func published(t *testing.T, s *store.Store) digest.Source {
	t.Helper()
	err := s.SaveNewsletter(t.Context(), digest.Newsletter{
		Slug: "week", Name: "Week", Zone: "UTC", Sources: []digest.Source{{Kind: digest.SourceFeed, URL: "https://phare.example/feed"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	n, err := s.Newsletter(t.Context(), "week")
	if err != nil {
		t.Fatal(err)
	}
	return n.Sources[0]
}

// What is being kept while an issue is drafted was ready before the draft's
// end, and the next issue begins there: not to wait for it would lose it.
func TestMaterialWaitsForWhatIsBeingKept(t *testing.T) {
	forBoth(t, func(t *testing.T, url string) {
		s, other := opened(t, url, options()), open(t, url)
		source := published(t, s)
		if err := s.KeepFound(t.Context(), digest.SourceState{SourceID: source.ID}, []digest.Article{{Seen: "a", URL: "https://phare.example/a"}}); err != nil {
			t.Fatal(err)
		}
		tx := other.DB().Begin()
		defer tx.Rollback()
		end := time.Now()
		for _, step := range []string{"SELECT slug FROM newsletters FOR NO KEY UPDATE", "UPDATE articles SET state = 'extracted', ready = ?"} {
			var err error
			if strings.HasPrefix(step, "UPDATE") {
				err = tx.Exec(step, end.UnixMicro()).Error
			} else if tx.Name() == "postgres" {
				err = tx.Exec(step).Error
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		type answer struct {
			articles []digest.Article
			err      error
		}
		answered := make(chan answer, 1)
		go func() {
			articles, err := s.Material(context.WithoutCancel(t.Context()), digest.Issue{Newsletter: "week", To: end})
			answered <- answer{articles, err}
		}()
		select {
		case a := <-answered:
			t.Fatalf("it did not wait: %+v", a)
		case <-time.After(100 * time.Millisecond):
		}
		if err := tx.Commit().Error; err != nil {
			t.Fatal(err)
		}
		if a := <-answered; a.err != nil || len(a.articles) != 1 {
			t.Errorf("%+v", a)
		}
	})
}

// An archive grows for years; an issue reads a week of it.
func TestMaterialIsFoundByAnIndex(t *testing.T) {
	follows(t, `SELECT * FROM articles WHERE ready > 1 AND ready <= 2 AND `+store.NewsTime+` > 0
		AND (newsletter = 'week' AND alias_of = '') ORDER BY `+store.NewsTime+` DESC, id`, "articles_ready", "ready")
}

// The page of sources read the articles of all years to count those of a month.
func TestWhatSourcesBroughtIsFoundByAnIndex(t *testing.T) {
	where := strings.Replace(strings.Replace(store.FoundSince, "?", "'week'", 1), "?", "1", 1)
	follows(t, `SELECT source_id, COUNT(*) FROM articles WHERE `+where+` GROUP BY source_id`, "articles_found", "found")
}

// follows looks whether a query reads an index from a bound of the column on.
func follows(t *testing.T, query, index, column string) {
	t.Helper()
	forBoth(t, func(t *testing.T, url string) {
		s := opened(t, url, options())
		err := s.DB().Transaction(func(tx *gorm.DB) error {
			if tx.Name() == "postgres" { // it reads an empty table as a whole otherwise
				if err := tx.Exec("SET LOCAL enable_seqscan = off").Error; err != nil {
					return err
				}
			}
			explain := map[string]string{"sqlite": "EXPLAIN QUERY PLAN ", "postgres": "EXPLAIN "}[tx.Name()]
			var plan []map[string]any
			if err := tx.Raw(explain + query).Scan(&plan).Error; err != nil {
				return err
			}
			if said := fmt.Sprint(plan); !strings.Contains(said, index) || !strings.Contains(said, column+" >") && !strings.Contains(said, column+">?") {
				t.Errorf("the plan is %s", said)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A newsletter that has been going for long does not tell its articles again
// after the upgrade, and tells what it had missed.
func TestArticlesKeptBeforeAreReadySinceTheyWereFound(t *testing.T) {
	forBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		s.MigrateTo(t, 15)
		insert := func(query string, args ...any) {
			t.Helper()
			if err := s.DB().Exec(query, args...).Error; err != nil {
				t.Fatal(err)
			}
		}
		insert(newsletterOfVersionOne)
		insert(`INSERT INTO sources (id, newsletter, position, kind, url, name, language, weight, images, removed)
			VALUES ('s', 'week', 0, 'feed', 'https://phare.example/feed', '', '', 0, false, 0)`)
		for _, a := range []struct {
			id, url, state   string
			published, found int
		}{
			{"told", "u", "extracted", 90, 95}, {"missed", "u", "extracted", 90, 105}, {"old", "u", "extracted", 40, 105},
			{"ahead", "u", "revised", 103, 95}, {"dateless", "u", "extracted", 0, 102}, {"file", "", "extracted", 20, 103},
			{"unread", "u", "found", 101, 102},
		} {
			insert(`INSERT INTO articles (id, newsletter, source_id, source_name, seen, key, aliases, alias_of, url, title, authors,
				language, published, modified, found, excerpt, kind, text, faq, image, weight, state, raw_type, raw_body)
				VALUES (?, 'week', 's', '', ?, '', '[]', '', ?, '', '[]', '', ?, 0, ?, '', 'article', 'text', '', '', 0, ?, '', '')`,
				a.id, a.id, a.url, a.published, a.found, a.state)
		}
		insert(`INSERT INTO issues (id, newsletter, slot, number, state, version, date, from_at, to_at, fronts, sections, left_out,
			notes, created, told, waited, counted, approved, approved_by, sent, remark)
			VALUES ('i', 'week', 'one', 1, 'sent', 1, 100, 50, 100, '{}', '[]', '[]', '[]', 100, 0, 0, 0, 0, '', 0, '')`)
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		one, err := s.Issue(t.Context(), "i")
		if err != nil || !one.Oldest.Equal(one.From) {
			t.Fatalf("%+v, %v", one, err)
		}
		at := func(n int64) time.Time { return time.UnixMicro(n) }
		for _, c := range []struct {
			issue digest.Issue
			want  string
		}{
			{one, "told"},
			{digest.Issue{Newsletter: "week", From: at(100), To: at(200), Oldest: at(50)}, "ahead file dateless missed"},
		} {
			material, err := s.Material(t.Context(), c.issue)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range material {
				got = append(got, a.ID)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("from %s on: %v, want %s", c.issue.From, got, c.want)
			}
		}
	})
}
