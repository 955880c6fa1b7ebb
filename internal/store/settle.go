package store

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"hebdo/internal/digest"
)

// settle writes a batch in one statement. All have to be the node's still, or
// it is errFewer; with careful it gives the IDs of those that were. What all
// have alike stands once, which is most of it when all goes well. The reply for
// someone erased meanwhile is not kept: it may tell the address.
func (s *Store) settle(tx *gorm.DB, node string, done []digest.Delivery, careful bool) ([]string, error) {
	args := []any{nil, node}
	var (
		set  strings.Builder
		vary []column
	)
	for _, c := range settledColumns {
		from := "done." + c.name
		same := !slices.ContainsFunc(done[1:], func(d digest.Delivery) bool { return !c.equal(d, done[0]) })
		if same {
			args = append(args, c.value(done[0]))
			from = fmt.Sprintf("CAST($%d AS %s)", len(args), c.kind())
		} else {
			vary = append(vary, c)
		}
		if c.name == "reply" && (!same || done[0].Reply != "") {
			from = "CASE WHEN EXISTS (SELECT 1 FROM subscribers r WHERE r.id = deliveries.subscriber_id AND r.suppression = 'erased') THEN '' ELSE " + from + " END"
		}
		set.WriteString(", " + c.name + " = " + from)
	}
	rows, columns := doneRows(done, vary)
	args[0] = string(rows)
	held, which := s.locked("value ->> 0", "d.node = $2 AND d."+heldDeliveries)
	text := "WITH done AS (SELECT value ->> 0 AS id" + columns + " FROM " + s.dialect.jsonRows + ")" +
		strings.Replace(held, "WITH", ",", 1) + ` UPDATE deliveries SET lease = 0` + set.String() + ` FROM done
		WHERE deliveries.id = done.id AND deliveries.node = $2 AND deliveries.` + heldDeliveries
	if held != "" {
		text += " AND deliveries.id IN " + which
	}
	q := s.swift(tx)
	if careful {
		return q.texts(text+" RETURNING deliveries.id", args...)
	}
	n, err := q.exec(text, args...)
	if err == nil && n != len(done) {
		err = errFewer
	}
	return nil, err
}

// column is one that Settle writes: text or a number.
type column struct {
	name   string
	text   func(digest.Delivery) string
	number func(digest.Delivery) int64
}

func (c column) kind() string {
	if c.text != nil {
		return "TEXT"
	}
	return "BIGINT"
}

func (c column) value(d digest.Delivery) any {
	if c.text != nil {
		return clean(c.text(d))
	}
	return c.number(d)
}

func (c column) equal(a, b digest.Delivery) bool {
	if c.text != nil {
		return c.text(a) == c.text(b)
	}
	return c.number(a) == c.number(b)
}

var settledColumns = []column{
	{name: "state", text: func(d digest.Delivery) string { return string(d.State) }},
	{name: "not_before", number: func(d digest.Delivery) int64 { return micros(d.NotBefore) }},
	{name: "attempts", number: func(d digest.Delivery) int64 { return int64(d.Attempts) }},
	{name: "first_tried", number: func(d digest.Delivery) int64 { return micros(d.FirstTried) }},
	{name: "code", number: func(d digest.Delivery) int64 { return int64(d.Code) }},
	{name: "enhanced", text: func(d digest.Delivery) string { return d.Enhanced }},
	{name: "reply", text: func(d digest.Delivery) string { return d.Reply }},
	{name: "message_id", text: func(d digest.Delivery) string { return d.MessageID }},
	{name: "updated", number: func(d digest.Delivery) int64 { return micros(d.Updated) }},
}

// doneRows are the deliveries with the columns in which they differ, and how
// these are read.
func doneRows(done []digest.Delivery, vary []column) (rows jsonText, columns string) {
	for i, c := range vary {
		columns += fmt.Sprintf(", CAST(value ->> %d AS %s) AS %s", i+1, c.kind(), c.name)
	}
	rows = make(jsonText, 0, 128*len(done))
	for i, d := range done {
		if rows = rows.row(i == 0).text(d.ID); len(vary) == 0 {
			continue
		}
		for _, c := range vary {
			if c.text != nil {
				rows = rows.text(clean(c.text(d)))
			} else {
				rows = rows.number(c.number(d))
			}
		}
	}
	return rows.end(), columns
}
