package story_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"hebdo/internal/story"
)

// BenchmarkClusterGrowth clusters windows of growing size and prints how the
// time grows: the exponent between 2,500 and 10,000 articles, to stay under 1.5,
// and the time for 10,000, 20 s at most.
//
//	go test ./internal/story -run '^$' -bench Growth -v
func BenchmarkClusterGrowth(b *testing.B) {
	var sizes, took []float64
	for _, n := range []int{2500, 5000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			in := thousand(n)
			b.ReportAllocs()
			start := time.Now()
			for b.Loop() {
				story.Cluster(in, nil, story.Options{})
			}
			sizes, took = append(sizes, float64(n)), append(took, time.Since(start).Seconds()/float64(b.N))
		})
	}
	last := len(sizes) - 1
	if len(took) < 2 {
		return
	}
	exponent := math.Log(took[last]/took[0]) / math.Log(sizes[last]/sizes[0])
	b.Logf("growth exponent %.2f; 10,000 articles in %.1f s", exponent, took[last])
}
