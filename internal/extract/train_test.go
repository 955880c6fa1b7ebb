package extract

import (
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var train = flag.Bool("train", false, "learn the judge of lines anew from ../shared/eval and write data/judge.json")

// labelled is a page whose article somebody marked.
type labelled struct {
	set, id, fold string
	lines         []line
	page          page
	about         about
	gold          string   // the whole text, or
	with, without []string // parts of it, and of the rest
}

// labelledPages reads the pages of the evaluation sets as the judge will see them.
func labelledPages(t *testing.T) []labelled {
	var out []labelled
	for _, set := range []string{"extract/trafilatura", "extract/readability", "week/orangesum"} {
		dir := filepath.Dir(shared(t, "eval/corpus/"+set+"/input.jsonl"))
		type row struct {
			ID, URL, Path, Text string
			With, Without       []string
		}
		golds := map[string]row{}
		each := func(file string, f func(row)) {
			for _, l := range strings.Split(string(readFile(t, filepath.Join(dir, file))), "\n") {
				var r row
				if json.Unmarshal([]byte(l), &r) == nil {
					f(r)
				}
			}
		}
		each("gold.jsonl", func(r row) { golds[r.ID] = r })
		each("input.jsonl", func(r row) {
			g := golds[r.ID]
			doc, err := html.Parse(strings.NewReader(decode(readFile(t, filepath.Join(dir, r.Path)), "")))
			if err != nil {
				t.Fatal(err)
			}
			u, _ := parseURL(r.URL)
			l := labelled{set: set, id: r.ID, fold: r.ID, gold: g.Text, with: g.With, without: g.Without, lines: list(doc)}
			if u != nil && u.Hostname() != "fakehost" && set != "week/orangesum" {
				l.fold = siteOf(u)
			}
			m, _ := readMeta(doc)
			m.settle(r.URL, Hint{})
			prune(doc)
			b := ask(doc, u)
			b.vote(l.lines)
			host := ""
			if u != nil {
				host = u.Hostname()
			}
			called := title(m, b.title, u, headings(l.lines), Hint{}).title
			l.about = about{title: called, authors: authors(m, b.author, host, nearHeadline(l.lines, called), Hint{}).who, questions: asked(m)}
			l.page = survey(l.lines, l.about.title, m.description)
			out = append(out, l)
		})
	}
	return out
}

// siteOf is the last two labels of a host: pages of one site are of one fold.
func siteOf(u *url.URL) string {
	host := u.Hostname()
	if _, inner, ok := strings.Cut(u.Path, "://"); ok {
		host, _, _ = strings.Cut(inner, "/")
	}
	parts := strings.Split(host, ".")
	return strings.Join(parts[max(0, len(parts)-2):], ".")
}

func foldOf(s string) int {
	h := fnv.New32a()
	h.Write([]byte(s))
	return int(h.Sum32() % 5)
}

// truth gives the label of a line of a page, and whether there is one.
func (l labelled) truth(i int, gold corpus) (bool, bool) {
	t := l.lines[i].text
	if l.gold != "" {
		share := gold.share(l.lines[i].wordings)
		if len(l.lines[i].wordings) == 1 {
			share = number(strings.Contains(squeeze(l.gold), t))
		}
		return share >= 0.5, share >= 0.8 || share <= 0.2
	}
	with, without := false, false
	for _, s := range l.with {
		with = with || strings.Contains(t, squeeze(s)) || len(t) > 20 && strings.Contains(squeeze(s), t)
	}
	for _, s := range l.without {
		without = without || strings.Contains(t, squeeze(s)) || len(t) > 20 && strings.Contains(squeeze(s), t)
	}
	return with, with != without
}

// best is how the judge grew best on pages it had not seen.
var best = growth{trees: 60, depth: 3, rate: 0.1, regular: 4, least: 6}

// setWeights: readability's pages are marked by readability itself and the
// week's come from one site, so they count for less.
var setWeights = map[string]float64{"extract/trafilatura": 1, "extract/readability": 0.4, "week/orangesum": 0.15}

// samples are the lines to learn from. All lines of a page together weigh as
// its set wants.
func samples(pages []labelled, use func(labelled) bool) (out []sample) {
	for _, l := range pages {
		if !use(l) {
			continue
		}
		gold := corpus{}
		for _, p := range strings.Split(l.gold, "\n") {
			gold.add(p)
		}
		var of []sample
		sum := 0.0
		for i, ln := range l.lines {
			if !learnt(ln) {
				continue
			}
			y, ok := l.truth(i, gold)
			if !ok {
				continue
			}
			w := 1.0
			if l.gold != "" {
				w = math.Min(10, math.Sqrt(float64(ln.size)))
			}
			sum += w
			of = append(of, sample{x: l.page.features(i), y: number(y), w: w})
		}
		for _, s := range of {
			if l.gold != "" {
				s.w *= setWeights[l.set] * math.Min(4, math.Sqrt(float64(len(of)))) / sum
			} else {
				s.w *= setWeights[l.set]
			}
			out = append(out, s)
		}
	}
	return out
}

// learnt lines are those to learn from.
func learnt(l line) bool { return l.candidate() || l.size >= 20 }

// contested lines are those the judge decides.
func contested(l line) bool { return l.candidate() && !l.agreed() }

func TestTheJudgeOfLinesIsLearntAnew(t *testing.T) {
	if !*train {
		t.Skip("learns only with -train")
	}
	pages := labelledPages(t)
	report := func(name string, keep func(l labelled, i int) bool) {
		tally := map[string]*scores{}
		for _, l := range pages {
			s := tally[l.set]
			if s == nil {
				s = &scores{}
				tally[l.set] = s
			}
			s.add(l, keep)
		}
		fmt.Printf("%-22s", name)
		for _, set := range []string{"extract/trafilatura", "extract/readability", "week/orangesum"} {
			fmt.Printf("  %s", tally[set])
		}
		fmt.Println()
	}
	report("trafilatura", func(l labelled, i int) bool { return l.lines[i].kept(byTrafilatura) })
	report("readability", func(l labelled, i int) bool { return l.lines[i].kept(byReadability) })
	report("either", func(l labelled, i int) bool { return l.lines[i].candidate() })
	report("both", func(l labelled, i int) bool { return l.lines[i].agreed() })
	report("oracle of contested", func(l labelled, i int) bool {
		if !contested(l.lines[i]) {
			return l.lines[i].agreed()
		}
		gold := corpus{}
		for _, p := range strings.Split(l.gold, "\n") {
			gold.add(p)
		}
		y, ok := l.truth(i, gold)
		return y || !ok && l.lines[i].kept(byTrafilatura)
	})
	fmt.Println(len(samples(pages, func(l labelled) bool { return l.gold == "" })), len(samples(pages, func(l labelled) bool { return l.gold != "" })))
	for _, o := range []growth{best} {
		var judges [5]forest
		for f := range judges {
			judges[f] = grow(samples(pages, func(l labelled) bool { return foldOf(l.fold) != f }), o)
		}
		probs := map[string][]float64{}
		for _, l := range pages {
			for i := range l.lines {
				probs[l.set+l.id] = append(probs[l.set+l.id], judges[foldOf(l.fold)].likely(l.page.features(i)))
			}
		}
		fmt.Println(o)
		report("cross-validated", func(l labelled, i int) bool {
			return probs[l.set+l.id][i] > l.page.needs().of(l.lines[i])
		})
	}
	for _, left := range []string{"extract/trafilatura", "extract/readability", "week/orangesum"} {
		others := grow(samples(pages, func(l labelled) bool { return l.set != left }), best)
		report("  without "+left, func(l labelled, i int) bool {
			return l.set == left && others.likely(l.page.features(i)) > l.page.needs().of(l.lines[i])
		})
	}
	all := grow(samples(pages, func(labelled) bool { return true }), best)
	used := map[string]int{}
	for _, tr := range all {
		for _, n := range tr {
			if n.Feature >= 0 {
				used[featureNames[n.Feature]]++
			}
		}
	}
	var order []string
	for k := range used {
		order = append(order, k)
	}
	sort.Slice(order, func(a, b int) bool { return used[order[a]] > used[order[b]] })
	for _, k := range order {
		fmt.Printf("%s %d, ", k, used[k])
	}
	fmt.Println()
	out, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("data", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("data/judge.json", out, 0o644); err != nil {
		t.Fatal(err)
	}
}

// scores measures texts as the evaluation kit does: segments for the set that
// has them, else the mean token F1 and the mean shingle P and R of pages.
type scores struct {
	tp, fp, fn int
	f, p, r    float64
	n          int
}

func (s *scores) add(l labelled, keep func(labelled, int) bool) {
	var kept []block
	for i := range l.lines {
		if keep(l, i) {
			kept = append(kept, l.lines[i].block)
		}
	}
	kept, _ = tidy(kept, l.about)
	s.text(l, join(kept))
}

func (s *scores) text(l labelled, text string) {
	s.n++
	if l.gold == "" {
		text = squeeze(text)
		for _, w := range l.with {
			if strings.Contains(text, squeeze(w)) {
				s.tp++
			} else {
				s.fn++
			}
		}
		for _, w := range l.without {
			if strings.Contains(text, squeeze(w)) {
				s.fp++
			}
		}
		return
	}
	a, b := map[uint64]int{}, map[uint64]int{}
	na, nb := 0, 0
	eachWord(text, func(h uint64) { a[h]++; na++ })
	eachWord(l.gold, func(h uint64) { b[h]++; nb++ })
	common := 0
	for h, n := range a {
		common += min(n, b[h])
	}
	if na > 0 && nb > 0 {
		s.p += float64(common) / float64(na)
		s.r += float64(common) / float64(nb)
		s.f += 2 * float64(common) / float64(na+nb)
	}
}

func (s *scores) String() string {
	if s.tp > 0 {
		return fmt.Sprintf("F1 %.4f P %.3f R %.3f", 2*float64(s.tp)/float64(2*s.tp+s.fp+s.fn), float64(s.tp)/float64(s.tp+s.fp), float64(s.tp)/float64(s.tp+s.fn))
	}
	n := float64(s.n)
	return fmt.Sprintf("F1 %.4f P %.3f R %.3f", s.f/n, s.p/n, s.r/n)
}
