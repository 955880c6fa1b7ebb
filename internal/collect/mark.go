package collect

import (
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"time"
)

// at is the date of entry i.
func (r *rawFeed) at(i int) time.Time {
	return when(first(r.items[i].Published, r.items[i].Updated))
}

// mark changes when the feed changes entry i: its headline, the date of its
// last edit, else its words. Tags, digits and white space do not count: many
// feeds carry counters and advertisements that are new at every visit.
func (r *rawFeed) mark(i int) string {
	item := r.items[i]
	sum := fnv.New64a()
	_, _ = io.WriteString(sum, strings.Join(strings.Fields(item.Title), " "))
	if edited := when(item.Updated); !edited.IsZero() {
		_, _ = io.WriteString(sum, edited.Format(time.RFC3339))
	} else {
		_, _ = sum.Write(letters(item.Description))
		_, _ = sum.Write(letters(item.Content))
	}
	return strconv.FormatUint(sum.Sum64(), 36)
}

// letters leaves out what is not a letter, and tags.
func letters(s string) []byte {
	kept := make([]byte, 0, len(s))
	tag := false
	for i := range len(s) {
		switch b := s[i]; {
		case b == '<':
			tag = true
		case b == '>':
			tag = false
		case !tag && (b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80):
			kept = append(kept, b)
		}
	}
	return kept
}
