package summarise

import "sort"

// forest is a sum of small decision trees, all of the same depth, over values
// that were sorted into bins: gradient boosting (Friedman, "Greedy function
// approximation", Annals of Statistics 29, 2001). Its arithmetic is in whole
// numbers, so that every machine gives the same answer.
type forest struct {
	depth   int
	base    int32       // in 1/leafScale
	cuts    [][]float32 // by feature, rising: the upper ends of its bins
	feature []uint8     // by tree, its inner nodes level by level
	bin     []uint8     // values in a higher bin go right
	leaf    []int16     // by tree, in 1/leafScale
}

// leafScale is how finely leaves are kept.
const leafScale = 1024

// bins sorts one row of values into bins.
func (f *forest) bins(row []float32, into []uint8) {
	for i, v := range row {
		cuts := f.cuts[i]
		into[i] = uint8(sort.Search(len(cuts), func(j int) bool { return v <= cuts[j] }))
	}
}

// score sums the trees for a row of bins, in 1/leafScale.
func (f *forest) score(row []uint8) int32 {
	sum := f.base
	inner, leaves := 1<<f.depth-1, 1<<f.depth
	for t := 0; t*leaves < len(f.leaf); t++ {
		feature, bin := f.feature[t*inner:(t+1)*inner], f.bin[t*inner:(t+1)*inner]
		at := 0
		for at < inner {
			next := 2*at + 1
			if row[feature[at]] > bin[at] {
				next++
			}
			at = next
		}
		sum += int32(f.leaf[t*leaves+at-inner])
	}
	return sum
}
