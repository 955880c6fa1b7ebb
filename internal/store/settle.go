package store

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// settle writes a batch in one statement and gives the IDs that were still the
// node's. What all have alike stands once, which is most of it when all goes
// well: SQLite reads the statement anew each time. The first row of VALUES
// tells PostgreSQL the columns' types. The reply for someone erased meanwhile
// is not kept: it may tell the address.
func (s *Store) settle(tx *gorm.DB, node string, done []digest.Delivery) (settled []string, err error) {
	if s.dialect.forUpdate != "" {
		held, err := s.held(tx, node, each(done, func(d digest.Delivery) string { return d.ID }))
		if err != nil {
			return nil, err
		}
		done = slices.DeleteFunc(slices.Clone(done), func(d digest.Delivery) bool { return !slices.Contains(held, d.ID) })
	}
	if len(done) == 0 {
		return nil, nil
	}
	var (
		set  strings.Builder
		args []any
		vary []column
	)
	for _, c := range settledColumns {
		from := "done." + c.name
		same := !slices.ContainsFunc(done[1:], func(d digest.Delivery) bool { return c.of(d) != c.of(done[0]) })
		if same {
			from = "CAST(? AS " + c.kind + ")"
		} else {
			vary = append(vary, c)
		}
		if c.name == "reply" && (!same || c.of(done[0]) != "") {
			from = "CASE WHEN EXISTS (SELECT 1 FROM subscribers r WHERE r.id = deliveries.subscriber_id AND r.suppression = 'erased') THEN '' ELSE " + from + " END"
		}
		set.WriteString(", " + c.name + " = " + from)
		if same {
			args = append(args, c.of(done[0]))
		}
	}
	with, values := doneRows(done, vary)
	err = tx.Raw(with+` UPDATE deliveries SET lease = 0`+set.String()+` FROM done
		WHERE deliveries.id = done.id AND deliveries.node = ? AND deliveries.`+heldDeliveries+`
		RETURNING deliveries.id`, append(append(values, args...), node)...).Scan(&settled).Error
	return settled, err
}

// column is one that Settle writes.
type column struct {
	name, kind string
	of         func(digest.Delivery) any
}

var settledColumns = []column{
	{"state", "TEXT", func(d digest.Delivery) any { return string(d.State) }},
	{"not_before", "BIGINT", func(d digest.Delivery) any { return micros(d.NotBefore) }},
	{"attempts", "BIGINT", func(d digest.Delivery) any { return d.Attempts }},
	{"first_tried", "BIGINT", func(d digest.Delivery) any { return micros(d.FirstTried) }},
	{"code", "BIGINT", func(d digest.Delivery) any { return d.Code }},
	{"enhanced", "TEXT", func(d digest.Delivery) any { return clean(d.Enhanced) }},
	{"reply", "TEXT", func(d digest.Delivery) any { return clean(d.Reply) }},
	{"message_id", "TEXT", func(d digest.Delivery) any { return d.MessageID }},
	{"updated", "BIGINT", func(d digest.Delivery) any { return micros(d.Updated) }},
}

// doneRows are the deliveries with the columns in which they differ.
func doneRows(done []digest.Delivery, vary []column) (with string, args []any) {
	names, types, marks := "id", "(CAST(? AS TEXT)", "(?"+strings.Repeat(", ?", len(vary))+")"
	for _, c := range vary {
		names += ", " + c.name
		types += ", CAST(? AS " + c.kind + ")"
	}
	for _, d := range done {
		args = append(args, d.ID)
		for _, c := range vary {
			args = append(args, c.of(d))
		}
	}
	return "WITH done (" + names + ") AS (VALUES " + types + ")" + strings.Repeat(", "+marks, len(done)-1) + ")", args
}
