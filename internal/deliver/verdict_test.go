package deliver_test

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"hebdo/internal/deliver"
	"hebdo/internal/digest"
)

// A wrong password weighs more than it was tried; who reads about it is told
// how often it was.
func TestFailuresAreToldAsOftenAsTheyWere(t *testing.T) {
	clk := newClock()
	var tries atomic.Int32
	c := courier(t, readers(50, clk.now), senderFunc(func(context.Context, digest.Mail) error {
		tries.Add(1)
		return digest.Refusal{Code: 535, Enhanced: "5.7.8", Permanent: true, Connection: true}
	}), clk.now, deliver.Options{Connections: 1})
	_, err := c.Drain(t.Context(), issue, newsletter)
	if err == nil {
		t.Fatal("nothing stopped it")
	}
	_, words, _ := strings.Cut(err.Error(), "it failed ")
	told, _ := strconv.Atoi(strings.SplitN(words, " ", 2)[0])
	if n := int(tries.Load()); told != n || n > 5 {
		t.Errorf("%d tries: %v", n, err)
	}
}
