package storetest

import (
	"errors"
	"fmt"
	"time"

	"hebdo/internal/digest"
)

var houseTests = map[string]func(*world){
	"an editor is kept by address and gets a new password": func(w *world) {
		first := digest.Editor{ID: NewID(), Address: "Desk@Letter.example", Password: "$argon2id$1", Language: digest.French, Created: start}
		w.must(w.SaveEditor(w.ctx, first))
		w.must(w.SaveEditor(w.ctx, digest.Editor{Address: "desk@letter.example", Password: "$argon2id$2", Language: digest.English}))
		w.must(w.SaveEditor(w.ctx, digest.Editor{Address: "anne@letter.example"}))
		want := first
		want.Address, want.Password, want.Language = "desk@letter.example", "$argon2id$2", digest.English
		w.same(value[digest.Editor](w)(w.Editor(w.ctx, "DESK@letter.example")), want)
		all := value[[]digest.Editor](w)(w.Editors(w.ctx))
		if len(all) != 2 || all[0].Address != "anne@letter.example" {
			w.Fatalf("editors are %+v", all)
		}
		_, err := w.Editor(w.ctx, "nobody@letter.example")
		w.is(err, digest.ErrNotFound)
	},
	"a session lives until it expires or ends": func(w *world) {
		s := w.Sessions()
		find := func(token string) string {
			data, found, err := s.FindCtx(w.ctx, token)
			w.must(err)
			return fmt.Sprintf("%t %s", found, data)
		}
		w.must(s.CommitCtx(w.ctx, "a", []byte("1"), start.Add(time.Hour)))
		w.must(s.Commit("a", []byte("2"), start.Add(time.Hour)))
		w.must(s.CommitCtx(w.ctx, "b", []byte("3"), start.Add(2*time.Hour)))
		w.same(find("a"), "true 2")
		all := value[map[string][]byte](w)(s.AllCtx(w.ctx))
		w.same(len(all), 2)
		for key := range all {
			if key == "a" || key == "b" {
				w.Fatal("a token is kept as it is")
			}
			w.same(find(key), "false ") // a hash opens no session
		}
		w.clock.advance(time.Hour)
		w.same(find("a"), "false ")
		for key := range value[map[string][]byte](w)(s.All()) {
			w.must(s.Delete(key)) // but ends one
		}
		w.same(find("b"), "false ")
		w.must(s.DeleteCtx(w.ctx, "never"))
		if got := value[map[string][]byte](w)(s.All()); got == nil || len(got) != 0 {
			w.Fatalf("sessions are %v: scs wants an empty map, not nil", got)
		}
	},
	"nodes that start at once share one secret": func(w *world) {
		keys := make([]string, 8)
		errs := together(8, func(i int) error {
			id, key, err := w.Secret(w.ctx, func() ([]byte, error) { return []byte{byte(i), 0xff, 0}, nil })
			keys[i] = fmt.Sprint(id, key)
			return err
		})
		if count(errs, nil) != 8 {
			w.Fatalf("%v", errs)
		}
		for _, key := range keys {
			w.same(key, keys[0])
		}
		id, key, err := w.Secret(w.ctx, func() ([]byte, error) { return nil, errors.New("made twice") })
		w.must(err)
		w.same(fmt.Sprint(id, key), keys[0])
	},
	"a secret that could not be made is not kept": func(w *world) {
		broken := errors.New("no randomness")
		_, _, err := w.Secret(w.ctx, func() ([]byte, error) { return nil, broken })
		w.is(err, broken)
		if _, _, err := w.Secret(w.ctx, func() ([]byte, error) { return nil, nil }); err == nil {
			w.Fatal("an empty secret was kept")
		}
	},
	"a slot runs once, and again when its node died": func(w *world) {
		begin := func(node string, after time.Duration) bool {
			w.Helper()
			return value[bool](w)(w.BeginSlot(w.ctx, "draft week", start, node, start.Add(after), time.Hour))
		}
		w.same(value[time.Time](w)(w.LastSlot(w.ctx, "draft week")), time.Time{})
		w.same(begin("a", 0), true)
		w.same(begin("a", time.Minute), false)
		w.same(begin("b", time.Hour), false)
		w.same(begin("b", time.Hour+time.Microsecond), true)
		w.same(begin("c", time.Hour+2*time.Microsecond), false)
		w.must(w.EndSlot(w.ctx, "draft week", start, start, "HTTP 500"))
		w.same(begin("c", 100*time.Hour), false)
		w.same(value[bool](w)(w.BeginSlot(w.ctx, "draft week", start.Add(-time.Hour), "a", start, time.Hour)), true)
		w.same(value[time.Time](w)(w.LastSlot(w.ctx, "draft week")), start)
		w.same(value[time.Time](w)(w.LastSlot(w.ctx, "send week")), time.Time{})
		w.is(w.EndSlot(w.ctx, "send week", start, start, ""), digest.ErrNotFound)
	},
	"a slot is its node's as long as it is kept, and anybody's when it is let go": func(w *world) {
		begin := func(node string, after time.Duration) bool {
			w.Helper()
			return value[bool](w)(w.BeginSlot(w.ctx, "draft week", start, node, start.Add(after), time.Minute))
		}
		keep := func(node string, until time.Time) bool {
			w.Helper()
			return value[bool](w)(w.KeepSlot(w.ctx, "draft week", start, node, until))
		}
		open := func() bool { w.Helper(); return value[bool](w)(w.SlotOpen(w.ctx, "draft week", start)) }
		w.same([]bool{open(), keep("a", start.Add(time.Hour))}, []bool{false, false}) // never begun
		w.same(begin("a", 0), true)
		w.same([]bool{open(), keep("b", start.Add(time.Hour))}, []bool{true, false})
		w.same(keep("a", start.Add(time.Hour)), true)
		w.same(begin("b", 30*time.Minute), false)
		w.same(keep("a", time.Time{}), true)
		w.same(open(), true)
		w.same(begin("b", 30*time.Minute), true)
		w.same(keep("a", start.Add(2*time.Hour)), false)
		w.same(begin("a", 31*time.Minute), false)
		w.must(w.EndSlot(w.ctx, "draft week", start, start, ""))
		w.same([]bool{open(), keep("b", time.Time{}), begin("c", 100*time.Hour)}, []bool{false, false, false})
	},
	"of eight nodes one runs the slot": func(w *world) {
		won := make([]bool, 8)
		errs := together(8, func(i int) (err error) {
			won[i], err = w.BeginSlot(w.ctx, "job", start, fmt.Sprint(i), start, time.Hour)
			return err
		})
		n := 0
		for _, yes := range won {
			if yes {
				n++
			}
		}
		if n != 1 || count(errs, nil) != 8 {
			w.Fatalf("%d won: %v", n, errs)
		}
	},
	"a query that waits ends with its context": func(w *world) {
		ctx, stop := contextEnded(w)
		defer stop()
		if _, err := w.Newsletters(ctx); err == nil {
			w.Fatal("it did not end")
		}
		w.must(w.Ping(w.ctx))
	},
}
