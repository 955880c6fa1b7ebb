package summarise

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// weights is what TestTrain learned; its form is that of learned.write.
//
//go:embed data/weights.gz
var weights []byte

// french is the model of French articles and their summaries.
var french = sync.OnceValue(func() *learned {
	l, err := readLearned(bytes.NewReader(weights))
	if err != nil {
		panic("summarise: the built-in weights cannot be read: " + err.Error())
	}
	return l
})

// version is that of the features: weights of another cannot be used.
const version = 4

// write stores what was learned: gzip over little-endian numbers, every list
// preceded by its length.
func (l *learned) write(w io.Writer) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	put := func(v ...any) {
		for _, x := range v {
			if err == nil {
				err = binary.Write(z, binary.LittleEndian, x)
			}
		}
	}
	put(uint32(version))
	for _, t := range []*table{&l.know.words, &l.know.pairs, &l.know.cues} {
		put(uint32(len(t.units)))
		before := unit(0)
		for _, u := range t.units {
			put(uint32(u - before)) // differences are smaller, and so is the file
			before = u
		}
		put(t.value, t.known)
	}
	for _, f := range []*forest{&l.words, &l.pairs, &l.sets} {
		put(uint32(f.depth), f.base, uint32(len(f.cuts)))
		for _, c := range f.cuts {
			put(uint32(len(c)), c)
		}
		put(uint32(len(f.leaf)>>f.depth), f.feature, f.bin, f.leaf)
	}
	if err != nil {
		return fmt.Errorf("writing weights: %w", err)
	}
	return z.Close()
}

func readLearned(r io.Reader) (*learned, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	get := func(v any) {
		if err == nil {
			err = binary.Read(z, binary.LittleEndian, v)
		}
	}
	length := func() int {
		var n uint32
		if get(&n); n > 1<<22 {
			err = fmt.Errorf("a list of %d numbers", n)
			return 0
		}
		return int(n)
	}
	var l learned
	if v := length(); v != version && err == nil {
		return nil, fmt.Errorf("they are of version %d, this is %d", v, version)
	}
	for _, t := range []*table{&l.know.words, &l.know.pairs, &l.know.cues} {
		n := length()
		t.units, t.value, t.known = make([]unit, n), make([]int8, n), make([]uint8, n)
		get(t.units)
		for i := 1; i < n; i++ {
			t.units[i] += t.units[i-1]
		}
		get(t.value)
		get(t.known)
	}
	for _, f := range []*forest{&l.words, &l.pairs, &l.sets} {
		f.depth = length()
		get(&f.base)
		f.cuts = make([][]float32, length())
		for i := range f.cuts {
			f.cuts[i] = make([]float32, length())
			get(f.cuts[i])
		}
		trees := length()
		if err != nil || f.depth > 8 {
			return nil, fmt.Errorf("a forest of depth %d: %w", f.depth, err)
		}
		f.feature, f.bin, f.leaf = make([]uint8, trees*(1<<f.depth-1)), make([]uint8, trees*(1<<f.depth-1)), make([]int16, trees<<f.depth)
		get(f.feature)
		get(f.bin)
		get(f.leaf)
	}
	return &l, err
}
