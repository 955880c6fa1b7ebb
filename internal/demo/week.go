package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"hebdo/internal/locale"
)

//go:embed week
var weekFiles embed.FS

// week is the news of the seven days before a moment, newest first.
type week struct {
	outlets []outlet
	entries []entry
}

// openWeek reads the articles and dates them: now is when the reader looks, in
// the zone of the newsroom. The oldest is six days old, so all lie within the
// week before now, at whatever hour that is.
func openWeek(now time.Time) (week, error) {
	w := week{outlets: outlets()}
	for _, o := range w.outlets {
		dir := path.Join("week", o.Key)
		files, err := fs.ReadDir(weekFiles, dir)
		if err != nil {
			return w, fmt.Errorf("articles of %s: %w", o.Name, err)
		}
		for _, f := range files {
			name := path.Join(dir, f.Name())
			body, err := fs.ReadFile(weekFiles, name)
			if err != nil {
				return w, err
			}
			e, err := parseEntry(o, strings.TrimSuffix(f.Name(), ".md"), string(body))
			if err != nil {
				return w, fmt.Errorf("%s: %w", name, err)
			}
			w.entries = append(w.entries, e.dated(now))
		}
	}
	slices.SortStableFunc(w.entries, func(a, b entry) int { return b.Published.Compare(a.Published) })
	return w, w.copyOriginals()
}

// dated sets the time of publication and writes the day's name where the text
// has the mark {jour} or {day}.
func (e entry) dated(now time.Time) entry {
	y, m, d := now.Date()
	hour, minute := int(e.clock.Hours()), int(e.clock.Minutes())%60
	e.Published = time.Date(y, m, d-e.day, hour, minute, 0, 0, now.Location())
	day, _, _ := strings.Cut(locale.For(e.Outlet.Language).Date(e.Published), " ")
	names := strings.NewReplacer("{jour}", day, "{day}", day)
	for i := range e.Blocks {
		e.Blocks[i].Text = names.Replace(e.Blocks[i].Text)
	}
	return e
}

// copyOriginals gives syndicated articles their text.
func (w week) copyOriginals() error {
	for i, e := range w.entries {
		if e.Special != copied {
			continue
		}
		j := slices.IndexFunc(w.entries, func(o entry) bool { return o.Outlet.Key+"/"+o.Slug == e.original })
		if j < 0 {
			return fmt.Errorf("week/%s/%s.md copies %s, which is not there", e.Outlet.Key, e.Slug, e.original)
		}
		w.entries[i].Blocks = w.entries[j].Blocks
	}
	return nil
}

// of lists an outlet's articles, newest first.
func (w week) of(key string) []entry {
	var es []entry
	for _, e := range w.entries {
		if e.Outlet.Key == key {
			es = append(es, e)
		}
	}
	return es
}

// events maps each labelled event to the URLs of the articles about it, copies
// among them, walls and missing pages not.
func (w week) events() map[string][]string {
	all := make(map[string][]string)
	for _, e := range w.entries {
		if e.Event != "" && e.Special != wall && e.Special != gone {
			all[e.Event] = append(all[e.Event], e.URL())
		}
	}
	return all
}
