package store

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// Settle decides what a line means for an address that is known: the
// subscription to keep, and whether it changed.
type Settle = func(line digest.Incoming, known digest.Subscription) (digest.Subscription, digest.Outcome, bool)

// MergeImport brings the next lines of an import into its newsletter's list,
// at most limit of them, in one transaction; where the import is dry it only
// counts. Addresses not known yet are kept as the lines say; a suppression that
// a line names is kept as SaveSuppressed does, on no list. Of the others
// settle decides, by what is kept at this moment: known has no ID where the
// address is not on this newsletter's list. Nobody else changes a row between
// the two. It returns the import as it then is; all is merged when Merged
// stays as it was. Lines whose readers are to be asked stay for Unasked.
func (s *Store) MergeImport(ctx context.Context, i digest.Import, limit int, settle Settle) (digest.Import, error) {
	var row importRow
	merge := func(tx *gorm.DB) error {
		row = importRow{}
		if err := tx.Raw(`SELECT * FROM imports WHERE id = ?`+s.dialect.forUpdate, i.ID).Scan(&row).Error; err != nil {
			return err
		}
		if row.ID == "" {
			return gorm.ErrRecordNotFound
		}
		return s.merge(tx, &row, limit, settle)
	}
	if err := s.shortly(ctx, func() error { return s.change(ctx, merge) }); err != nil {
		return i, failed(err, "merge an import into %s", i.Newsletter)
	}
	return row.imported(), nil
}

// fresh are the lines of a page whose addresses are to be kept, as l.
const fresh = ` FROM import_lines l WHERE l.import_id = @id AND l.line > @from AND l.line <= @to AND l.repeats = 0 AND l.outcome <> 'declined' `

func (s *Store) merge(tx *gorm.DB, row *importRow, limit int, settle Settle) error {
	var page struct{ Top, Declined, Rest int }
	err := tx.Raw(`SELECT COALESCE(MAX(line), 0) AS top, COALESCE(SUM(CASE WHEN repeats = 0 AND outcome = 'declined' THEN 1 ELSE 0 END), 0) AS declined,
			COALESCE(SUM(CASE WHEN repeats = 0 AND outcome <> 'declined' THEN 1 ELSE 0 END), 0) AS rest
		FROM (SELECT line, repeats, outcome FROM import_lines WHERE import_id = ? AND line > ? ORDER BY line LIMIT ?) AS page`,
		row.ID, row.Merged, limit).Scan(&page).Error
	if err != nil || page.Top == 0 {
		return err
	}
	span := map[string]any{"id": row.ID, "from": row.Merged, "to": page.Top, "newsletter": row.Newsletter, "now": micros(s.now())}
	counts := row.imported().Counts
	counts[digest.ImportDeclined] += page.Declined
	if row.Dry {
		err = s.countPage(tx, span, settle, counts)
	} else {
		err = s.mergePage(tx, span, page.Rest, settle, counts)
	}
	if err != nil {
		return err
	}
	text, err := json.Marshal(counts)
	if err != nil {
		return err
	}
	row.Counts, row.Merged = string(text), page.Top
	return tx.Model(row).Select("counts", "merged").Updates(row).Error
}

// mergePage keeps what is new by three statements, however many lines there
// are; addresses in their order, which all who write them share.
func (s *Store) mergePage(tx *gorm.DB, span map[string]any, lines int, settle Settle, counts map[digest.Outcome]int) error {
	people := tx.Exec(`INSERT INTO subscribers (id, address, match, suppression, suppressed, suppression_text, created)
		SELECT l.subscriber_id, l.address, l.match, CASE l.outcome WHEN 'suppressed' THEN l.stated ELSE '' END,
			CASE l.outcome WHEN 'suppressed' THEN CAST(@now AS BIGINT) ELSE 0 END, '', CAST(@now AS BIGINT)`+fresh+`ORDER BY l.match ON CONFLICT (match) DO NOTHING`, span)
	if people.Error != nil {
		return people.Error
	}
	err := tx.Exec(`INSERT INTO subscriptions (id, newsletter, subscriber_id, state, name, language, length, without, consent_at, consent_source,
			consent_text, consent_ip, asked, asked_times, confirmed, ended, created)
		SELECT l.subscription_id, CAST(@newsletter AS TEXT), l.subscriber_id, l.state, l.name, l.language,
			CASE l.length WHEN '' THEN 'full' ELSE l.length END, l.without, l.consent_at, l.consent_source, l.consent_text, l.consent_ip,
			0, 0, 0, CASE l.state WHEN 'unsubscribed' THEN CAST(@now AS BIGINT) ELSE 0 END, CAST(@now AS BIGINT)`+fresh+`AND l.outcome <> 'suppressed' AND `+isNew, span).Error
	if err == nil {
		err = countFresh(tx, isNew, span, counts)
	}
	var done []int
	if err == nil && int(people.RowsAffected) < lines {
		done, err = s.mergeKnown(tx, span, settle, counts)
	}
	if err == nil {
		err = dropLines(tx, span["id"].(string), done)
	}
	if err != nil {
		return err
	}
	return tx.Exec(`DELETE FROM import_lines WHERE import_id = @id AND line > @from AND line <= @to AND repeats = 0 AND outcome <> 'asked'`, span).Error
}

// isNew holds of the lines whose subscriber was just kept, notKnown of those
// that a dry run would keep.
const (
	isNew    = `EXISTS (SELECT 1 FROM subscribers r WHERE r.id = l.subscriber_id)`
	notKnown = `NOT EXISTS (SELECT 1 FROM subscribers r WHERE r.match = l.match)`
)

func countFresh(tx *gorm.DB, which string, span map[string]any, counts map[digest.Outcome]int) error {
	var rows []struct {
		Outcome digest.Outcome
		N       int
	}
	err := tx.Raw(`SELECT l.outcome, COUNT(*) AS n`+fresh+`AND `+which+` GROUP BY l.outcome`, span).Scan(&rows).Error
	for _, r := range rows {
		counts[r.Outcome] += r.N
	}
	return err
}

// countPage is mergePage where the import is dry.
func (s *Store) countPage(tx *gorm.DB, span map[string]any, settle Settle, counts map[digest.Outcome]int) error {
	if err := countFresh(tx, notKnown, span, counts); err != nil {
		return err
	}
	known, err := s.knownLines(tx, span)
	for _, k := range known {
		_, outcome, _ := settle(k.Line.incoming(), k.subscription())
		counts[outcome]++
	}
	return err
}

// mergeKnown settles the lines of addresses that were there, and gives those
// of which nobody is to be asked.
func (s *Store) mergeKnown(tx *gorm.DB, span map[string]any, settle Settle, counts map[digest.Outcome]int) (done []int, err error) {
	known, err := s.knownLines(tx, span)
	if err != nil {
		return nil, err
	}
	var save []digest.Subscription
	for _, k := range known {
		line := k.Line.incoming()
		if line.Outcome == digest.ImportSuppressed {
			if _, err := s.saveSuppressed(tx, line.Reader.Subscriber); err != nil {
				return nil, err
			}
		}
		sub, outcome, changed := settle(line, k.subscription())
		if counts[outcome]++; outcome != digest.ImportAsked {
			done = append(done, line.Line)
		}
		if changed {
			sub.Newsletter = span["newsletter"].(string)
			save = append(save, sub)
		}
	}
	save, err = s.lastOfEach(save)
	if err != nil {
		return nil, err
	}
	for _, batch := range chunks(save, insertBatch) {
		if err := saveSubscriptions(tx, batch); err != nil {
			return nil, err
		}
	}
	return done, nil
}

// knownLine is a line with what is kept of its address.
type knownLine struct {
	Line  importLineRow   `gorm:"embedded"`
	Whose subscriberRow   `gorm:"embedded;embeddedPrefix:r_"`
	Known subscriptionRow `gorm:"embedded;embeddedPrefix:s_"`
}

func (k knownLine) subscription() digest.Subscription { return k.Known.subscription(k.Whose) }

func (s *Store) knownLines(tx *gorm.DB, span map[string]any) ([]knownLine, error) {
	lock := ""
	if s.dialect.forUpdate != "" {
		lock = ` ORDER BY r.match FOR UPDATE OF r`
	}
	var known []knownLine
	err := tx.Raw(`SELECT l.*, r.id AS r_id, r.address AS r_address, r.match AS r_match, r.suppression AS r_suppression,
			r.suppressed AS r_suppressed, r.suppression_text AS r_suppression_text, r.created AS r_created
		FROM import_lines l JOIN subscribers r ON r.match = l.match AND r.id <> l.subscriber_id
		WHERE l.import_id = @id AND l.line > @from AND l.line <= @to AND l.repeats = 0 AND l.outcome <> 'declined'`+lock, span).Scan(&known).Error
	if err != nil {
		return nil, err
	}
	of := map[string]int{}
	for i, k := range known {
		of[k.Whose.ID] = i
	}
	for _, batch := range chunks(known, idBatch) {
		var some []subscriptionRow
		ids := each(batch, func(k knownLine) string { return k.Whose.ID })
		err := tx.Raw(`SELECT * FROM subscriptions WHERE newsletter = ? AND subscriber_id IN ?`+s.dialect.forUpdate, span["newsletter"], ids).Scan(&some).Error
		if err != nil {
			return nil, err
		}
		for _, row := range some {
			known[of[row.SubscriberID]].Known = row
		}
	}
	return known, nil
}

func dropLines(tx *gorm.DB, id string, lines []int) error {
	for _, batch := range chunks(lines, idBatch) {
		if err := tx.Exec(`DELETE FROM import_lines WHERE import_id = ? AND line IN ?`, id, batch).Error; err != nil {
			return err
		}
	}
	return nil
}
