package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

type importRow struct {
	ID         string `gorm:"primaryKey"`
	Key        string
	Newsletter string
	Dry        bool
	Staged     int
	Merged     int
	Counts     string
	Created    int64
}

func (importRow) TableName() string { return "imports" }

type importLineRow struct {
	ImportID       string `gorm:"primaryKey"`
	Line           int    `gorm:"primaryKey"`
	Repeats        int
	Outcome        string
	SubscriptionID string
	SubscriberID   string
	Address        string
	Match          string
	State          string
	Stated         string
	Name           string
	Language       string
	Length         string
	Without        string
	ConsentAt      int64
	ConsentSource  string
	ConsentText    string
	ConsentIP      string
}

func (importLineRow) TableName() string { return "import_lines" }

// importKept is how long an import that nobody goes on with is kept.
const importKept = 7 * 24 * time.Hour

// endBatch is how many staged lines one transaction drops.
const endBatch = 2000

// BeginImport finds the import with the key that was not ended, or begins one.
// Imports that nobody went on with for a week are dropped.
func (s *Store) BeginImport(ctx context.Context, want digest.Import) (digest.Import, error) {
	var old []string
	err := s.reader(ctx).Model(&importRow{}).Where("created < ? AND key <> ?", micros(s.now().Add(-importKept)), want.Key).Pluck("id", &old).Error
	for _, id := range old {
		err = errors.Join(err, s.EndImport(ctx, id))
	}
	if err != nil {
		return digest.Import{}, failed(err, "drop imports that nobody ended")
	}
	row := importRow{ID: s.newID(), Key: want.Key, Newsletter: want.Newsletter, Dry: want.Dry, Counts: "{}", Created: micros(s.now())}
	err = s.change(ctx, func(tx *gorm.DB) error {
		if err := tx.Clauses(onConflict([]string{"key"})).Create(&row).Error; err != nil {
			return err
		}
		row = importRow{}
		return tx.Where("key = ?", want.Key).Take(&row).Error
	})
	return row.imported(), failed(err, "begin an import for %s", want.Newsletter)
}

func (r importRow) imported() digest.Import {
	i := digest.Import{ID: r.ID, Key: r.Key, Newsletter: r.Newsletter, Dry: r.Dry, Staged: r.Staged, Merged: r.Merged,
		Counts: map[digest.Outcome]int{}, Created: instant(r.Created)}
	_ = json.Unmarshal([]byte(r.Counts), &i.Counts) // written below; a fault shows as wrong counts, never as wrong readers
	return i
}

// Stage keeps lines of a file, those after i.Staged up to the line upTo, in
// one transaction, and returns the import as it then is. It fails with
// digest.ErrConflict when another process stages the same import.
func (s *Store) Stage(ctx context.Context, i digest.Import, upTo int, lines []digest.Incoming) (digest.Import, error) {
	rows := each(lines, func(l digest.Incoming) []any { return stagedValues(i.ID, l) })
	err := s.shortly(ctx, func() error {
		return s.bulk(ctx, "import_lines", stagedColumns, rows, func(exec execer) error {
			n, err := exec(`UPDATE imports SET staged = ? WHERE id = ? AND staged = ? AND merged = 0`, upTo, i.ID, i.Staged)
			if err == nil && n == 0 {
				err = fmt.Errorf("another process reads the same file: %w", digest.ErrConflict)
			}
			return err
		})
	})
	if err != nil {
		return i, failed(err, "stage %d lines", len(lines))
	}
	i.Staged = upTo
	return i, nil
}

var stagedColumns = []string{
	"import_id", "line", "repeats", "outcome", "subscription_id", "subscriber_id", "address", "match", "state", "stated",
	"name", "language", "length", "without", "consent_at", "consent_source", "consent_text", "consent_ip",
}

func stagedValues(id string, l digest.Incoming) []any {
	r, stated := l.Reader, string(l.Stated)
	if l.Outcome == digest.ImportSuppressed { // whatever state the file names, this is what counts of it
		stated = string(r.Subscriber.Suppression.Kind)
	}
	return []any{
		id, l.Line, 0, string(l.Outcome), r.ID, r.Subscriber.ID, clean(r.Subscriber.Address), clean(r.Subscriber.Match),
		string(r.State), stated, clean(r.Name), string(r.Language), string(r.Length), clean(r.Without), micros(r.Consent.At),
		clean(r.Consent.Source), clean(r.Consent.Text), clean(r.Consent.IP),
	}
}

// Repeats tells, in order, of every staged line whose address stands on
// another one that counts, and keeps it out of the list. What counts is the
// first line that suppresses the address, else the first that unsubscribes it,
// else the first that declines, else the first: a file put together of several
// brings back nobody whom one of them has off.
func (s *Store) Repeats(ctx context.Context, i digest.Import, tell func(line, kept int)) error {
	after := 0
	if i.Merged == 0 {
		// Read beside the writer: to find them takes longer than to mark them.
		rows, err := s.reader(ctx).Raw(`SELECT l.line, k.kept FROM import_lines l
			JOIN (SELECT match, COALESCE(MIN(CASE outcome WHEN 'suppressed' THEN line END), MIN(CASE outcome WHEN 'parted' THEN line END),
					MIN(CASE outcome WHEN 'declined' THEN line END), MIN(line)) AS kept
				FROM import_lines WHERE import_id = ? GROUP BY match HAVING COUNT(*) > 1) k ON k.match = l.match
			WHERE l.import_id = ? AND l.line <> k.kept`, i.ID, i.ID).Rows()
		if err != nil {
			return failed(err, "look for addresses that are named twice")
		}
		defer rows.Close()
		var batch []repeat
		for rows.Next() {
			var r repeat
			if err := rows.Scan(&r.Line, &r.Repeats); err != nil {
				return failed(err, "look for addresses that are named twice")
			}
			if batch = append(batch, r); len(batch) == idBatch {
				if err := s.markRepeats(ctx, i.ID, batch); err != nil {
					return err
				}
				batch = batch[:0]
			}
		}
		if err := errors.Join(rows.Err(), s.markRepeats(ctx, i.ID, batch)); err != nil {
			return failed(err, "mark addresses that are named twice")
		}
	}
	for {
		var page []repeat
		err := s.reader(ctx).Raw(`SELECT line, repeats FROM import_lines WHERE import_id = ? AND line > ? AND repeats > 0 ORDER BY line LIMIT ?`,
			i.ID, after, idBatch).Scan(&page).Error
		if err != nil || len(page) == 0 {
			return failed(err, "list addresses that are named twice")
		}
		for _, r := range page {
			tell(r.Line, r.Repeats)
			after = r.Line
		}
	}
}

type repeat struct{ Line, Repeats int }

func (s *Store) markRepeats(ctx context.Context, id string, batch []repeat) error {
	if len(batch) == 0 {
		return nil
	}
	mark := func(tx *gorm.DB) error {
		for _, r := range batch {
			if err := tx.Exec(`UPDATE import_lines SET repeats = ? WHERE import_id = ? AND line = ?`, r.Repeats, id, r.Line).Error; err != nil {
				return err
			}
		}
		return nil
	}
	return s.shortly(ctx, func() error { return s.change(ctx, mark) })
}

// Unasked lists the lines whose readers are to be asked to confirm, in order,
// those after the given line, at most limit.
func (s *Store) Unasked(ctx context.Context, id string, after, limit int) ([]digest.Incoming, error) {
	var rows []importLineRow
	err := s.reader(ctx).Where("import_id = ? AND line > ? AND repeats = 0 AND outcome = ?", id, after, string(digest.ImportAsked)).
		Order("line").Limit(limit).Find(&rows).Error
	return each(rows, importLineRow.incoming), failed(err, "list who is to be asked")
}

// EndImport forgets an import, in short transactions; repeated, it changes nothing.
func (s *Store) EndImport(ctx context.Context, id string) error {
	for {
		var dropped int64
		drop := func(tx *gorm.DB) error {
			result := tx.Exec(`DELETE FROM import_lines WHERE import_id = ? AND line <= (
				SELECT MAX(line) FROM (SELECT line FROM import_lines WHERE import_id = ? ORDER BY line LIMIT ?) AS page)`, id, id, endBatch)
			if dropped = result.RowsAffected; result.Error != nil || dropped > 0 {
				return result.Error
			}
			return tx.Exec(`DELETE FROM imports WHERE id = ?`, id).Error
		}
		err := s.shortly(ctx, func() error { return s.change(ctx, drop) })
		if err != nil || dropped == 0 {
			return failed(err, "end an import")
		}
	}
}

// shortly makes one of many short changes. Where SQLite's lock could not be
// had it tries again until ctx ends: nobody waits for an import, and processes
// that send may keep it for long.
func (s *Store) shortly(ctx context.Context, change func() error) error {
	for {
		begun := s.now()
		err := change()
		var code interface{ Code() int }
		const busy = 5 // sqlite.org/rescode.html; the further bits say why
		if errors.As(err, &code) && code.Code()&0xff == busy && ctx.Err() == nil && s.dialect.goose == sqliteDialect.goose {
			continue
		}
		if err != nil {
			return err
		}
		return s.giveWay(ctx, s.now().Sub(begun))
	}
}

// giveWay leaves the database to others for as long as it was held, where an
// issue is being sent: processes that wait for SQLite's lock are not served in
// turn, and one that takes it again at once would starve them.
func (s *Store) giveWay(ctx context.Context, held time.Duration) error {
	if s.dialect.goose != sqliteDialect.goose {
		return nil
	}
	var sending bool
	err := s.reader(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM issues WHERE state = 'sending')`).Scan(&sending).Error
	if err != nil || !sending {
		return failed(err, "look whether an issue is being sent")
	}
	rest := time.NewTimer(min(held, time.Second))
	defer rest.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-rest.C:
		return nil
	}
}

func (r importLineRow) incoming() digest.Incoming {
	line := digest.Incoming{
		Line: r.Line, Stated: digest.SubscriptionState(r.Stated), Outcome: digest.Outcome(r.Outcome),
		Reader: digest.Subscription{
			ID: r.SubscriptionID, State: digest.SubscriptionState(r.State), Name: r.Name,
			Subscriber: digest.Subscriber{ID: r.SubscriberID, Address: r.Address, Match: r.Match},
			Language:   digest.Language(r.Language), Length: digest.Length(r.Length), Without: r.Without,
			Consent: digest.Consent{At: instant(r.ConsentAt), Source: r.ConsentSource, Text: r.ConsentText, IP: r.ConsentIP},
		},
	}
	if line.Outcome == digest.ImportSuppressed {
		line.Stated, line.Reader.Subscriber.Suppression.Kind = "", digest.SuppressionKind(r.Stated)
	}
	return line
}
