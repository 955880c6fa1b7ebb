package store

import (
	"cmp"
	"slices"

	"hebdo/internal/digest"
)

// stretch is deliveries that one statement changes.
type stretch struct {
	where string // chooses them; key is its only argument, the first
	key   string
	ids   []string
}

// stretches gives statements for deliveries in one hand, all of which are queued
// in their rows. SQLite finds rows that lie next to each other much faster from
// the first to the last than one by one; that nothing else between them is
// queued shows in how many are changed, and who is careful gets one at a time.
func (s *Store) stretches(all []digest.Delivery, careful bool) (parts []stretch) {
	if !s.dialect.exclusive {
		for _, batch := range chunks(all, idBatch) {
			ids := each(batch, idOf)
			parts = append(parts, stretch{`id IN ` + s.listed(), keysText(ids), ids})
		}
		return parts
	}
	byPlace := func(a, b digest.Delivery) int { return cmp.Compare(a.Place, b.Place) }
	if !slices.IsSortedFunc(all, byPlace) {
		all = slices.SortedStableFunc(slices.Values(all), byPlace)
	}
	for len(all) > 0 {
		n := 1
		for !careful && n < len(all) && all[n-1].Place > 0 && all[n].Place == all[n-1].Place+1 {
			n++
		}
		ids := each(all[:n], idOf)
		part := stretch{`id BETWEEN $1 ->> 0 AND $1 ->> 1`, keysText([]string{ids[0], ids[n-1]}), ids}
		if n > 1 {
			part.where += ` AND not_before = 0` // never put off, as all that have a place
		}
		parts, all = append(parts, part), all[n:]
	}
	return parts
}
