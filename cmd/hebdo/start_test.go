package main

import (
	"runtime"
	"testing"
)

// allocated is what the packages of the program took before main.
var allocated = func() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}()

// A library built the words of 200 languages before each command: 95 MB, and
// 0.3 s.
func TestTheProgramStartsSmall(t *testing.T) {
	if most := uint64(40 << 20); allocated > most {
		t.Errorf("%d MB are taken before main, more than %d", allocated>>20, most>>20)
	} else {
		t.Logf("%d MB", allocated>>20)
	}
}
