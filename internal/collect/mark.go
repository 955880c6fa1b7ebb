package collect

import (
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
	sum := fnv1a(fnvBasis)
	for word := range strings.FieldsSeq(item.Title) {
		sum.text(word)
		sum.text(" ")
	}
	if edited := when(item.Updated); !edited.IsZero() {
		sum.text(edited.Format(time.RFC3339))
	} else {
		sum.letters(item.Description)
		sum.letters(item.Content)
	}
	return strconv.FormatUint(uint64(sum), 36)
}

// fnv1a is a sum as hash/fnv makes it, for the parts of a text without a copy
// of them: all entries of all feeds go through it at every visit.
type fnv1a uint64

const (
	fnvBasis = 14695981039346656037
	fnvPrime = 1099511628211
)

func (f *fnv1a) text(s string) {
	for i := range len(s) {
		*f = (*f ^ fnv1a(s[i])) * fnvPrime
	}
}

// letters leaves out what is not a letter, and tags.
func (f *fnv1a) letters(s string) {
	sum := *f
	for s != "" {
		words, rest, tag := strings.Cut(s, "<")
		for i := range len(words) {
			if b := words[i]; b|0x20 >= 'a' && b|0x20 <= 'z' || b >= 0x80 {
				sum = (sum ^ fnv1a(b)) * fnvPrime
			}
		}
		if s = rest; tag {
			_, s, _ = strings.Cut(rest, ">")
		}
	}
	*f = sum
}
