package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// ErrNotEmpty: the database to move to holds something already.
var ErrNotEmpty = errors.New("the database to move to is not empty: nothing is ever written over")

// Copied is how many rows of a table stand in both databases after a Copy.
type Copied struct {
	Table string
	Rows  int64
}

// Copy brings everything kept in from to the empty database to, whose schema
// is of the same version, and counts both at the end. It reads one moment of
// from, and writes one transaction: when it fails, nothing has changed. It
// fails with ErrNotEmpty where to holds a row already. Tell, if given, hears
// of every table when it is done. Memory does not grow with the tables.
func Copy(ctx context.Context, from, to *Store, tell func(Copied)) ([]Copied, error) {
	if tell == nil {
		tell = func(Copied) {}
	}
	var all []Copied
	err := from.read.WithContext(ctx).Transaction(func(source *gorm.DB) error {
		return to.change(ctx, func(target *gorm.DB) error {
			for _, t := range tables {
				rows, err := t.copy(source, target)
				if err != nil {
					return fmt.Errorf("move %s: %w", t.name, err)
				}
				all = append(all, Copied{t.name, rows})
				tell(Copied{t.name, rows})
			}
			return nil
		})
	}, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, failed(err, "move %s to %s", from.where, to.where)
	}
	return all, nil
}

// table is one of the schema's, as Copy sees it.
type table struct {
	name string
	copy func(source, target *gorm.DB) (int64, error)
}

// tables are all of them, those that others refer to first.
var tables = []table{
	tableOf[newsletterRow](), tableOf[sourceRow](), tableOf[sourceStateRow](), tableOf[visitRow](),
	tableOf[articleRow](), tableOf[revisionRow](), tableOf[constraintRow](),
	tableOf[issueRow](), tableOf[editionRow](), tableOf[correctionRow](), tableOf[placementRow](),
	tableOf[subscriberRow](), tableOf[subscriptionRow](), tableOf[deliveryRow](), tableOf[fillingRow](), tableOf[handRow](),
	tableOf[importRow](), tableOf[importLineRow](),
	tableOf[editorRow](), tableOf[sessionRow](), tableOf[secretRow](), tableOf[slotRow](),
}

func tableOf[R interface{ TableName() string }]() table {
	var row R
	return table{row.TableName(), copyRows[R]}
}

// copyRows moves one table a batch at a time and compares the counts.
func copyRows[R any](source, target *gorm.DB) (int64, error) {
	var there int64
	if err := target.Model(new(R)).Count(&there).Error; err != nil {
		return 0, err
	}
	if there > 0 {
		return 0, ErrNotEmpty
	}
	rows, err := source.Model(new(R)).Rows()
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var read int64
	batch := make([]R, 0, insertBatch)
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := target.Create(&batch).Error
		batch = batch[:0]
		return err
	}
	for rows.Next() {
		var row R
		if err := source.ScanRows(rows, &row); err != nil {
			return read, err
		}
		if a, ok := any(&row).(*articleRow); ok && a.RawBody == nil {
			a.RawBody = []byte{} // SQLite reads no bytes as none at all, which no column takes
		}
		read++
		if batch = append(batch, row); len(batch) == cap(batch) {
			if err := flush(); err != nil {
				return read, err
			}
		}
	}
	if err := errors.Join(rows.Err(), flush()); err != nil {
		return read, err
	}
	if err := target.Model(new(R)).Count(&there).Error; err != nil {
		return read, err
	}
	if there != read {
		return read, fmt.Errorf("%d rows were read, %d were written", read, there)
	}
	return read, nil
}
