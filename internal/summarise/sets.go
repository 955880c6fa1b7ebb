package summarise

// nominees is how many sentences of an article may be in a set.
const nominees = 16

// weighed is a sentence as sets are made of them.
type weighed struct {
	line  int // of the text
	at    int // among the sentences that are fit
	alone prospect
}

// eachSet calls f with every set of one or two of the sentences; b is -1 for one.
func eachSet(n int, f func(a, b int)) {
	for i := range n {
		f(i, -1)
		for j := i + 1; j < n; j++ {
			f(i, j)
		}
	}
}

// nominate keeps the sentences that may be in a set: the most promising ones
// and the first two, in the order of the text.
func nominate(all []weighed) []weighed {
	if len(all) <= nominees {
		return all
	}
	keep := make([]bool, len(all))
	keep[0], keep[1] = true, true
	for n := 2; n < nominees; n++ {
		best := -1
		for i := range all {
			if !keep[i] && (best < 0 || all[i].alone.worth() > all[best].alone.worth()) {
				best = i
			}
		}
		keep[best] = true
	}
	var out []weighed
	for i, w := range all {
		if keep[i] {
			out = append(out, w)
		}
	}
	return out
}
