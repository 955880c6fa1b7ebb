package store

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

type sourceRow struct {
	ID         string `gorm:"primaryKey"`
	Newsletter string
	Kind       string
	URL        string
	Name       string
	Language   string
	Weight     float64
	Images     bool
	Position   int
	Removed    int64
	Links      string
	Was        string
}

func (sourceRow) TableName() string { return "sources" }

// Sources lists those that a newsletter names, in its order.
func (s *Store) Sources(ctx context.Context, newsletter string) ([]digest.Source, error) {
	var rows []sourceRow
	err := s.reader(ctx).Where("newsletter = ? AND removed = 0", newsletter).Order("position").Find(&rows).Error
	return each(rows, sourceRow.source), failed(err, "list the sources of %s", newsletter)
}

// saveSources makes these the newsletter's sources. One named by the address
// that it moved away from is the one that moved.
func (s *Store) saveSources(tx *gorm.DB, newsletter string, sources []digest.Source) error {
	moved, err := movedSources(tx, newsletter)
	if err != nil {
		return err
	}
	named := map[sourceKey]bool{}
	rows := make([]sourceRow, len(sources))
	for i, src := range sources {
		k := sourceKey{string(src.Kind), src.URL}
		if now, ok := moved[k]; ok && !slices.ContainsFunc(sources, func(o digest.Source) bool { return o.Kind == src.Kind && o.URL == now }) {
			k.url = now
		}
		if named[k] {
			return fmt.Errorf("the source %s %s is named twice", k.kind, k.url)
		}
		named[k] = true
		rows[i] = sourceRow{
			ID: s.newID(), Newsletter: newsletter, Kind: k.kind, URL: k.url, Name: src.Name,
			Language: string(src.Language), Weight: src.Weight, Images: src.Images, Position: i,
			Links: src.Links,
		}
	}
	err = tx.Model(&sourceRow{}).Where("newsletter = ? AND removed = 0", newsletter).
		Update("removed", micros(s.now())).Error
	if err != nil || len(rows) == 0 {
		return err
	}
	// Those that are there keep their ID and are no longer removed.
	return tx.Clauses(onConflict([]string{"newsletter", "kind", "url"},
		"name", "language", "weight", "images", "position", "removed", "links")).
		CreateInBatches(rows, insertBatch).Error
}

func (r sourceRow) source() digest.Source {
	return digest.Source{
		ID: r.ID, Newsletter: r.Newsletter, Kind: digest.SourceKind(r.Kind), URL: r.URL, Name: r.Name,
		Language: digest.Language(r.Language), Weight: r.Weight, Images: r.Images,
		Links: r.Links,
	}
}
