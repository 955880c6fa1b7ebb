package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// SQLite's log keeps what a page held before. Erased is erased there too, while
// the server goes on.
func TestNothingOfAnErasedReaderIsLeftInTheFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hebdo.db")
	s := opened(t, "sqlite:"+file, options())
	if err := s.SaveNewsletter(t.Context(), digest.Newsletter{Slug: "week", Languages: []digest.Language{digest.French}}); err != nil {
		t.Fatal(err)
	}
	const address = "zorglubian@example.org"
	reader := digest.Subscription{
		Newsletter: "week", State: digest.Active, Language: digest.French, Length: digest.Full, Name: "Zorg Lubianovitch",
		Subscriber: digest.Subscriber{Address: address, Match: address},
	}
	if err := s.SaveSubscriptions(t.Context(), []digest.Subscription{reader}); err != nil {
		t.Fatal(err)
	}
	told := func() (n int) {
		for _, name := range []string{file, file + "-wal"} {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			n += bytes.Count(raw, []byte(address)) + bytes.Count(raw, []byte(reader.Name))
		}
		return n
	}
	if told() == 0 {
		t.Error("the reader was never written")
	}
	if err := s.EraseSubscriber(t.Context(), address, time.Now()); err != nil {
		t.Fatal(err)
	}
	if n := told(); n > 0 {
		t.Errorf("the files tell of an erased reader %d times", n)
	}
}
