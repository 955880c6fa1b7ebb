package store_test

import (
	"net"
	"net/url"
	"os"
	"testing"
	"time"

	"hebdo/internal/store"
	"hebdo/internal/store/storetest"
)

// Of two hosts the first had vanished: who dialled it was still waiting for it
// when their time was over, and never came to the second.
func TestAHostThatSaysNothingIsPassedOver(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	u, err := url.Parse(storetest.Postgres(t, os.Getenv))
	if err != nil {
		t.Fatal(err)
	}
	u.Host = silent.Addr().String() + "," + u.Host
	in := make(chan error, 1)
	go func() {
		s, err := store.Open(t.Context(), u.String(), options())
		if err == nil {
			err = s.Close()
		}
		in <- err
	}()
	select {
	case err := <-in:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second): // as long as a turn of the ledger's may take
		t.Error("the second host was not come to")
	}
}
