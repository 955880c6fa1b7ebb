package text_test

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hebdo/internal/text"
)

var train = flag.Bool("train", false, "learn the weights of text.Language anew")

// manuals are the names under which translations of a language lie.
var manuals = map[string][]string{
	"en": {"."}, "fr": {"fr"}, "de": {"de"}, "es": {"es"}, "it": {"it"}, "pt": {"pt", "pt_BR"}, "nl": {"nl"},
	"sv": {"sv"}, "da": {"da"}, "nb": {"nb"}, "fi": {"fi"}, "pl": {"pl"}, "cs": {"cs"}, "ro": {"ro"}, "hu": {"hu"}, "tr": {"tr"}, "ca": {"ca"},
}

// What the weights are made of.
const (
	smoothing = .3 // added to each count, in occurrences per million
	features  = 42000
	step      = .5 // of a stored difference, in nats
	deepest   = 15 // steps
)

// TestTrainLanguage makes data/language.gz: naive Bayes over the pieces of
// words (text.Pieces), for the languages of text.Latin. With -train it reads
// what is on a Debian machine: the translations of programs
// (/usr/share/locale) and of manual pages (/usr/share/man), the French
// training articles beside the project where they are, and
// testdata/vocabulary.txt. None of that text is kept.
func TestTrainLanguage(t *testing.T) {
	if !*train {
		t.Skip("only with -train")
	}
	counts := map[string]map[string]float64{}
	for _, lang := range text.Latin {
		counts[lang] = map[string]float64{}
		for _, source := range []struct {
			weight float64
			texts  []string
		}{
			{1, translations(t, manuals[lang])}, {1, pages(t, manuals[lang])},
			{.5, articles(t, lang)}, {1.5, vocabulary(t, lang)},
		} {
			own, total := map[string]float64{}, 0.
			for _, s := range source.texts {
				if total > 6e6 {
					break
				}
				for p := range text.Pieces(s) {
					own[p]++
					total++
				}
			}
			t.Logf("%s: %.0f pieces, %d kinds", lang, total, len(own))
			if total < 1e3 {
				continue
			}
			for p, n := range own {
				counts[lang][p] += n / total * 1e6 * source.weight
			}
		}
		scale := 0.
		for _, n := range counts[lang] {
			scale += n
		}
		for p := range counts[lang] {
			counts[lang][p] *= 1e6 / scale
		}
	}
	weights := learn(counts)
	if err := os.WriteFile("data/language.gz", pack(t, weights), 0o644); err != nil {
		t.Fatal(err)
	}
}

// learn chooses the pieces that tell most, and gives how much less likely each
// is in a language than in the likeliest, in steps.
func learn(counts map[string]map[string]float64) map[string][]byte {
	pieces := map[string]bool{}
	for _, c := range counts {
		for p, n := range c {
			if n >= .5 {
				pieces[p] = true
			}
		}
	}
	type scored struct {
		piece string
		value float64
		low   []byte
	}
	all := make([]scored, 0, len(pieces))
	for p := range pieces {
		logs := make([]float64, len(text.Latin))
		mean, top, common := 0., math.Inf(-1), 0.
		for i, lang := range text.Latin {
			n := counts[lang][p]
			logs[i] = math.Log(n + smoothing)
			top = max(top, logs[i])
			if i < 7 {
				mean += logs[i] / 7
				common += n
			}
		}
		low, spread := make([]byte, len(logs)), 0.
		for i, l := range logs {
			low[i] = byte(min(deepest, math.Round((top-l)/step)))
			if i < 7 {
				spread += math.Abs(l - mean)
			}
		}
		all = append(all, scored{p, common * spread, low})
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.value, a.value), strings.Compare(a.piece, b.piece))
	})
	out := map[string][]byte{}
	for _, s := range all[:min(features, len(all))] {
		out[s.piece] = s.low
	}
	return out
}

// pack writes the pieces in order, each as what it shares with the one before,
// what it has of its own, and its steps, two to a byte.
func pack(t *testing.T, weights map[string][]byte) []byte {
	t.Helper()
	var keys, steps []byte
	before := ""
	names := slices.Sorted(maps.Keys(weights))
	for _, p := range names {
		shared := 0
		for shared < min(len(p), len(before)) && p[shared] == before[shared] {
			shared++
		}
		keys = append(append(keys, byte(shared<<4|len(p)-shared)), p[shared:]...)
		for i := 0; i < len(text.Latin); i += 2 {
			b := weights[p][i] << 4
			if i+1 < len(text.Latin) {
				b |= weights[p][i+1]
			}
			steps = append(steps, b)
		}
		before = p
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range [][]byte{binary.LittleEndian.AppendUint32(nil, uint32(len(names))), keys, steps} {
		if _, err := z.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pieces, %d bytes", len(names), out.Len())
	return out.Bytes()
}

var (
	placeholder = regexp.MustCompile(`%[-+ #0-9.*$]*[a-zA-Z]+|&[a-z]+;|</?[a-z][^>]*>|--?[\w-]+|\S*[/\\@=_\d]\S*|\$\S+|['"«»“”„]`)
	macro       = regexp.MustCompile(`(?m)^[.'].*$|\\f[A-Z(]+|\\\(..|\\[-&e]`)
)

// translations reads the .mo files (GNU gettext manual, 10.3) of a language;
// English is what they were translated from.
func translations(t *testing.T, folders []string) []string {
	t.Helper()
	seen, own := map[string]bool{}, folders[0] != "."
	if !own {
		folders = []string{"fr", "de"}
	}
	for _, folder := range folders {
		files, _ := filepath.Glob(filepath.Join("/usr/share/locale", folder, "LC_MESSAGES", "*.mo"))
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil || len(b) < 20 || strings.HasPrefix(filepath.Base(name), "iso_") || binary.LittleEndian.Uint32(b) != 0x950412de {
				continue
			}
			at := func(i uint32) uint32 { return binary.LittleEndian.Uint32(b[i:]) }
			for i := range at(8) {
				table := at(12) + 8*i
				if own {
					table = at(16) + 8*i
				}
				s := string(b[at(table+4) : at(table+4)+at(table)])
				original := string(b[at(at(12)+8*i+4) : at(at(12)+8*i+4)+at(at(12)+8*i)])
				if s == original && own || len(original) < 12 || !strings.Contains(original, " ") {
					continue
				}
				seen[placeholder.ReplaceAllString(strings.ReplaceAll(s, "\x00", "\n"), " ")] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// pages reads manual pages.
func pages(t *testing.T, folders []string) []string {
	t.Helper()
	var out []string
	for _, folder := range folders {
		files, _ := filepath.Glob(filepath.Join("/usr/share/man", folder, "man[1578]", "*.gz"))
		for _, name := range files {
			f, err := os.Open(name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if z, err := gzip.NewReader(f); err == nil {
				if b, err := io.ReadAll(z); err == nil {
					out = append(out, placeholder.ReplaceAllString(macro.ReplaceAllString(string(b), " "), " "))
				}
			}
			f.Close()
		}
	}
	return out
}

// articles reads the French training articles beside the project, if they are there.
func articles(t *testing.T, lang string) []string {
	t.Helper()
	f, err := os.Open("../../../shared/eval/train/orangesum.jsonl.gz")
	if err != nil || lang != "fr" {
		return nil
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	in := bufio.NewScanner(z)
	in.Buffer(nil, 1<<24)
	for in.Scan() && len(out) < 1500 {
		var row struct{ Title, Text string }
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		out = append(out, row.Title+"\n"+row.Text)
	}
	return out
}

func vocabulary(t *testing.T, lang string) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/vocabulary.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(b), "\n") {
		if words, ok := strings.CutPrefix(line, lang+" "); ok {
			return []string{words}
		}
	}
	return nil
}
