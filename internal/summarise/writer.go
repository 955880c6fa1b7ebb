package summarise

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hebdo/internal/digest"
	"hebdo/internal/text"
)

// Options of a Writer. The zero value is what a newsletter uses.
type Options struct {
	Sentences int // of a story, at most; 0 means 3
	Sources   int // that a story's sentences come from, at most; 0 means 2
}

// Writer gives stories their words. It is not for several goroutines at once.
type Writer struct {
	opt    Options
	reader text.Reader
}

// New makes a Writer that extracts.
func New(opt Options) *Writer {
	if opt.Sentences <= 0 {
		opt.Sentences = 3
	}
	if opt.Sources <= 0 {
		opt.Sources = 2
	}
	return &Writer{opt: opt}
}

// Write fills the Wordings of the stories for every reader language and
// returns them in the same order; the zero fields of the budget are those of
// digest.DefaultBudget. Sentences are in the reader's language where an article
// of the story is, else in that of its leading article; no more than
// QuoteWords come from one source and WordsPerStory from all. Pages behind a
// wall, error pages and questions-and-answers never feed a summary. Where a source says why the news matters,
// Matters holds its sentence, beyond WordsPerStory. Stories
// that are left out get no words. A story without a fit sentence keeps its
// headline and leaves a note. The error is that of ctx.
func (w *Writer) Write(ctx context.Context, stories []digest.Story, langs []digest.Language, budget digest.Budget) ([]digest.Story, []digest.Note, error) {
	budget = budget.Or(digest.DefaultBudget)
	out := append([]digest.Story(nil), stories...)
	var notes []digest.Note
	for i := range out {
		if err := ctx.Err(); err != nil {
			return nil, nil, fmt.Errorf("summarising story %d of %d: %w", i+1, len(out), err)
		}
		if out[i].LeftOut != "" || len(out[i].Articles) == 0 {
			continue
		}
		read := w.readings(out[i])
		out[i].Wordings = map[digest.Language]digest.Wording{}
		told := false
		words := map[digest.Language]digest.Wording{} // by the language of their sentences
		for _, lang := range langs {
			spoken := lang
			if !slices.ContainsFunc(read, func(d reading) bool { return d.lang == lang }) && len(read) > 0 {
				spoken = read[0].lang
			}
			wording, done := words[spoken]
			if !done {
				wording = w.wording(speaking(read, spoken), budget)
				words[spoken] = wording
			}
			wording.Sentences = slices.Clone(wording.Sentences)
			wording.Headline, wording.HeadlineLanguage = headline(out[i], lang, wording.Sentences)
			told = told || len(wording.Sentences) > 0
			out[i].Wordings[lang] = wording
		}
		if lead := out[i].Articles[0]; !told {
			notes = append(notes, digest.Note{Level: digest.Warning, Stage: "summarise", Code: "summary.empty", Where: lead.URL, Detail: lead.Title})
		}
	}
	return out, notes, nil
}

// readings takes the articles of a story apart that can feed a summary.
func (w *Writer) readings(s digest.Story) []reading {
	const most = 8 // of a story that everybody tells, the leading ones do
	var out []reading
	for _, a := range s.Articles {
		if a.Readable() && len(out) < most {
			out = append(out, read(&w.reader, a).untold(&w.reader, s.Told))
		}
	}
	return out
}

// wording tells one story in the words of the given readings; the headline
// comes after.
func (w *Writer) wording(use []reading, budget digest.Budget) digest.Wording {
	var out digest.Wording
	words, sentences := budget.WordsPerStory, w.opt.Sentences
	told := map[string]bool{}
	quoted := map[string]int{} // words, by source
	for _, d := range use {
		source := sourceOf(d.article)
		if sentences == 0 || len(quoted) == w.opt.Sources || quoted[source] > 0 {
			continue
		}
		limit, most := words, sentences
		if budget.QuoteWords > 0 {
			limit = min(limit, budget.QuoteWords)
		}
		if len(out.Sentences) > 0 {
			most = 1 // the others only add
		}
		chosen := d.choose(limits{sentences: most, words: limit, said: told})
		if len(chosen) == 0 {
			continue
		}
		out.Sentences = append(out.Sentences, d.sentences(chosen)...)
		for _, c := range chosen {
			words -= c.words
			quoted[source] += c.words
			sentences--
			for t := range c.terms {
				told[t] = true
			}
		}
	}
	if len(out.Sentences) > 0 {
		out.Matters = matters(use, out.Sentences, quoted, budget.QuoteWords)
	}
	return out
}

// speaking gives the readings in one language.
func speaking(read []reading, lang digest.Language) []reading {
	var out []reading
	for _, d := range read {
		if d.lang == lang {
			out = append(out, d)
		}
	}
	return out
}

func sourceOf(a digest.Article) string {
	for _, s := range []string{a.SourceID, a.SourceName, a.ID} {
		if s != "" {
			return s
		}
	}
	return a.URL
}

// headlineLength is how long a headline made of a sentence may be, in characters.
const headlineLength = 90

// headline takes the title of the first article in lang that can be read and has
// one, else of any. Titles that give orders to a machine are passed over. An
// untitled story is called by the beginning of its first sentence.
func headline(s digest.Story, lang digest.Language, sentences []digest.Sentence) (string, digest.Language) {
	for pass := 0; pass < 3; pass++ {
		for _, a := range s.Articles {
			title := strings.Join(strings.Fields(a.Title), " ")
			if title == "" || instructs(title) || pass < 2 && !a.Readable() || pass < 1 && languageOf(a) != lang {
				continue
			}
			return title, languageOf(a)
		}
	}
	if len(sentences) > 0 {
		return shorten(strings.Join(strings.Fields(sentences[0].Text), " "), headlineLength), sentences[0].Language
	}
	return s.Articles[0].URL, ""
}

func languageOf(a digest.Article) digest.Language {
	if a.Language != "" {
		return a.Language
	}
	return text.Language(a.Title + "\n" + a.Text)
}

// shorten cuts at a word and says so.
func shorten(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	short := string(r[:most-1])
	if i := strings.LastIndexByte(short, ' '); i > most/3 {
		short = short[:i]
	}
	return strings.TrimRight(short, " ,;:.–—-") + "…"
}
