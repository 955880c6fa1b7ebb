package store

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// enqueue adds a queued delivery for everyone who receives the issue's
// newsletter, has none yet, and of whom the condition holds, and tells how many
// it added. IDs begin after so many of the same moment.
func (s *Store) enqueue(tx *gorm.DB, issue issueRow, now time.Time, after int64, where string, args ...any) (int64, error) {
	var letter newsletterRow
	if err := tx.Where("slug = ?", issue.Newsletter).Take(&letter).Error; err != nil {
		return 0, err
	}
	var editions []editionRow
	if err := tx.Select("language", "length").Where("issue_id = ?", issue.ID).Find(&editions).Error; err != nil {
		return 0, err
	}
	if len(editions) == 0 {
		return 0, errors.New("it has no edition: nothing was frozen with its approval")
	}
	language, length, wishes := nearest(editions, string(letter.newsletter().MainLanguage()))
	all := append([]any{s.newIDsPrefix(), after, after, issue.ID}, wishes...)
	all = append(append(all, micros(now), issue.Newsletter), args...)
	result := tx.Exec(`
		INSERT INTO deliveries (id, issue_id, subscription_id, subscriber_id, language, length, state, node,
			not_before, attempts, first_tried, code, enhanced, reply, message_id, updated)
		SELECT `+s.dialect.newIDs()+`, ?, s.id, s.subscriber_id, `+language+`, `+length+`, 'queued', '',
			0, 0, 0, 0, '', '', '', CAST(? AS BIGINT)
		FROM subscriptions s
		JOIN subscribers r ON r.id = s.subscriber_id
		WHERE s.newsletter = ? AND s.state = 'active' AND r.suppression = '' `+where+`
		ORDER BY s.id
		ON CONFLICT (issue_id, subscriber_id) DO NOTHING`, all...)
	return result.RowsAffected, result.Error
}

// nearest gives expressions for the language and the length of the edition that
// a subscription gets, with their arguments: the one asked for, or else the
// nearest. There are few editions, and it is worked out once for all readers.
func nearest(editions []editionRow, main string) (language, length string, args []any) {
	pick := func(language, length string) editionRow {
		return slices.MinFunc(editions, func(a, b editionRow) int {
			for _, better := range []func(editionRow) bool{
				func(e editionRow) bool { return e.Language == language },
				func(e editionRow) bool { return e.Language == main },
				func(e editionRow) bool { return e.Length == length },
				func(e editionRow) bool { return e.Length == "full" },
			} {
				if better(a) != better(b) {
					if better(a) {
						return -1
					}
					return 1
				}
			}
			return cmp.Or(strings.Compare(a.Language, b.Language), strings.Compare(a.Length, b.Length))
		})
	}
	var languages, lengths []string
	for _, e := range editions {
		languages, lengths = append(languages, e.Language), append(lengths, e.Length)
	}
	slices.Sort(languages)
	slices.Sort(lengths)
	languages, lengths = slices.Compact(languages), slices.Compact(lengths)
	choose := func(of func(editionRow) string) string {
		var b strings.Builder
		inner := func(language string) {
			b.WriteString("CASE s.length")
			for _, l := range lengths {
				b.WriteString(" WHEN CAST(? AS TEXT) THEN CAST(? AS TEXT)")
				args = append(args, l, of(pick(language, l)))
			}
			b.WriteString(" ELSE CAST(? AS TEXT) END")
			args = append(args, of(pick(language, "")))
		}
		b.WriteString("CASE s.language")
		for _, l := range languages {
			b.WriteString(" WHEN CAST(? AS TEXT) THEN ")
			args = append(args, l)
			inner(l)
		}
		b.WriteString(" ELSE ")
		inner("")
		b.WriteString(" END")
		return b.String()
	}
	language = choose(func(e editionRow) string { return e.Language })
	length = choose(func(e editionRow) string { return e.Length })
	return language, length, args
}
