package story

import (
	"slices"

	"hebdo/internal/digest"
)

// Labelled is an example that says which issue it comes from.
type Labelled struct {
	Example
	Group string
}

// Judgement is how well themes are found, by descriptions alone and with what
// was learned from the other groups.
type Judgement struct {
	Texts, Groups  int
	Alone, Learned Marks
	Worst, Best    float64 // accuracy with learning, of the worst and the best group
	Themes         []ThemeMarks
	Confusion      map[string]map[string]int // right theme → theme given with learning → texts
}

// Marks are accuracy and the mean F1 over the themes that occur.
type Marks struct{ Accuracy, MacroF1 float64 }

// ThemeMarks are those of one theme, with learning; Alone is its F1 without.
type ThemeMarks struct {
	Theme                        string
	Texts                        int
	Precision, Recall, F1, Alone float64
}

// CrossValidate judges each group by what the others teach, never by its own:
// texts of one issue may be twins in two languages. The taught examples, if
// any, are learned from every time, but those of the group that is judged.
func CrossValidate(themes []digest.Theme, labelled, taught []Labelled) Judgement {
	byGroup := map[string][]Labelled{}
	for _, l := range labelled {
		byGroup[l.Group] = append(byGroup[l.Group], l)
	}
	j := Judgement{Texts: len(labelled), Groups: len(byGroup), Worst: 1}
	var right, alone, learned []string
	untaught := NewThemer(themes, nil)
	for _, group := range sortedKeys(byGroup) {
		test := byGroup[group]
		var learn []Example
		for _, l := range slices.Concat(taught, labelled) {
			if l.Group != group {
				learn = append(learn, l.Example)
			}
		}
		texts, hits := make([]Text, len(test)), 0.0
		for i, l := range test {
			texts[i] = Text{l.Title, l.Text, l.Language}
			right = append(right, l.Theme)
		}
		for _, f := range untaught.Sort(texts) {
			alone = append(alone, f.Theme)
		}
		for i, f := range NewThemer(themes, learn).Sort(texts) {
			learned = append(learned, f.Theme)
			if f.Theme == test[i].Theme {
				hits++
			}
		}
		j.Worst, j.Best = min(j.Worst, hits/float64(len(test))), max(j.Best, hits/float64(len(test)))
	}
	j.count(right, alone, learned)
	return j
}

// count compares what was given with what is right.
func (j *Judgement) count(right, alone, learned []string) {
	j.Confusion = map[string]map[string]int{}
	n := map[string]int{}
	for i, theme := range right {
		n[theme]++
		if j.Confusion[theme] == nil {
			j.Confusion[theme] = map[string]int{}
		}
		j.Confusion[theme][learned[i]]++
	}
	for _, theme := range sortedKeys(n) {
		m := ThemeMarks{Theme: theme, Texts: n[theme]}
		_, _, m.Alone = agree(right, alone, theme)
		m.Precision, m.Recall, m.F1 = agree(right, learned, theme)
		j.Alone.MacroF1 += m.Alone / float64(len(n))
		j.Learned.MacroF1 += m.F1 / float64(len(n))
		j.Themes = append(j.Themes, m)
	}
	for i, theme := range right {
		if alone[i] == theme {
			j.Alone.Accuracy += 1 / float64(len(right))
		}
		if learned[i] == theme {
			j.Learned.Accuracy += 1 / float64(len(right))
		}
	}
}

// agree gives precision, recall and F1 of one theme; 0 where there is nothing to divide by.
func agree(right, given []string, theme string) (precision, recall, f1 float64) {
	var hit, wanted, got float64
	for i := range right {
		if right[i] == theme {
			wanted++
		}
		if given[i] == theme {
			got++
			if right[i] == theme {
				hit++
			}
		}
	}
	if hit == 0 {
		return 0, 0, 0
	}
	precision, recall = hit/got, hit/wanted
	return precision, recall, 2 * precision * recall / (precision + recall)
}
